"""Every verb: its name, its arguments, and the one thing that it does on the stage."""

from __future__ import annotations

import inspect

import pytest

from oneroom.scenario import VERBS, Range, Scenario, Stage, Vocabulary, parse

SECOND = Range(1_000_000, 1_000_000)

# Verb, its arguments in YAML, and the call that it makes.
PLAYED = {
    "connect": ("window: main, channel: lobby", ("act", "main", "connect", "lobby")),
    "disconnect": ("window: main", ("act", "main", "disconnect")),
    "toggle_mute": ("window: main", ("act", "main", "toggleMute")),
    "toggle_camera": ("window: main", ("act", "main", "toggleCamera")),
    "share_screen": ("window: main", ("act", "main", "toggleScreenShare")),
    "gesture": ("window: main", ("act", "main", "gesture")),
    "navigate": ("window: main", ("act", "main", "navigate")),
    "open": ("window: later", ("open", "later")),
    "focus": ("window: main", ("focus", "main")),
    "hide": ("window: main", ("hide", "main")),
    "show": ("window: hidden", ("show", "hidden")),
    "close": ("window: main, by: script", ("close", "main", "script")),
    "refuse_prompt": ("window: main", ("refuse_prompt", "main")),
    "stop_sharing": ("window: main", ("stop_sharing", "main")),
    "remote_joins": (
        "identity: hopper, channel: lobby, microphone: none",
        ("remote_joins", "hopper", "lobby", "none"),
    ),
    "remote_leaves": ("identity: grace", ("remote_leaves", "grace")),
    "remote_speaks": ("identity: grace, lasts: 1s", ("remote_speaks", "grace", SECOND)),
    "remote_mutes": ("identity: grace", ("remote_publishes", "grace", "microphone", True)),
    "remote_unmutes": ("identity: quiet", ("remote_publishes", "quiet", "microphone", False)),
    "remote_starts_camera": ("identity: grace", ("remote_publishes", "grace", "camera", False)),
    "remote_stops_camera": ("identity: quiet", ("remote_unpublishes", "quiet", "camera")),
    "remote_starts_sharing": (
        "identity: grace",
        ("remote_publishes", "grace", "screen_share", False),
    ),
    "remote_stops_sharing": ("identity: quiet", ("remote_unpublishes", "quiet", "screen_share")),
    "speaker": ("window: main", ("simulate", "main", "speaker")),
    "unplug": ("device: microphone", ("unplug", "microphone")),
    "plug_in": ("device: camera", ("plug_in", "camera")),
    "crash_reload": ("window: main, after: 1s", ("crash_reload", "main", SECOND)),
    "reload": ("window: main", ("reload", "main")),
    "leave_page": ("window: main", ("leave_page", "main")),
    "come_back": ("window: left", ("come_back", "left")),
    "discard": ("window: main", ("discard", "main")),
    "duplicate": ("window: later, of: main", ("duplicate", "later", "main")),
    "sleep": ("lasts: 1s, clock: runs", ("sleep", SECOND, "runs")),
    "step_clock": ("by: 1s, direction: back", ("step_clock", SECOND, "back")),
    "crash": ("window: main", ("crash", "main")),
    "freeze": ("window: main", ("freeze", "main")),
    "resume": ("window: frozen", ("resume", "frozen")),
    "stall": ("window: main, lasts: 1s", ("stall", "main", SECOND)),
    "stop": ("window: main, lasts: 1s", ("stop", "main", SECOND)),
    "delay_bus": (
        "window: main, delay: 1ms..1s",
        ("delay_bus", "main", Range(1_000, 1_000_000), ""),
    ),
    "lose_bus": ("window: main, loss: 0.25", ("lose_bus", "main", 0.25, "")),
    "partition": ("window: main", ("partition", "main", "")),
    "deafen": ("window: main, bus: broadcast-channel", ("deafen", "main", "broadcast-channel")),
    "drop_network": ("window: main, path: signal", ("drop_network", "main", "signal")),
    "break_signal": ("window: main", ("break_signal", "main")),
    "heal_network": ("window: frozen", ("heal_network", "frozen")),
    "heal": ("", ("heal",)),
    "kick": ("window: main", ("kick", "main")),
    "delete_room": ("", ("delete_room",)),
    "restart_server": ("down: 1s", ("restart_server", SECOND)),
    "stop_server": ("", ("stop_server",)),
    "start_server": ("", ("start_server",)),
    "unplug_server": ("lasts: 1s", ("unplug_server", SECOND)),
    "pause_server": ("lasts: 1s", ("pause_server", SECOND)),
    "drain": ("", ("drain",)),
    "shut_down_server": ("down: 1s", ("shut_down_server", SECOND)),
    "signal_reconnect": ("window: main", ("simulate", "main", "signal-reconnect")),
    "full_reconnect": ("window: main", ("simulate", "main", "full-reconnect")),
    "resume_reconnect": ("window: main", ("simulate", "main", "resume-reconnect")),
    "disconnect_signal_on_resume": (
        "window: main",
        ("simulate", "main", "disconnect-signal-on-resume"),
    ),
    "disconnect_signal_on_resume_no_messages": (
        "window: main",
        ("simulate", "main", "disconnect-signal-on-resume-no-messages"),
    ),
    "node_failure": ("window: main", ("simulate", "main", "node-failure")),
    "migration": ("window: main", ("simulate", "main", "migration")),
    "server_leave": ("window: main", ("simulate", "main", "server-leave")),
    "fail_tokens": ("", ("fail_tokens",)),
    "slow_tokens": ("takes: 1s", ("slow_tokens", SECOND)),
    "send_chat": ("window: main, channel: dm, text: hello", ("send_chat", "main", "dm", "hello")),
    "chat_arrives": ("channel: dm, text: hello, count: 3", ("chat_arrives", "dm", "hello", 3)),
    "lose_chat": ("loss: 0.25", ("lose_chat", 0.25)),
    "slow_chat": ("takes: 1ms..1s", ("slow_chat", Range(1_000, 1_000_000))),
    "restart_chat": ("down: 1s", ("restart_chat", SECOND)),
}

