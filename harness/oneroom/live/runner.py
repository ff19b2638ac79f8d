"""Several live runs at once, with their results in the order of the jobs.

Rules: one event loop, driven from the outside, so that the calling suite stays sequential code and
Ctrl-C works between two results. A run that fails for lack of a server, a process or a port yields
one line (`str`) as its result, and the others continue. Nothing is left when the `with` block has
ended.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from oneroom.choices.choices import Choices
from oneroom.driver.run import Run
from oneroom.live.errors import Unavailable
from oneroom.live.process.stopped_process_guard import StoppedProcessGuard
from oneroom.live.run import play
from oneroom.live.server.livekit_server import LiveKit, native_program
from oneroom.live.server.registry import FOLDER
from oneroom.live.server.target import Target, WebhookListeners
from oneroom.live.server.webhooks import WebhookNotice, Webhooks
from oneroom.scenario.model import Scenario
from oneroom.scenario.server_verbs import ProcessVerb, UnplugServer
from oneroom.scenario.verb import Verb

_REST_S = 1.0
# Containers share the host's network only if the engine uses no virtual machine (docs/decisions).
_REPORTS = sys.platform == "linux"


@dataclass(frozen=True)
class LiveJob:
    """A run to make."""

    scenario: Scenario
    policy: str
    choices: Choices


@dataclass(frozen=True)
class LiveResult:
    """A finished run, and how long it took."""

    run: Run
    wall_s: float


class LiveRunner:
    """A runner of live jobs, for use in a `with` statement.

    `sfu` is `livekit`, `livekit:native` or a URL; at most `at_once` runs run at a time. Raises
    Unavailable if there is no server at all.
    """

    def __init__(self, wanted: Sequence[LiveJob], sfu: str, at_once: int) -> None:
        self._wanted = wanted
        self._sfu = sfu
        self._at_once = at_once
        self._guard = StoppedProcessGuard()
        self._tasks: list[asyncio.Task[LiveResult | str]] = []
        self._listeners: WebhookListeners = {}

    def __enter__(self) -> LiveRunner:
        self._loop = asyncio.new_event_loop()
        self._after = AsyncExitStack()
        try:
            self._loop.run_until_complete(self._begin())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def results(self) -> Iterator[LiveResult | str]:
        """The results, in the order of the jobs, each as soon as it is available."""
        for task in self._tasks:
            yield self._loop.run_until_complete(asyncio.shield(task))

    async def _begin(self) -> None:
        self._turns = asyncio.Semaphore(self._at_once)
        if self._sfu.startswith("livekit"):
            self._hooks = await Webhooks.start(self._dispatch_webhook)
            self._after.push_async_callback(self._hooks.close)
            self._shared = await self._own(self._after)
        else:
            self._shared = Target.external(self._sfu)
        self._tasks = [asyncio.ensure_future(self._make(one)) for one in self._wanted]

    async def _make(self, wanted: LiveJob) -> LiveResult | str:
        async with self._turns, AsyncExitStack() as after:
            started_s = time.perf_counter()
            try:
                target = self._shared
                # A scenario with server-wide faults gets a server of its own.
                if target.own is not None and _has(wanted.scenario, (ProcessVerb,)):
                    target = await self._own(after, _has(wanted.scenario, (UnplugServer,)))
                run = await play(
                    wanted.scenario, wanted.policy, wanted.choices, target, self._guard
                )
            except (Unavailable, OSError) as error:
                return f"{wanted.scenario.path}: {error}"
            return LiveResult(run, time.perf_counter() - started_s)

    async def _own(self, after: AsyncExitStack, own_network: bool = False) -> Target:
        """Start a server of our own that stops when `after` closes; with `own_network` it can be
        unplugged.
        """
        binary = native_program() if self._sfu == "livekit:native" else ""
        server = LiveKit(
            Path(FOLDER), binary, self._hooks.url if _REPORTS or binary else "", own_network
        )
        started = asyncio.ensure_future(asyncio.to_thread(server.__enter__))
        try:
            await asyncio.shield(started)
        except asyncio.CancelledError:
            # Its thread is still starting it, and it would stay.
            await started
            await asyncio.to_thread(server.__exit__, None, None, None)
            raise
        after.push_async_callback(asyncio.to_thread, server.__exit__, None, None, None)
        self._hooks.trust(server.record.credentials)
        return Target.of(server, self._listeners)

    def _dispatch_webhook(self, notice: WebhookNotice) -> None:
        hear = self._listeners.get(notice.room)
        if hear is not None:
            hear(notice)

    def _end(self) -> None:
        self._loop.run_until_complete(self._take_down())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        self._guard.end()

    async def _take_down(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._after.aclose()
        # Tasks cancelled half-way (a start, a wait for a frame) are not left to the garbage
        # collector.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=_REST_S)


def at_once() -> int:
    """The number of runs that this machine can run in parallel: runs mostly wait."""
    return 2 * max(
        1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )


def _has(scenario: Scenario, verbs: tuple[type[Verb], ...]) -> bool:
    return any(isinstance(step.verb, verbs) for step in scenario.steps)
