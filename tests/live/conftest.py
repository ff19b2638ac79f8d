"""Fixtures of the live tests: a native server's program, taken out of the image that is there."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def native(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program, in a folder of its own and called as on PATH. One static binary, so it runs
    outside as inside.
    """
    from oneroom.live.server import docker_engine

    target = tmp_path_factory.mktemp("bin") / "livekit-server"
    with docker_engine.engine() as client:
        image = client.images.get(docker_engine.image(client))
        [program] = image.attrs["Config"]["Entrypoint"]
        container = client.containers.create(image)
        try:
            packed = b"".join(container.get_archive(program)[0])
        finally:
            container.remove(v=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        entry = archive.extractfile(Path(program).name)
        assert entry is not None
        target.write_bytes(entry.read())
    target.chmod(0o755)
    return str(target)


@pytest.fixture(params=["container", "native"])
def binary(request: pytest.FixtureRequest) -> str:
    """What `LiveKit` is told: "" for a server in a container, the program for a native one."""
    return "" if request.param == "container" else str(request.getfixturevalue("native"))
