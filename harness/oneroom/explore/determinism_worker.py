"""Worker process of the determinism check, started by `determinism_client` alone.

`python -m oneroom.explore.determinism_worker` reads a request, one line, from standard input,
makes the runs it names, and writes one line for each with the digest; asked for a dump it writes
the names and records of a single run instead. It shares nothing but the request with the process
that asks, and ends when standard input does.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import BinaryIO

import msgspec

from oneroom.explore import orphaned
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.scenario_text import ScenarioText
from oneroom.trace.trace import Trace, all_records


class RunToRepeat(msgspec.Struct, frozen=True):
    """One run: index of the scenario text, policy, seed."""

    text: int
    policy: str
    seed: int


class Request(msgspec.Struct, frozen=True):
    """A request; with `dump`, the trace of the only run in `runs` is written."""

    texts: tuple[ScenarioText, ...]
    runs: tuple[RunToRepeat, ...]
    dump: bool = False


def dumped(trace: Trace) -> bytes:
    """Names and records, as `undumped` reads them."""
    return msgspec.msgpack.encode((trace.names, list(trace.records)))


def undumped(data: bytes) -> Trace:
    """The trace that was dumped. Raises msgspec.DecodeError for anything else."""
    names, encoded = msgspec.msgpack.decode(data, type=tuple[list[str], msgspec.Raw])
    trace = Trace()
    trace.names[:] = names
    trace.tail.extend(msgspec.msgpack.decode(encoded, type=all_records()))
    return trace


def _take_stdout() -> BinaryIO:
    """The pipe to the process that asks. A user's policy that prints writes to nowhere from here
    on: what it says is printed by the runs that are repeated here.
    """
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return pipe


def main() -> None:
    """Answer the request on standard input."""
    asked = sys.stdin.buffer.readline()
    if not asked.endswith(b"\n"):
        return  # the process that started this one ended without asking
    # Not by `sys.stdin`, whose lock Python takes when it ends.
    orphaned.end_after(lambda: os.read(sys.stdin.fileno(), 1))
    request = msgspec.json.decode(asked, type=Request)
    scenarios = [text.scenario() for text in request.texts]
    out = _take_stdout()
    for wanted in request.runs:
        # The windows of an app each in an engine of their own, unlike in the runs to compare.
        made: JudgedRun = run_judged(
            scenarios[wanted.text], wanted.policy, wanted.seed, isolation="own"
        )
        out.write(dumped(made.run.trace) if request.dump else f"{made.result.digest}\n".encode())
    out.flush()
    # the caller waits for the end of this process, so leave out a last garbage collection
    gc.freeze()


if __name__ == "__main__":
    main()
