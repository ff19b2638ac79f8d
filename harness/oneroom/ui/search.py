"""A search that the page starts or follows: `oneroom run` or `oneroom fuzz`, as a process.

Rules: it is the same command that a terminal would run, and it is followed by the file that every
run keeps in its folder, so that one of a terminal can be followed as well. One that was started
here ends with the server, by SIGKILL too.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from oneroom.javascript import process_group_reaper
from oneroom.report.progress_file import RunProgress, running
from oneroom.ui.event_stream import EventStream
from oneroom.ui.runs import stored_failures
from oneroom.ui.server import Refused
from oneroom.watchdog import Watchdog

_POLL_S = 0.25
_ALIVE_EVERY_S = 2.0
_END_S = 10.0
_MOST_TOLD = 2_000


class Wanted(msgspec.Struct, frozen=True):
    """The search that the page asks for: scenarios by path (all if none), policies by name (those
    of the scenarios if none), and how much of it.
    """

    command: Literal["run", "fuzz"]
    scenarios: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    seeds: int = 10
    seconds: int = 60


class Choices(msgspec.Struct, frozen=True):
    """The scenarios and policies there are, and the words of every command line."""

    # As they are shown, and as a command line names them.
    scenarios: Callable[[], Mapping[str, str]]
    policies: Sequence[str]
    paths: Sequence[str] = ()
    options: Sequence[str] = ()


class Searches:
    """Starts searches, one at a time, and follows whichever goes on."""

    def __init__(self, choices: Choices, reports: Path) -> None:
        self._choices = choices
        self._reports = reports
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._told: IO[bytes] | None = None
        self._watchdog: Watchdog | None = None

    def choices(self) -> dict[str, Any]:
        """The scenarios and policies of which one can choose."""
        return {"scenarios": list(self._choices.scenarios()), "policies": self._choices.policies}

    def start(self, wanted: Wanted) -> dict[str, Any]:
        """Start a search. Raises Refused."""
        arguments = self._arguments(wanted)
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                raise Refused("a search is running already; stop it first")
            if self._watchdog is None:
                self._watchdog = Watchdog(process_group_reaper.__file__)
            self._told = self._told or tempfile.TemporaryFile()  # noqa: SIM115 # it outlives this
            self._told.seek(0)
            self._told.truncate()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "oneroom", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._told,
                start_new_session=True,
            )
            self._watchdog.tell(f"+{self._process.pid}")
            return {"pid": self._process.pid}

    def stop(self) -> dict[str, Any]:
        """Tell the search that was started here to end; it reports what it has."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(signal.SIGINT)
        return {}

    def close(self) -> None:
        """End what was started here."""
        self.stop()
        with self._lock:
            if self._process is not None and self._watchdog is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(_END_S)
                self._watchdog.release()  # it kills what is left
                self._watchdog.process.wait()
                self._process.wait()
                self._watchdog = None
            if self._told is not None:
                self._told.close()
                self._told = None

    def follow(self, stream: EventStream) -> None:
        """Send what happens, until the browser has gone. Raises ConnectionError."""
        before: RunProgress | None = None
        kept: set[str] = set()
        went_on, alive_s = False, time.monotonic()
        stream.send("idle", {})
        while True:
            said = running(self._reports)
            goes_on = self._process is not None and self._process.poll() is None
            if said is not None and said != before:
                kept = kept if before is not None and before.pid == said.pid else set()
                stream.send("progress", self._shown(said))
            since = said or before
            if since is not None and (new := _new_failures(since.started_s, kept)):
                stream.send("failures", new)
            if said is None and not goes_on and (before is not None or went_on):
                stream.send("end", self._end())
            # Its file is gone a little before its process is.
            before, went_on = said or (before if goes_on else None), goes_on
            if time.monotonic() - alive_s >= _ALIVE_EVERY_S:
                alive_s = time.monotonic()
                stream.comment()
            time.sleep(_POLL_S)

    def _shown(self, said: RunProgress) -> dict[str, Any]:
        own = self._process is not None and self._process.pid == said.pid
        return {**msgspec.structs.asdict(said), "own": own}

    def _end(self) -> dict[str, Any]:
        """The end of a search; of one that was started here, with its code, and its last words if
        it could not begin.
        """
        process = self._process
        code = None if process is None else process.poll()
        told = ""
        if code in (2, 5, 6, 70) and self._told is not None:
            self._told.seek(0)
            told = self._told.read()[-_MOST_TOLD:].decode(errors="replace")
        return {"code": code, "told": told}

    def _arguments(self, wanted: Wanted) -> list[str]:
        """The command line. Raises Refused."""
        known = self._choices.scenarios()
        for path in wanted.scenarios:
            if path not in known:
                raise Refused(f"{path} is none of the scenarios")
        for policy in wanted.policies:
            if policy not in self._choices.policies:
                raise Refused(f"there is no policy {policy!r}")
        if not 1 <= wanted.seeds <= 100_000 or not 1 <= wanted.seconds <= 86_400:
            raise Refused("from 1 to 100,000 seeds, from 1 s to a day")
        much = (
            ["--seeds", str(wanted.seeds)]
            if wanted.command == "run"
            else ["--max-time", f"{wanted.seconds}s", "--continue-on-failure"]
        )
        policies = [word for policy in wanted.policies for word in ("--policy", policy)]
        options = [] if policies else list(self._choices.options)
        reports = ["--report-dir", str(self._reports), "--reporter", "json"]
        paths = [known[path] for path in wanted.scenarios] or self._choices.paths
        return [wanted.command, *much, *policies, *options, *reports, "--", *paths]


def _new_failures(since_s: float, kept: set[str]) -> list[dict[str, Any]]:
    """The failures stored since then, once each: `kept` are those that were told."""
    new = [one for one in stored_failures(since_s) if one["id"] not in kept]
    kept.update(one["id"] for one in new)
    return new
