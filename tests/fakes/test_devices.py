"""Devices: prompts, what their answers hold for, and who captures."""

from __future__ import annotations

import pytest

from oneroom.core.state import Source
from oneroom_fakes.devices import (
    ACTIVATION_US,
    ANSWER_HIGH_US,
    ANSWER_LOW_US,
    OPEN_HIGH_US,
    OPEN_LOW_US,
)
from tests.fakes.browser_rig import Rig

MICROPHONE, CAMERA, SCREEN = Source.MICROPHONE, Source.CAMERA, Source.SCREEN_SHARE


@pytest.mark.parametrize("source", [MICROPHONE, CAMERA])
def test_a_granted_device_opens_without_a_prompt(source: Source) -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.ask(source)
    rig.run_for(OPEN_LOW_US - 1)
    assert a.answers == []
    rig.run_for(OPEN_HIGH_US)
    assert a.answers == [True]
    assert rig.up("capture") == [("a", source)]
    assert rig.reports("prompt") == []


def test_the_answer_to_a_prompt_holds_for_all_windows() -> None:
    rig = Rig("a", "b", microphone="prompt")
    a, b = rig.windows
    a.ask(MICROPHONE)
    assert rig.up("prompt") == [("a", MICROPHONE)]
    rig.run_for(ANSWER_LOW_US - 1)
    assert a.answers == []
    rig.run_for(ANSWER_HIGH_US)
    assert (a.answers, rig.up("prompt")) == ([True], [])
    b.ask(MICROPHONE)
    assert rig.up("prompt") == []
    rig.settle()
    assert b.answers == [True]
    assert rig.up("capture") == [("a", MICROPHONE), ("b", MICROPHONE)]


def test_a_denied_device_is_refused_without_a_prompt() -> None:
    rig = Rig("a", microphone="denied")
    (a,) = rig.windows
    a.ask(MICROPHONE)
    rig.settle()
    assert a.answers == [False]
    assert (rig.reports("prompt"), rig.reports("capture")) == ([], [])


@pytest.mark.parametrize("microphone", ["granted", "prompt", "denied"])
def test_a_screen_share_always_asks(microphone: str) -> None:
    rig = Rig("a", microphone=microphone)  # type: ignore[arg-type]  # parametrised with the three literals
    (a,) = rig.windows
    for _ in range(2):
        a.ask(SCREEN)
        assert rig.up("prompt") == [("a", SCREEN)]
        rig.settle()
        assert rig.up("capture") == [("a", SCREEN)]
        rig.devices.release("a", SCREEN)
    assert a.answers == [True, True]
    assert rig.devices.permission == microphone  # the answer holds for this share alone


def test_two_windows_can_have_two_prompts_up() -> None:
    rig = Rig("a", "b", microphone="prompt")
    a, b = rig.windows
    a.ask(MICROPHONE)
    b.ask(MICROPHONE)
    assert rig.up("prompt") == [("a", MICROPHONE), ("b", MICROPHONE)]
    rig.settle()
    assert (a.answers, b.answers, rig.up("prompt")) == ([True], [True], [])


def test_a_released_request_is_not_answered() -> None:
    rig = Rig("a", microphone="prompt")
    (a,) = rig.windows
    a.ask(MICROPHONE)
    rig.devices.release("a", MICROPHONE)
    assert rig.up("prompt") == []
    rig.settle()
    assert (a.answers, rig.reports("capture")) == ([], [])


def test_a_release_ends_the_capture() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.ask(MICROPHONE)
    rig.settle()
    rig.devices.release("a", CAMERA)
    assert rig.up("capture") == [("a", MICROPHONE)]
    rig.devices.release("a", MICROPHONE)
    assert rig.up("capture") == []


def test_a_window_that_is_gone_captures_nothing() -> None:
    rig = Rig("a", "b", microphone="prompt")
    a, b = rig.windows
    a.ask(MICROPHONE)
    rig.settle()
    a.ask(SCREEN)
    b.ask(MICROPHONE)
    a.die()
    assert (rig.up("capture"), rig.up("prompt")) == ([], [])
    rig.settle()
    assert a.answers == [True]
    assert rig.up("capture") == [("b", MICROPHONE)]


