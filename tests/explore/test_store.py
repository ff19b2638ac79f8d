"""The store of failures: whole files, readable, of a version; and what a replay makes of them."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import msgspec
import pytest

from oneroom.choices.labels import Label
from oneroom.explore.judged_run import run_judged
from oneroom.explore.replay import Outcome, replay
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.store import Store, Unreadable, read
from oneroom.explore.stored_failure import (
    StoredFailure,
    draws,
    entry_words,
    stored_failure,
    text_of,
)
from tests.explore.texts import HELD, TWO_ROOMS, expecting, scenario


def stored(store: Store, path: str = "test.yaml") -> StoredFailure:
    one = scenario(TWO_ROOMS, path)
    made = run_judged(one, "naive", 4)
    _, cases = ResultCollector(one, "naive").add(made.result)
    versions = {"oneroom": "0.1.0", "simpy": "4.1.2"}
    return read(store.keep(stored_failure(cases[0], made, versions)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / ".oneroom")


def test_a_failure_comes_back_as_it_was_stored(store: Store) -> None:
    kept = stored(store)
    assert store.ids() == (kept.id,)
    assert store.load(kept.id) == kept
    assert text_of(kept) == TWO_ROOMS
    assert draws(kept) == run_judged(scenario(TWO_ROOMS), "naive", 4).run.tape
    assert (kept.format, kept.policy, kept.seed, kept.simpy) == (1, "naive", 4, "4.1.2")


def test_a_file_is_json_with_a_draw_a_line_and_the_names_of_labels(store: Store) -> None:
    kept = stored(store)
    path = store.folder / f"{kept.id}.json"
    lines = path.read_text(encoding="utf-8").split("\n")
    assert json.loads(path.read_text(encoding="utf-8"))["check"] == kept.check
    assert any(line.strip().startswith('["OPEN_TIME",800001,') for line in lines)
    assert '    "scenario: two windows join",' in lines


def test_git_is_told_to_look_away(store: Store) -> None:
    stored(store)
    assert (store.root / ".gitignore").read_text(encoding="utf-8").endswith("*\n")


def test_a_full_disk_leaves_no_half_a_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = stored(store)
    before = sorted(store.folder.iterdir())

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        stored(store)
    assert sorted(store.folder.iterdir()) == before
    assert store.load(kept.id) == kept


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not a stored failure"),
        (b"\xff\xfe\x00", "is not a stored failure"),
        (b'{"format": 1}', "is not a stored failure"),
        (b'{"format": 9, "whatever": 1}', "is of format 9, this version reads 1"),
        (b"[1, 2]", "is not a stored failure"),
    ],
)
def test_what_is_no_stored_failure_is_refused_in_words(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=why):
        read(path)


def test_a_label_that_is_gone_makes_the_tape_stale_not_unreadable(store: Store) -> None:
    kept = stored(store)
    renamed = msgspec.structs.replace(kept, tape=(("NO_SUCH_LABEL", 5, 1), *kept.tape[1:]))
    assert draws(renamed)[0].label == 0
    assert 0 not in set(Label)
    assert replay(renamed).stale_at == 0


def test_a_replay_is_the_same_run(store: Store) -> None:
    again = replay(stored(store))
    assert again.outcome is Outcome.FAILED
    assert again.same_digest
    assert again.stale_at == -1
    assert again.finding is not None
    assert again.finding.check == "single_room"


def test_fixed_is_said_of_a_schedule_that_still_applies(store: Store) -> None:
    kept = stored(store)
    # A check that this run does not break stands for one that was repaired without touching a draw.
    fixed = replay(msgspec.structs.replace(kept, check="mute_is_sticky"))
    assert (fixed.outcome, fixed.fresh) == (Outcome.FIXED, 0)
    other = replay(msgspec.structs.replace(kept, check="mute_is_sticky", tape=kept.tape[:-1]))
    assert (other.outcome, other.fresh, other.fresh_broken) == (Outcome.FIXED, 20, 0), (
        "a run that asks for more has had all that was recorded"
    )
    longer = replay(
        msgspec.structs.replace(kept, check="mute_is_sticky", tape=(*kept.tape, ("FATE", 2, 1)))
    )
    assert (longer.outcome, longer.unused) == (Outcome.STALE, len(kept.tape))
    fates = sum(entry[0] == "FATE" for entry in kept.tape)
    assert entry_words(longer.stored, longer.unused) == (
        f"entry {len(kept.tape) + 1} (FATE #{fates + 1})"
    )
    ordinary = msgspec.structs.replace(longer.stored, tape=(*kept.tape, ("FATE", 2, 0)))
    assert replay(ordinary).outcome is Outcome.FIXED, "an ordinary value decides nothing"


def test_a_policy_that_was_repaired_passes_though_it_draws_other_things(store: Store) -> None:
    kept = stored(store)
    small = tuple(
        (label, bound, value if label == "OPEN_TIME" else 0) for label, bound, value in kept.tape
    )
    repaired = msgspec.structs.replace(kept, policy="web-lock-lease", tape=small)
    again = replay(repaired)
    assert again.stale_at >= 0
    assert (again.outcome, again.unused) == (Outcome.FIXED, -1)


def test_a_stale_tape_does_not_hide_what_fresh_seeds_still_break(store: Store) -> None:
    # Ordinary draws, as a stale tape gives them, are the shortest delays: only seeds take longer
    # than this to join.
    text = expecting(HELD, 'no_room_ms: "<= 170"')
    kept = msgspec.structs.replace(
        stored(store),
        check="no_room_ms",
        policy="web-lock-lease",
        text=tuple(text.split("\n")),
        tape=(),
    )
    again = replay(kept)
    assert again.outcome is Outcome.FAILED
    assert again.stale_at == 0
    assert again.fresh == again.fresh_broken == 20
    assert again.finding is not None
    assert again.finding.check == "no_room_ms"


def test_the_stored_text_is_replayed_not_the_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(TWO_ROOMS, encoding="utf-8")
    kept = stored(store, str(path))
    assert not replay(kept).file_changed
    path.write_text("nonsense", encoding="utf-8")
    again = replay(kept)
    assert again.file_changed
    assert again.same_digest
    path.unlink()
    assert replay(kept).file_changed
