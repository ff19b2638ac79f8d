"""Parts that need no server: configs, ports, and the report of a missing engine."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest
import yaml

from oneroom.live.server.config import config_text
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.free_ports import ServerPorts, free_ports
from tests.project import BARE_ENVIRONMENT, ONEROOM, ROOT


def test_people_and_tests_start_the_same_server() -> None:
    by_hand = yaml.safe_load((ROOT / "docker" / "livekit.yaml").read_text())
    ours = yaml.safe_load(
        config_text(ServerPorts(7880, 7881, 7882), Credentials("key", "secret"), loopback=False)
    )
    assert by_hand.pop("key_file") == "/keys.yaml"
    assert ours.pop("keys") == {"key": "secret"}
    assert by_hand == ours


def test_a_server_that_shares_our_network_binds_the_loopback_interface_alone() -> None:
    config = yaml.safe_load(
        config_text(ServerPorts(1, 2, 3), Credentials("key", "secret"), loopback=True)
    )
    assert config["bind_addresses"] == ["127.0.0.1"]
    assert config["rtc"]["interfaces"] == {"includes": ["lo"]}
    # A port of its own for ICE over TCP would be bound on every interface.
    assert config["rtc"]["tcp_port"] == 0


def test_three_ports_that_are_three() -> None:
    ports = free_ports()
    assert len({ports.http, ports.ice_tcp}) == 2
    assert all(1024 <= port <= 65535 for port in (ports.http, ports.ice_tcp, ports.ice_udp))


def test_every_credential_is_another_and_long_enough_and_unseen() -> None:
    one, other = Credentials.fresh(), Credentials.fresh()
    assert one.key != other.key
    assert one.secret != other.secret
    assert len(one.secret) >= 32
    assert one.secret not in repr(one)


def test_a_machine_without_an_engine_is_told_so_in_one_line_and_exit_6(tmp_path: Path) -> None:
    done = subprocess.run(
        [*ONEROOM, "livekit", "up"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**BARE_ENVIRONMENT, "DOCKER_HOST": f"unix://{tmp_path}/none.sock"},
    )
    assert done.returncode == 6
    # Not `docker`: the folder of that name is importable too, as an empty package.
    if importlib.util.find_spec("docker.errors") is None:
        wanted = "livekit: the Python package 'docker' is missing: pip install 'oneroom[live]'"
    else:
        wanted = (
            "livekit: no container engine answers: start Docker, or on Debian run "
            ".ci/install_engine"
        )
    assert done.stderr.splitlines() == [wanted]


# What `docker` does of info, image inspect, pull and build, in the place of an engine that has no
# image.
DOCKER = """\
#!/bin/sh
case $1 in
info) exit {info} ;;
build) echo 'Step 1/4 : FROM scratch'; echo 'no space left on device' >&2; exit {build} ;;
*) exit 1 ;;
esac
"""


@pytest.mark.parametrize(
    ("info", "build", "binary", "said"),
    [
        (1, 0, "server", "no container engine answers, or it does not let us in"),
        (0, 0, "missing", "LIVEKIT_BINARY cannot be taken: cp: "),
        (0, 1, "server", "the image cannot be built: no space left on device"),
        (0, 0, "server", ""),
    ],
    ids=["no engine", "no binary", "build fails", "built"],
)
def test_an_image_that_cannot_be_had_is_one_line_and_exit_6(
    tmp_path: Path, info: int, build: int, binary: str, said: str
) -> None:
    docker = tmp_path / "docker"
    docker.write_text(DOCKER.format(info=info, build=build))
    docker.chmod(0o755)
    (tmp_path / "server").write_text("a server")
    done = subprocess.run(
        [ROOT / "docker" / "build"],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "LIVEKIT_BINARY": str(tmp_path / binary),
            "LC_ALL": "C",
        },
    )
    if not said:
        assert (done.returncode, done.stderr) == (0, "")
        return
    assert done.returncode == 6
    [line] = done.stderr.splitlines()
    assert line.startswith(f"docker/build: {said}")
