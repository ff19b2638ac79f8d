"""A real server comes and goes without a trace, whatever becomes of those who started it."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from random import Random

import pytest

from oneroom.live.errors import Unavailable
from oneroom.live.server import docker_engine, livekit_server
from oneroom.live.server import registry as records
from oneroom.live.server.readiness import answers
from oneroom.live.server.reaper import CONFIG, LOG

pytestmark = pytest.mark.live

ENDS = [signal.SIGKILL] * 6 + [signal.SIGTERM, signal.SIGINT]

# Starts a server, says so, and then does not care any more.
CHILD = """\
import signal, sys, time
from pathlib import Path
# A shell's background job is born deaf to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from oneroom.live.server.livekit_server import LiveKit
with LiveKit(Path(sys.argv[1]), sys.argv[2]) as up:
    print(up.record.http, flush=True)
    time.sleep(600)
"""


def ours(run: str) -> int:
    with docker_engine.engine() as client:
        return len(docker_engine.containers(client, run))


def until(condition, seconds: float) -> bool:
    deadline_s = time.monotonic() + seconds
    while time.monotonic() < deadline_s:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_server_answers_inside_its_block_and_nothing_is_left_after_it(
    tmp_path: Path, binary: str
) -> None:
    with livekit_server.LiveKit(tmp_path, binary) as livekit:
        assert answers(livekit.record.http)
    assert not answers(livekit.record.http)
    assert ours(livekit.record.run) == 0
    assert not (livekit.folder / CONFIG).exists()
    assert "starting LiveKit server" in (livekit.folder / LOG).read_text()


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_left_when_its_owner_is_ended_at_any_moment(
    tmp_path: Path, binary: str, seed: int
) -> None:
    """Five owners a seed, mostly by SIGKILL: before there is a server, while it starts, and when it
    is up.
    """
    chance = Random(seed)
    ends = [(chance.uniform(0, 1.5), chance.choice(ENDS)) for _ in range(5)]
    owners = [start_owner(tmp_path / str(number), binary) for number in range(len(ends))]
    try:
        # They begin when their folder is there: what comes before is Python's own start.
        for number, (owner, (after_s, how)) in enumerate(zip(owners, ends, strict=True)):
            assert until((tmp_path / str(number)).is_dir, 20)
            threading.Timer(after_s, owner.send_signal, (how,)).start()
        said = [owner.communicate(timeout=30)[0] for owner in owners]
    finally:
        for owner in owners:
            owner.kill()
    assert all(until(lambda at=int(port): not answers(at), 10) for port in said if port)
    # The reaper settles for 5 s, since a request of the dead may still be under way.
    time.sleep(6)
    runs = [folder.name for folder in tmp_path.glob("*/*")]
    assert until(
        lambda: all(ours(run) == 0 for run in runs) and str(tmp_path) not in processes(), 40
    )
    assert list(tmp_path.glob(f"*/*/{CONFIG}")) == []


def start_owner(folder: Path, binary: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(folder), binary]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def processes() -> str:
    return subprocess.run(
        ["ps", "-ww", "-eo", "args="], capture_output=True, text=True, check=True
    ).stdout


def test_the_secret_is_in_one_private_file_and_nowhere_else(tmp_path: Path, binary: str) -> None:
    record = livekit_server.start(tmp_path, binary)
    try:
        file = tmp_path / record.run / "server.json"
        assert record.secret in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert record.secret not in processes()
        assert record.secret not in repr(record) + repr(record.credentials)
        if not binary:
            with docker_engine.engine() as client:
                [container] = docker_engine.containers(client, record.run)
                assert record.secret not in json.dumps(container.attrs)
                assert record.secret not in container.logs().decode()
    finally:
        livekit_server.stop(record, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not answers(record.http)


def test_ports_are_published_on_the_loopback_interface_alone(tmp_path: Path) -> None:
    with livekit_server.LiveKit(tmp_path) as livekit, docker_engine.engine() as client:
        [container] = docker_engine.containers(client, livekit.record.run)
        published = container.attrs["NetworkSettings"]["Ports"]
        bound = [one["HostIp"] for ends in published.values() for one in ends or []]
        assert bound == ["127.0.0.1"] * 3


def listening(port: int) -> set[str]:
    """The local addresses (hexadecimal, proc(5)) of sockets on `port` that are not connected."""
    kinds = ("tcp", "tcp6", "udp", "udp6")
    sockets = [
        line.split()
        for kind in kinds
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]
    ]
    local = [fields[1].split(":") for fields in sockets if fields[2].endswith(":0000")]
    return {address for address, number in local if int(number, 16) == port}


def test_a_server_on_the_hosts_network_listens_on_the_loopback_interface_alone_and_reports_there(
    tmp_path: Path, binary: str
) -> None:
    from oneroom.live.server.room_service import RoomService
    from oneroom.live.server.webhooks import WebhookNotice, Webhooks

    heard: list[WebhookNotice] = []

    async def story() -> None:
        hooks = await Webhooks.start(heard.append)
        with livekit_server.LiveKit(tmp_path, binary, hooks.url) as livekit:
            hooks.trust(livekit.record.credentials)
            ports = livekit.record.ports
            assert listening(ports.http) | listening(ports.ice_udp) == {"0100007F"}
            assert listening(ports.ice_tcp) == set()
            lobby = RoomService(livekit.record.url, livekit.record.credentials, "lobby")
            await lobby.create_room()
            while not heard:
                await asyncio.sleep(0.05)
            await lobby.close()
            unsigned = urllib.request.Request(hooks.url, data=b"{}", headers={"Authorization": "x"})
            with pytest.raises(urllib.error.HTTPError, match="401"):
                await asyncio.to_thread(urllib.request.urlopen, unsigned)
        await hooks.close()

    asyncio.run(asyncio.wait_for(story(), 30))
    assert [(notice.name, notice.room) for notice in heard] == [("room_started", "lobby")]


def test_what_up_has_started_stays_until_prune(tmp_path: Path) -> None:
    record = livekit_server.start(tmp_path)
    assert [one.run for one in records.read_all(tmp_path)] == [record.run]
    assert answers(record.http)
    records.forget(record.run, tmp_path)  # nobody knows of it any more but the engine
    with docker_engine.engine() as client:
        assert record.run in [one.labels["oneroom.run"] for one in docker_engine.containers(client)]
    # Others may have servers too: not `prune`, which takes all.
    livekit_server.stop(record, tmp_path)
    assert not answers(record.http)


def test_a_server_that_dies_while_it_starts_is_reported_at_once(tmp_path: Path) -> None:
    started_s = time.monotonic()
    with pytest.raises(Unavailable, match="ended while it was starting"):
        livekit_server.start(tmp_path, shutil.which("false") or "false")
    assert time.monotonic() - started_s < 5
    assert list(tmp_path.iterdir()) == []


def test_what_is_done_to_a_server_is_done_and_it_is_back_with_its_ports(
    tmp_path: Path, binary: str
) -> None:
    with livekit_server.LiveKit(tmp_path, binary) as livekit:
        livekit.pause()
        assert livekit.runs()
        assert not answers(livekit.record.http)
        livekit.unpause()
        assert until(lambda: answers(livekit.record.http), 10)
        livekit.kill()
        assert not livekit.runs()
        livekit.start_again()
        assert livekit.runs()
        # It answers 100 ms before it takes a SIGTERM to heart (LiveKit v1.13.5, server.go Start).
        time.sleep(0.3)
        livekit.terminate()
        # Nobody is there, so that it need not wait for anybody.
        assert until(lambda: not livekit.runs(), 20)
        livekit.start_again()
        assert answers(livekit.record.http)
    assert not answers(livekit.record.http)


def test_a_server_that_is_left_standing_still_is_ended_all_the_same(
    tmp_path: Path, binary: str
) -> None:
    with livekit_server.LiveKit(tmp_path, binary) as livekit:
        livekit.pause()
    assert ours(livekit.record.run) == 0
    assert str(tmp_path) not in processes()


def test_a_server_on_a_network_of_its_own_is_unplugged_and_back_with_its_ports(
    tmp_path: Path,
) -> None:
    with livekit_server.LiveKit(tmp_path, own_network=True) as livekit:
        livekit.unplug()
        assert livekit.runs()
        assert not answers(livekit.record.http)
        livekit.plug_in()
        assert until(lambda: answers(livekit.record.http), 10)
        with docker_engine.engine() as client:
            assert len(docker_engine.networks(client, livekit.record.run)) == 1
    with docker_engine.engine() as client:
        assert docker_engine.networks(client, livekit.record.run) == []


def test_a_server_that_shares_our_network_is_not_taken_off_it(tmp_path: Path, native: str) -> None:
    with (
        livekit_server.LiveKit(tmp_path, native) as livekit,
        pytest.raises(Unavailable, match="shares our network"),
    ):
        livekit.unplug()
