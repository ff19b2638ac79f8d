"""Every case of the kit runs on every arm: the fake with each SDK (`-m "not live"`), a real server
with livekit for Python (`-m "live and not chromium"`), and a real server with livekit-client in a
real Chromium (`-m "live and chromium"`).
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.conformance.sfu.fake_server_rig import FakeRig
from tests.conformance.sfu.server_rig import Rig, SdkName

if TYPE_CHECKING:
    from oneroom.live.server.livekit_server import LiveKit
    from tests.conformance.sfu.js_browser import JsBrowser
    from tests.conformance.sfu.live_hooks import LiveHooks
    from tests.conformance.sfu.live_log import LiveLog
    from tests.conformance.sfu.live_server_rig import LiveRig

_rooms = itertools.count(1)


class Arm(NamedTuple):
    """What a case runs on: the fake with `seed`, or a real server if that is None. `sdk` is that of
    every window.
    """

    sdk: SdkName
    seed: int | None


# A case on the fake may depend on what was drawn.
SEEDS = (1, 2, 3)
ARMS = [
    *(pytest.param(Arm("js", seed), id=f"fake-js-{seed}") for seed in SEEDS),
    *(pytest.param(Arm("python", seed), id=f"fake-python-{seed}") for seed in SEEDS),
    pytest.param(Arm("python", None), id="livekit-python", marks=pytest.mark.live),
    pytest.param(Arm("js", None), id="livekit-js", marks=[pytest.mark.live, pytest.mark.chromium]),
]


def _server(folder: Path, webhook_url: str = "", own_network: bool = False) -> LiveKit:
    from oneroom.live.server.livekit_server import LiveKit

    return LiveKit(folder, os.environ.get("ONEROOM_LIVEKIT_NATIVE", ""), webhook_url, own_network)


class Shared:
    """One server for all cases of this worker, and who hears its webhooks; rooms do not disturb
    each other.
    """

    def __init__(self, folder: Path) -> None:
        from tests.conformance.sfu.live_hooks import LiveHooks
        from tests.conformance.sfu.live_log import LiveLog

        self.hooks: LiveHooks = LiveHooks()
        try:
            self.server = _server(folder, self.hooks.url).__enter__()
        except BaseException:
            self.hooks.end()
            raise
        self.hooks.trust(self.server.record.credentials)
        self.log = LiveLog(self.server)

    def end(self) -> None:
        self.server.__exit__(None, None, None)
        self.log.end()
        self.hooks.end()


@pytest.fixture(scope="session")
def servers() -> Iterator[list[Shared]]:
    """At most one, started by the first case that needs it."""
    started: list[Shared] = []
    yield started
    for one in started:
        one.end()


@pytest.fixture(scope="session")
def browser() -> Iterator[JsBrowser]:
    """One Chromium for all cases of this worker."""
    from tests.conformance.sfu.js_browser import JsBrowser

    with JsBrowser() as started:
        yield started


@pytest.fixture(params=ARMS)
def rig(
    request: pytest.FixtureRequest, servers: list[Shared], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    """A room on a server that others use too."""
    arm: Arm = request.param
    if arm.seed is not None:
        yield FakeRig(arm.sdk, arm.seed)
        return
    if not servers:
        servers.append(Shared(tmp_path_factory.mktemp("livekit")))
    shared = servers[0]
    live = _live_rig(request, shared.server, shared.log, f"room-{next(_rooms)}", shared.hooks)
    try:
        yield live
    finally:
        live.end()


@pytest.fixture(params=ARMS)
def own_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A room on a server that may be killed."""
    yield from alone(request, tmp_path, own_network=False)


@pytest.fixture(params=ARMS)
def unpluggable_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A room on a server that may be taken off its network."""
    yield from alone(request, tmp_path, own_network=True)


def alone(request: pytest.FixtureRequest, folder: Path, own_network: bool) -> Iterator[Rig]:
    arm: Arm = request.param
    if arm.seed is not None:
        yield FakeRig(arm.sdk, arm.seed)
        return
    from tests.conformance.sfu.live_hooks import LiveHooks
    from tests.conformance.sfu.live_log import LiveLog

    with contextlib.ExitStack() as stack:
        # No webhook gets out of a network of its own.
        hooks = None if own_network else LiveHooks()
        if hooks is not None:
            stack.callback(hooks.end)
        url = "" if hooks is None else hooks.url
        # A log is read to its end, which comes with the server's.
        afterwards = stack.enter_context(contextlib.ExitStack())
        server = stack.enter_context(_server(folder, url, own_network))
        if hooks is not None:
            hooks.trust(server.record.credentials)
        log = LiveLog(server)
        afterwards.callback(log.end)
        live = _live_rig(request, server, log, "room", hooks)
        stack.callback(live.end)
        yield live


def _live_rig(
    request: pytest.FixtureRequest,
    server: LiveKit,
    log: LiveLog,
    room: str,
    hooks: LiveHooks | None = None,
) -> LiveRig:
    """A rig of the arm's SDK on a real server."""
    from tests.conformance.sfu.js_server_rig import JsRig
    from tests.conformance.sfu.live_server_rig import LiveRig

    if request.param.sdk == "js":
        return JsRig(server, log, room, request.getfixturevalue("browser"), hooks)
    return LiveRig(server, log, room, hooks)
