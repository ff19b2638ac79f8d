"""The app's own server as Python of the user's own: sockets, time and chance of the run, errors."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from oneroom.checks.results import APP_SERVER_RAISED
from oneroom.driver.run import Run
from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.ports.socket_handler import Socket, SocketHandler
from oneroom.scenario import ScenarioError, parse
from oneroom.scenario.bundle import Bundle
from oneroom.sim.socket_handlers import UnknownHandler, load
from oneroom.trace.digest import digest
from tests.project import ROOT
from tests.repo.shown_commands import blocks
from tests.sim.played import scenario
from tests.sim.test_app_sockets import OPEN
from tests.sim.test_app_windows import ALONE, failed, played, said

TWO = ALONE + "  overlay: {kind: overlay, opens: 1s}\n"


class Relay(SocketHandler):
    """Hands what comes to all others, numbered, after a drawn time."""

    def __init__(self) -> None:
        self.sockets: list[Socket] = []
        self.count = 0

    def opened(self, socket: Socket) -> None:
        self.sockets.append(socket)
        socket.send({"at": socket.url, "others": len(self.sockets) - 1})

    def received(self, socket: Socket, message: str) -> None:
        self.count += 1
        text = f"{self.count} {message}"
        others = [one for one in self.sockets if one is not socket]
        for other in others:
            delay_us = self.world.between(10_000, 900_000)
            self.world.after(delay_us, partial(self.tell, other, text))

    def tell(self, other: Socket, text: str) -> None:
        """Hand one message on."""
        other.send(f"{text} {self.world.now_us}")

    def closed(self, socket: Socket) -> None:
        self.sockets.remove(socket)
        for other in self.sockets:
            other.send("one left")


class Fails(SocketHandler):
    """Has a bug behind each message but one."""

    def lose(self) -> None:
        """Raise."""
        raise KeyError("later")

    def received(self, socket: Socket, message: str) -> None:
        match message:
            case "raise":
                raise KeyError(message)
            case "later":
                self.world.after(5, self.lose)
            case "text":
                socket.send(object())
            case "code":
                socket.close(5)
            case "before":
                self.world.after(-1, lambda: None)
            case "range":
                self.world.between(2, 1)
            case "bye":
                socket.close(4001, "bye")


def served(name: str) -> str:
    """A server with that handler."""
    return f"app_server: {{sockets: {{/live: {{handler: '{__name__}:{name}'}}}}}}\n"


def alone(script: str, name: str = "Fails") -> Run:
    """The run of one window that talks with a handler."""
    return played(OPEN + script, head=served(name) + ALONE)


TALK = OPEN + (
    "const s = open('/live?of=' + windowName);"
    "setTimeout(() => { s.send('hi'); }, 3000);"
    "if (windowName === 'overlay') setTimeout(() => { s.close(); }, 6000);"
)


def test_one_object_serves_all_sockets_of_a_run() -> None:
    run = played(TALK, head=served("Relay") + TWO)
    assert failed(run) == []
    lines = [line for line in said(run) if line.split()[1] != "open"]
    assert lines[0] == 'main {"at":"wss://app.example/live?of=main","others":0}'
    assert lines[1] == 'overlay {"at":"wss://app.example/live?of=overlay","others":1}'
    assert lines[2].startswith("overlay 1 hi 3")
    assert lines[3].startswith("main 2 hi 4")
    assert "main one left" in lines[4:]


def test_the_same_draws_give_the_same_run_and_other_draws_another() -> None:
    made = [digest(played(TALK, head=served("Relay") + TWO, seed=seed).trace) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def test_a_handler_closes_a_socket() -> None:
    run = alone("const s = open('/live'); setTimeout(() => s.send('bye'), 1000)")
    assert said(run)[-1] == "main close 4001 bye true 1"


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("raise", "KeyError: 'raise'"),
        ("later", "KeyError: 'later'"),
        ("text", "TypeError: Object of type object is not JSON serializable"),
        ("code", "ValueError: no server closes a WebSocket with 5"),
        ("before", "ValueError: -1 is no number of microseconds from 0 on"),
        ("range", "ValueError: 2 to 1 is no range of microseconds"),
    ],
)
def test_what_a_handler_raises_is_its_users_error(message: str, error: str) -> None:
    script = OPEN + f"const s = open('/live'); setTimeout(() => s.send('{message}'), 1000)"
    made = scenario("", served("Fails") + ALONE).with_bundle(Bundle("app.js", script))
    (finding,) = run_judged(made, "app.js", 1).result.violations
    assert finding.check == APP_SERVER_RAISED
    assert finding.message.startswith(f"{__file__}:")
    assert finding.message.endswith(error)
    assert finding.at_us > 1_000_000


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (f"{__name__}:Rely", "did you mean"),
        (f"{__name__}:Socket", "is not a subclass of"),
        ("no_such_module:Live", "cannot be imported"),
    ],
)
def test_what_is_no_handler_is_refused(name: str, why: str) -> None:
    with pytest.raises(UnknownHandler, match=why):
        load(name)


def test_the_handler_of_the_page_serves_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "own-windows.md").read_text(encoding="utf-8")
    (code,) = [block.text for block in blocks(page) if block.language == "python"]
    (tmp_path / "shown_server.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    head = "app_server: {sockets: {/live: {handler: 'shown_server:Live'}}}\n" + TWO
    heard = said(played(TALK, head=head))
    assert [line for line in heard if "hi" in line] == ["overlay hi", "main hi"]


@pytest.mark.parametrize(
    ("socket", "why"),
    [
        ("{handler: live}", "`live` names no class"),
        ("{handler: 'a:B', answers: {ping: pong}}", "a handler or a script, not both"),
    ],
)
def test_what_is_wrong_with_it_in_a_scenario_has_its_place(socket: str, why: str) -> None:
    with pytest.raises(ScenarioError, match=f"a.yaml:6:.*{why}"):
        parse(f"{ALONE}app_server:\n  sockets: {{/live: {socket}}}\n", vocabulary(), "a.yaml")