def test_a_frozen_page_captures_and_learns_later() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.ask(MICROPHONE)
    a.page.freeze()
    rig.settle()
    assert (a.answers, rig.up("capture")) == ([], [("a", MICROPHONE)])
    a.page.resume()
    assert a.answers == [True]


def strict(*names: str) -> Rig:
    """A browser that does as the specification says."""
    rig = Rig(*names)
    rig.devices.strict = True
    return rig


def test_a_strict_browser_asks_for_a_fresh_click_and_the_focus() -> None:
    rig = strict("a", "b")
    a, b = rig.windows
    a.ask(SCREEN)
    assert rig.up("prompt") == []
    rig.settle()
    assert a.answers == [False]
    rig.devices.click("a")
    rig.run_for(ACTIVATION_US)
    a.ask(SCREEN)
    assert rig.up("prompt") == [("a", SCREEN)]
    rig.settle()
    a.ask(SCREEN)  # the click is too old
    rig.devices.click("a")
    rig.devices.focused = "b"
    a.ask(SCREEN)  # the focus is elsewhere
    rig.settle()
    assert a.answers == [False, True, False, False]
    assert b.answers == []


def test_a_lax_browser_opens_the_picker_for_anybody() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.ask(SCREEN)
    assert rig.up("prompt") == [("a", SCREEN)]


def test_a_user_answers_one_prompt_after_the_other() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.ask(SCREEN)
    b.ask(SCREEN)
    closed: list[int] = []
    while len(closed) < 2:
        rig.run_for(1_000)
        closed = [
            report[0] for report in rig.observer.reports if report[1] == "prompt" and not report[4]
        ]
    assert closed[1] - closed[0] >= ANSWER_LOW_US


def test_a_refusal_is_remembered_for_microphone_and_camera_alone() -> None:
    rig = Rig("a", microphone="prompt")
    (a,) = rig.windows
    a.ask(SCREEN)
    rig.devices.refuse("a")
    assert (a.answers, rig.up("prompt"), rig.devices.permission) == ([False], [], "prompt")
    a.ask(MICROPHONE)
    rig.devices.refuse("a")
    assert (a.answers, rig.up("prompt"), rig.devices.permission) == ([False, False], [], "denied")
    rig.settle()
    assert a.answers == [False, False]


def test_an_unplugged_device_ends_its_captures_and_cannot_be_opened() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    for window in (a, b):
        window.ask(MICROPHONE)
    a.ask(CAMERA)
    rig.settle()
    rig.devices.unplug("microphone")
    assert rig.up("capture") == [("a", CAMERA)]
    a.ask(MICROPHONE)
    rig.settle()
    assert a.answers == [True, True, False]
    rig.devices.plug_in("microphone")
    rig.settle()
    assert rig.up("capture") == [("a", CAMERA)]
    a.ask(MICROPHONE)
    rig.settle()
    assert rig.up("capture") == [("a", CAMERA), ("a", MICROPHONE)]


def test_a_capture_opens_the_default_microphone_and_stays_on_it() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.ask(MICROPHONE)
    rig.settle()
    rig.devices.plug_in("headset")
    assert not rig.devices.is_default("a", MICROPHONE)
    b.ask(MICROPHONE)
    rig.settle()
    assert rig.devices.is_default("b", MICROPHONE)
    rig.devices.make_default("microphone")
    assert rig.devices.is_default("a", MICROPHONE)
    rig.devices.unplug("headset")
    assert rig.up("capture") == [("a", MICROPHONE)]


def test_a_capture_that_is_handed_over_is_not_made_again() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.ask(SCREEN)
    rig.settle()
    rig.devices.hand_over("a", SCREEN)
    a.ask(SCREEN)
    assert rig.up("prompt") == []
    rig.settle()
    assert (a.answers, rig.up("capture")) == ([True, True], [("a", SCREEN)])
    a.ask(SCREEN)
    assert rig.up("prompt") == [("a", SCREEN)], "only once"
