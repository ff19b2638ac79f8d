"""Errors around a real server are reported in one line, and secrets stay secret."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from oneroom.core.events import Event
from oneroom.live.errors import Unavailable
from oneroom.live.server import docker_engine, livekit_server
from oneroom.live.server.free_ports import LOOPBACK, ServerPorts, free_ports
from oneroom.live.server.readiness import answers
from tests.project import ROOT

pytestmark = pytest.mark.live

# How every JSON Web Token begins: {"
TOKEN = "eyJ"


@contextmanager
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def one_line(error: pytest.ExceptionInfo[Unavailable]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("webhook_url", ["", "http://127.0.0.1:1/webhook"])
def test_a_port_that_somebody_is_faster_to_take_is_chosen_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, webhook_url: str
) -> None:
    with taken() as port:
        choices = iter(
            [ServerPorts(port, *[free_ports().ice_tcp, free_ports().ice_udp]), free_ports()]
        )
        monkeypatch.setattr(livekit_server, "free_ports", lambda: next(choices))
        with livekit_server.LiveKit(tmp_path, webhook_url=webhook_url) as livekit:
            assert livekit.record.http != port
            assert answers(livekit.record.http)


def test_a_port_that_stays_taken_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken() as port:
        monkeypatch.setattr(livekit_server, "free_ports", lambda: ServerPorts(port, port, port))
        with pytest.raises(Unavailable) as error, livekit_server.LiveKit(tmp_path):
            raise AssertionError("it must not start")
        assert str(port) in one_line(error)
    assert [folder.name for folder in tmp_path.iterdir() if ours(folder.name)] == []


def ours(run: str) -> int:
    with docker_engine.engine() as client:
        return len(docker_engine.containers(client, run))


def test_a_missing_image_is_named_with_the_way_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker_engine, "IMAGES", ("oneroom/nowhere:1", "nobody/nowhere:1"))
    with pytest.raises(Unavailable) as error, livekit_server.LiveKit(tmp_path):
        raise AssertionError("it must not start")
    assert (
        one_line(error) == "no LiveKit image is there: run docker/build, or pull nobody/nowhere:1"
    )


def test_a_server_that_dies_in_its_container_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(livekit_server, "config_text", lambda *_: "nonsense: [")
    with (
        pytest.raises(Unavailable, match="ended while it was starting") as error,
        livekit_server.LiveKit(tmp_path),
    ):
        raise AssertionError("it must not start")
    assert "could not parse config" in one_line(error)


def test_an_engine_that_does_not_let_us_in_is_told_from_a_missing_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import docker.errors

    import docker

    def refused(**_: Any) -> None:
        try:
            raise PermissionError(13, "Permission denied")
        except PermissionError as error:
            raise docker.errors.DockerException(
                "Error while fetching server API version"
            ) from error

    monkeypatch.setattr(docker, "from_env", refused)
    with pytest.raises(Unavailable) as error, docker_engine.engine():
        raise AssertionError("it must not answer")
    assert (
        one_line(error)
        == "the container engine does not let us in: run as root, or join the group docker"
    )


# A server that is up when its engine goes away under it cannot be had here: the engine is
# everybody's.


async def until(condition: Callable[[], bool]) -> None:
    """Whoever waits for ever is ended by the bound of the whole story."""
    while not condition():
        await asyncio.sleep(0.05)


def test_neither_secret_nor_token_reaches_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from oneroom.live.network.network_path import NetworkPath
    from oneroom.live.server import tokens
    from oneroom.live.server.room_service import RoomService
    from oneroom.live.server.webhooks import Webhooks
    from oneroom.live.window.sdk_room import LiveRooms

    caplog.set_level(logging.DEBUG)
    heard: list[Any] = []

    events: list[Event] = []

    def kinds() -> list[str]:
        return [type(event).__name__ for event in events]

    async def story() -> None:
        hooks = await Webhooks.start(heard.append)
        with livekit_server.LiveKit(tmp_path, webhook_url=hooks.url) as livekit:
            record = livekit.record
            hooks.trust(record.credentials)
            path = await NetworkPath.start(record.url)
            rooms = LiveRooms(asyncio.get_running_loop(), path.url, events.append)
            # One that is accepted, loses its connection and resumes; one that is refused.
            rooms.open(1, "", tokens.mint(record.credentials, "u1", "lobby", 3_600_000_000))
            rooms.open(2, "", tokens.mint(record.credentials, "u2", "lobby", -3_600_000_000))
            service = RoomService(record.url, record.credentials, "lobby")
            await until(lambda: {"RoomConnected", "RoomEnded"} <= set(kinds()))
            path.break_signal()
            await until(lambda: "RoomHealed" in kinds())
            assert [name for name, _ in await service.listed()] == ["u1"]
            await rooms.end()
            await service.close()
            await path.close()
            kept = livekit.log() + caplog.text + repr(events) + repr(heard) + repr(record)
        await hooks.close()
        kept += "".join(
            file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()
        )
        assert "u1" in kept
        assert record.secret not in kept
        assert TOKEN not in kept

    asyncio.run(asyncio.wait_for(story(), 60))


def test_no_secret_is_in_the_environment_or_on_the_command_line_of_a_window(tmp_path: Path) -> None:
    with livekit_server.LiveKit(tmp_path) as livekit:
        worker = [sys.executable, "-m", "tests.conformance.sfu.worker", livekit.record.url]
        process = subprocess.Popen(worker, stdin=subprocess.PIPE, cwd=ROOT)
        try:
            seen = [
                Path(f"/proc/{process.pid}/{what}").read_bytes() for what in ("cmdline", "environ")
            ]
        finally:
            process.communicate()
    assert not any(livekit.record.secret.encode() in one or TOKEN.encode() in one for one in seen)
    assert livekit.record.secret not in json.dumps(dict(os.environ))
