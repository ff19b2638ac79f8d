"""Tauri events: the emitter hears itself, emits overtake each other, who does not listen yet misses
them.
"""

from __future__ import annotations

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.core.events import Received
from oneroom.core.messages import Snapshot
from oneroom.core.state import Applied, Intent, Participant, VoiceState
from oneroom.ports.observer import Loss
from oneroom_fakes.link import Link
from oneroom_fakes.tauri_event import IPC_HIGH_US, IPC_LOW_US
from tests.fakes.browser_rig import LINK, Rig
from tests.virtual_time import Drawn


def rig_of(*names: str, seed: int = 1, link: Link = LINK) -> Rig:
    """Windows that listen already."""
    rig = Rig(*names, bus="tauri-event", choices=Seeded(seed), link=link)
    rig.settle()
    return rig


def test_everybody_hears_a_message_its_sender_too() -> None:
    rig = rig_of("a", "b", "c")
    rig.windows[0].post()
    rig.settle()
    assert [window.heard for window in rig.windows] == [[("a", 1)]] * 3


def test_emits_that_nobody_awaits_change_places() -> None:
    slow, quick = IPC_HIGH_US - IPC_LOW_US, 0
    rig = Rig(
        "a", "b", bus="tauri-event", choices=Drawn({Label.IPC_DELAY: [0, 0, 0, 0, slow, quick]})
    )
    rig.settle()
    a, b = rig.windows
    a.post()
    a.post()
    rig.settle()
    assert b.heard == [("a", 2), ("a", 1)]


def test_a_reloaded_webview_misses_what_comes_before_it_listens_again() -> None:
    listens_late = Drawn({Label.IPC_DELAY: [0, 0, 0, 0, IPC_HIGH_US, IPC_HIGH_US, 0]})
    rig = Rig("a", "b", bus="tauri-event", choices=listens_late)
    rig.settle()
    a, b = rig.windows
    b.die()
    again = rig.window("b")
    a.post()
    rig.settle()
    assert (again.heard, rig.lost()) == ([], [("b", Loss.UNHEARD)])
    a.post()
    rig.settle()
    assert again.heard == [("a", 2)]


def test_what_is_queued_for_a_webview_that_goes_is_lost() -> None:
    rig = rig_of("a", "b")
    a, b = rig.windows
    a.post()
    rig.run_for(IPC_HIGH_US)  # evaluated; the link holds it up
    b.die()
    rig.settle()
    assert (b.heard, rig.lost()) == ([], [("b", Loss.GONE)])


def test_a_suspended_webview_gets_its_evaluations_when_it_wakes() -> None:
    rig = rig_of("a", "b", link=Link(range(1), 0.0, 0.0))
    a, b = rig.windows
    b.page.freeze()
    a.post()
    rig.settle()
    assert b.heard == []
    b.page.resume()
    assert b.heard == [("a", 1)]


def test_a_message_arrives_as_it_was_sent_though_it_travels_as_text() -> None:
    ada = Participant("ada", speaking=True)
    state = VoiceState(
        Intent("lobby – ä", True, False, True), participants=(ada,), applied=(Applied("b", 3),)
    )
    message = Snapshot("a", 2, 7, 1, state)
    rig = rig_of("a")
    taken: list[Received] = []
    rig.windows[0].port.hear = taken.append
    rig.windows[0].port.post(message)
    rig.settle()
    assert [received.message for received in taken] == [message]


def test_a_message_needs_one_trip_to_the_rust_process_and_no_longer() -> None:
    took_us = []
    for seed in range(40):
        rig = rig_of("a", "b", seed=seed, link=Link(range(1), 0, 0))
        began_us = rig.scheduler.now_us
        rig.windows[0].post()
        while not rig.windows[1].heard:
            rig.run_for(10)
        took_us.append(rig.scheduler.now_us - began_us)
    assert IPC_LOW_US <= min(took_us) < IPC_LOW_US + 600
    assert max(took_us) > IPC_HIGH_US - 600