HEAD = """\
scenario: a
why: b
windows:
  main: {kind: main, opens: 0s}
  frozen: {kind: overlay, opens: 0s}
  later: {kind: overlay, opens: later}
  left: {kind: overlay, opens: 0s}
  hidden: {kind: overlay, opens: 0s, hidden: true}
steps:
  - {at: 1s, unplug: {device: camera}}
  - {at: 1s, remote_joins: {identity: grace, channel: lobby}}
  - {at: 1s, remote_joins: {identity: quiet, channel: lobby}}
  - {at: 1s, remote_mutes: {identity: quiet}}
  - {at: 1s, remote_starts_camera: {identity: quiet}}
  - {at: 1s, remote_starts_sharing: {identity: quiet}}
  - {at: 1s, leave_page: {window: left}}
  - {at: 1s, freeze: {window: frozen}}
  - {at: 1s, drop_network: {window: frozen}}
"""


class Recorder:
    """A stage on which nothing happens: it writes down what it is asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> object:
        return lambda *arguments: self.calls.append((name, *arguments))


def with_step(name: str, vocabulary: Vocabulary) -> Scenario:
    before = "  - {at: 1s, stop_server: {}}\n" if name == "start_server" else ""
    return parse(f"{HEAD}{before}  - {{at: 2s, {name}: {{{PLAYED[name][0]}}}}}\n", vocabulary)


@pytest.mark.parametrize("name", PLAYED)
def test_played(name: str, vocabulary: Vocabulary) -> None:
    recorder = Recorder()
    with_step(name, vocabulary).steps[-1].verb.play(recorder)  # type: ignore[arg-type]  # it answers to any name
    assert recorder.calls == [PLAYED[name][1]]


def test_every_verb_is_in_the_table() -> None:
    assert sorted(PLAYED) == sorted(VERBS)


@pytest.mark.parametrize("name", PLAYED)
def test_what_a_verb_calls_is_on_the_stage(name: str) -> None:
    method, *arguments = PLAYED[name][1]
    signature = inspect.signature(getattr(Stage, f"{method}"))
    signature.bind(None, *arguments)


def test_every_primitive_of_the_stage_has_a_verb_and_a_contract() -> None:
    primitives = {
        name: value
        for name, value in vars(Stage).items()
        if inspect.isfunction(value) and name[0] != "_"
    }
    assert set(primitives) == {played[1][0] for played in PLAYED.values()}
    assert all(method.__doc__ for method in primitives.values())


def test_a_network_is_cut_on_both_paths_by_default(vocabulary: Vocabulary) -> None:
    recorder = Recorder()
    scenario = parse(f"{HEAD}  - {{at: 2s, drop_network: {{window: main}}}}\n", vocabulary)
    scenario.steps[-1].verb.play(recorder)  # type: ignore[arg-type]  # it answers to any name
    assert recorder.calls == [("drop_network", "main", "both")]


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_reference_text(verb: type) -> None:
    assert verb.__doc__
    assert verb.__doc__.rstrip().endswith(".")
