"""The corpus of a search: tapes of runs that did something new, one file each.

`.oneroom/corpus/<hash>/<hash of the tape>.json` has the tape; the folder's hash stands for the
scenario and the policy, so that an edit begins a new corpus. Rules: a file is written whole or not
at all, and one that cannot be read is left where it is. Raises OSError for a disk that is full or
read-only.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from oneroom.choices.draw import Draw
from oneroom.explore.store import FOLDER, Unreadable, ignore, write_whole
from oneroom.scenario import Scenario

FORMAT = 1
# A corpus is replayed first: longer than this, and a short search would do nothing else.
MOST_TAPES = 200


class StoredTape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the corpus; `scenario` and `policy` are for whoever reads it."""

    format: int
    scenario: str
    policy: str
    tape: list[Draw]


class Corpus:
    """The tapes of one scenario under one policy."""

    def __init__(self, scenario: Scenario, policy: str, folder: Path = FOLDER) -> None:
        self._path, self._policy = scenario.path, policy
        bundle = scenario.bundle
        further = (scenario.forced_bus, scenario.forced_timings_us, scenario.without)
        facts = msgspec.json.encode((scenario.text, policy, bundle and bundle.sha256, further))
        self._root = folder
        self.folder = folder / "corpus" / blake2b(facts, digest_size=6).hexdigest()

    def load(self) -> tuple[list[list[Draw]], list[Unreadable]]:
        """The tapes, in the order of their names, and the files that cannot be read."""
        tapes: list[list[Draw]] = []
        unreadable: list[Unreadable] = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                stored = msgspec.json.decode(path.read_bytes(), type=StoredTape)
                if stored.format != FORMAT:
                    raise ValueError(f"its format is {stored.format}, and {FORMAT} is read")
                if any(not 0 <= draw.value < draw.bound for draw in stored.tape):
                    raise ValueError("a draw is not below its bound")
            except (ValueError, OSError) as error:
                why = f"no tape of a search, and so not replayed ({error}); it is left as it is"
                unreadable.append(Unreadable(path, why))
            else:
                tapes.append(stored.tape)
        return tapes, unreadable

    def keep(self, tape: Sequence[Draw]) -> None:
        """Write a tape, unless the corpus is large enough."""
        if sum(1 for _ in self.folder.glob("*.json")) >= MOST_TAPES:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore(self._root)
        stored = StoredTape(FORMAT, self._path, self._policy, list(tape))
        text = msgspec.json.encode(stored).decode()
        name = blake2b(text.encode(), digest_size=8).hexdigest()
        write_whole(self.folder / f"{name}.json", text)
