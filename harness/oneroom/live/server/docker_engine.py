"""Access to the container engine: Docker, or one with the same API.

Rules: `docker` is imported only when an engine is needed (the import takes 200 ms). Every failure
of the engine is raised as `Unavailable`, one line. Our containers are identified by their labels
only: names and ids are the engine's.
"""

from __future__ import annotations

import io
import ipaddress
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from oneroom.live.errors import Unavailable
from oneroom.live.server.config import PRIVATE_MODE
from oneroom.live.server.free_ports import LOOPBACK, ServerPorts
from oneroom.live.server.reaper import RUN_LABEL

VERSION = "v1.13.5"
# Ours is built by docker/build where no container registry can be reached.
IMAGES = (f"oneroom/livekit-server:{VERSION}", f"livekit/livekit-server:{VERSION}")
CONFIG_PATH = "/livekit.yaml"
OWNER_LABEL = "oneroom.owner"
_LOG_LINES = 5


@contextmanager
def engine(timeout_s: int | None = 30) -> Iterator[Any]:
    """A client of the engine. Without `timeout_s` it waits for ever, as following a log requires.

    Raises `Unavailable` for every error of the engine.
    """
    try:
        import docker.errors
        import requests.exceptions

        import docker
    except ImportError as error:
        package = (error.name or "docker").partition(".")[0]
        raise Unavailable(
            f"the Python package {package!r} is missing: pip install 'oneroom[live]'"
        ) from error
    try:
        client = docker.from_env(timeout=timeout_s)
    except docker.errors.DockerException as error:
        raise Unavailable(_unavailable_reason(error)) from error
    try:
        yield client
    except docker.errors.APIError as error:
        raise Unavailable(f"the container engine refused: {error.explanation or error}") from error
    except (docker.errors.DockerException, requests.exceptions.RequestException) as error:
        raise Unavailable(f"the container engine does not answer: {error}") from error
    finally:
        client.close()


def _unavailable_reason(error: BaseException) -> str:
    """The reason why no engine answers."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PermissionError) or "PermissionError" in str(cause):
            return "the container engine does not let us in: run as root, or join the group docker"
        cause = cause.__cause__ or cause.__context__
    return "no container engine answers: start Docker, or on Debian run .ci/install_engine"


def image(client: Any) -> str:
    """The LiveKit image that is present. Images are never pulled or built implicitly."""
    import docker.errors

    for name in IMAGES:
        try:
            client.images.get(name)
        except docker.errors.ImageNotFound:
            continue
        return name
    raise Unavailable(f"no LiveKit image is there: run docker/build, or pull {IMAGES[1]}")


def start(
    client: Any,
    run: str,
    owner: str,
    ports: ServerPorts,
    config: str,
    loopback: bool = False,
    own_network: bool = False,
) -> Any:
    """Start a server in a container.

    The config is copied in through the API: no file is shared with the engine, and nothing secret
    is in the container's description. With `loopback` the container is on the host's network, so
    that it can reach a listener on 127.0.0.1; the config says what it may bind. With `own_network`
    it can be unplugged.
    """
    labels = {RUN_LABEL: run, OWNER_LABEL: owner}
    where: dict[str, Any] = {"network_mode": "host"} if loopback else {"ports": _published(ports)}
    if own_network:
        where["network"] = _network(client, labels).name
    container = client.containers.create(
        image(client), ["--config", CONFIG_PATH, "--node-ip", LOOPBACK], labels=labels, **where
    )
    container.put_archive("/", _archive(config))
    container.start()
    return container


def containers(client: Any, run: str = "") -> list[Any]:
    """Our containers of one run or of all, running or not."""
    label = f"{RUN_LABEL}={run}" if run else RUN_LABEL
    found: list[Any] = client.containers.list(all=True, filters={"label": label})
    return found


def networks(client: Any, run: str = "") -> list[Any]:
    """Our networks of one run or of all."""
    label = f"{RUN_LABEL}={run}" if run else RUN_LABEL
    found: list[Any] = client.networks.list(filters={"label": label})
    return found


def unplug(container: Any) -> None:
    """Disconnect a server from the network of its own that it was started on."""
    container.reload()
    for name in container.attrs["NetworkSettings"]["Networks"]:
        container.client.networks.get(name).disconnect(container)


def plug_in(client: Any, container: Any, run: str) -> None:
    """Reconnect it to its network under its old address, which LiveKit's sockets are bound to."""
    for network in networks(client, run):
        network.connect(container, ipv4_address=_only_address(network))


def ended(container: Any) -> str | None:
    """The last output of a container that does not run any more, None if it runs."""
    container.reload()
    if container.status in ("created", "running", "restarting", "paused"):
        return None
    lines = container.logs(tail=_LOG_LINES).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"container is {container.status}"


def _network(client: Any, labels: dict[str, str]) -> Any:
    """Create a network for one server.

    The engine assigns the same address twice only if the subnet was given, so a first network is
    made to let the engine choose one.
    """
    import docker.types

    name = f"oneroom-{labels[RUN_LABEL]}"
    chosen = client.networks.create(name, labels=labels)
    chosen.reload()
    [pool] = chosen.attrs["IPAM"]["Config"]
    chosen.remove()
    pool = docker.types.IPAMPool(subnet=pool["Subnet"], gateway=pool.get("Gateway"))
    return client.networks.create(
        name, labels=labels, ipam=docker.types.IPAMConfig(pool_configs=[pool])
    )


def _only_address(network: Any) -> str:
    """The first address after the gateway: that of a network's only container."""
    [pool] = network.attrs["IPAM"]["Config"]
    return str(
        next(
            host
            for host in ipaddress.ip_network(pool["Subnet"]).hosts()
            if str(host) != pool["Gateway"]
        )
    )


def _published(ports: ServerPorts) -> dict[str, tuple[str, int]]:
    return {
        f"{ports.http}/tcp": (LOOPBACK, ports.http),
        f"{ports.ice_tcp}/tcp": (LOOPBACK, ports.ice_tcp),
        f"{ports.ice_udp}/udp": (LOOPBACK, ports.ice_udp),
    }


def _archive(config: str) -> bytes:
    content = config.encode()
    entry = tarfile.TarInfo(CONFIG_PATH.lstrip("/"))
    entry.size = len(content)
    entry.mode = PRIVATE_MODE
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
