"""Devices: the captures of all windows, and the permission prompts before them.

Models (W3C mediacapture-main, screen-capture; Permissions): a granted microphone or camera opens
without a prompt; an undecided one opens a prompt in the window that requests it, and the user takes
a moment to answer; the answer is valid for the whole origin; a screen share always prompts. Two
windows that request at the same time have two prompts open at once, stacked in front of the user;
the answer to one is the answer to the other, too. A revoked permission, and a share that the user
ends from the browser's own bar, end the capture, and the page is told, even a frozen one (Chromium
156, seen). The specification, and engines other than Chromium, demand a recent click and the focus
before a page may request a share; Chromium opens its picker without either (seen): `strict`
chooses. A user answers one prompt after the other. A device that is unplugged ends its captures,
and cannot be opened until it is back. Every capture asks for the default device of its kind; one
that runs stays on its device when another becomes the default (Chromium
media_devices_manager.cc ends the captures of a removed device alone; element-call#1646). Which of
two prompts a browser shows on top is not modelled (unconfirmed).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.state import Source
from oneroom.ports.observer import Observer
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler

Permission = Literal["granted", "prompt", "denied"]

# Devices by name, and what they are.
KINDS: dict[str, Source] = {
    "microphone": Source.MICROPHONE,
    "headset": Source.MICROPHONE,
    "camera": Source.CAMERA,
}

# Duration of opening a device that is permitted already.
OPEN_LOW_US, OPEN_HIGH_US = 5_000, 60_000
# Duration of transient activation after a click (HTML standard; the value is Chromium's).
ACTIVATION_US = 5_000_000
# Time in which a user reads and answers a prompt.
ANSWER_LOW_US, ANSWER_HIGH_US = 800_000, 3_000_000


class CaptureRequest(msgspec.Struct, frozen=True, eq=False):
    """A request that is not answered yet; `prompted` if the user has to answer it. `done` is called
    with whether it was granted.
    """

    window: str
    source: Source
    done: Callable[[bool], None]
    prompted: bool


class Devices:
    """Implements `oneroom.ports.devices.Devices`. `microphone` is the permission for microphone and
    camera at the start.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        microphone: Permission,
        *,
        strict: bool = False,
    ) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.observer = observer
        self.permission = microphone
        self.capturing: list[tuple[str, Source]] = []
        self.waiting: list[CaptureRequest] = []
        # The user's answer to a prompt for microphone or camera.
        self.answer: Permission = "granted"
        self.strict = strict
        self.focused = ""
        # The devices of each kind that are there, the default one first.
        self.plugged: dict[Source, list[str]] = {
            Source.MICROPHONE: ["microphone"],
            Source.CAMERA: ["camera"],
        }
        self._used: dict[tuple[str, Source], str] = {}  # the device of each capture
        self._handed_over: set[tuple[str, Source]] = set()
        self._several = False  # there has been more than one microphone
        self._clicked_us: dict[str, int] = {}
        self._answered_us = 0
        self._pages: dict[str, Page] = {}
        self._listeners: dict[str, Callable[[Source], None]] = {}

    def attach(self, page: Page, ended: Callable[[Source], None] | None = None) -> None:
        """A window has opened: its answers are tasks of `page`, and so is `ended`, which is called
        for a capture that ends from outside.
        """
        self._pages[page.name] = page
        if ended is not None:
            self._listeners[page.name] = ended

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        """See the port."""
        if (window, source) in self._handed_over:
            self._handed_over.discard((window, source))
            self.scheduler.after(0, self._take_over, (window, source, done))
            return
        prompts = source is Source.SCREEN_SHARE or self.permission == "prompt"
        request = CaptureRequest(window, source, done, prompts and self._may_prompt(window, source))
        self.waiting.append(request)
        now_us = self.scheduler.now_us
        if request.prompted:
            self.observer.prompt(window, source, True)
            takes_us = self.choices.between(Label.PROMPT_ANSWER, ANSWER_LOW_US, ANSWER_HIGH_US)
            self._answered_us = max(now_us, self._answered_us) + takes_us
            self.scheduler.after(self._answered_us - now_us, self._answer, request)
        else:
            self.scheduler.after(
                self.choices.between(Label.LATENCY, OPEN_LOW_US, OPEN_HIGH_US),
                self._answer,
                request,
            )

    def hand_over(self, window: str, source: Source) -> None:
        """The page gives its own capture to its SDK: the next request is for that one, which is
        there without a prompt (`publishTrack` of a LocalTrack, livekit-client).
        """
        if (window, source) in self.capturing:
            self._handed_over.add((window, source))

    def _take_over(self, asked: tuple[str, Source, Callable[[bool], None]]) -> None:
        window, source, done = asked
        if window in self._pages:
            there = (window, source) in self.capturing
            self._pages[window].run(TaskSource.INPUT, done, there)

    def _may_prompt(self, window: str, source: Source) -> bool:
        """True if the browser shows a prompt for `source`."""
        if not self._is_there(source):
            return False
        if source is not Source.SCREEN_SHARE or not self.strict:
            return True
        clicked_us = self._clicked_us.get(window, -ACTIVATION_US - 1)
        return window == self.focused and self.scheduler.now_us - clicked_us <= ACTIVATION_US

    def click(self, window: str) -> None:
        """The user clicks in `window`, which gets transient activation and the focus."""
        self._clicked_us[window] = self.scheduler.now_us
        self.focused = window

    def refuse(self, window: str) -> None:
        """The user refuses the prompts of `window`; for microphone and camera the refusal is
        remembered.
        """
        for request in [
            entry for entry in self.waiting if entry.window == window and entry.prompted
        ]:
            if request.source is not Source.SCREEN_SHARE:
                self.permission = "denied"
            self._forget(request)
            self._pages[window].run(TaskSource.INPUT, request.done, False)

    def unplug(self, device: str) -> None:
        """The device is unplugged: its captures end, and the next one of its kind is the
        default.
        """
        source = KINDS[device]
        if device in self.plugged[source]:
            self.plugged[source].remove(device)
            for window, captured in list(self.capturing):
                if captured is source and self._used[window, source] == device:
                    self._end(window, source)

    def plug_in(self, device: str) -> None:
        """The device is there, and the default of its kind: that is what macOS and Windows make of
        it. No capture resumes or changes by itself.
        """
        if device in self.plugged[KINDS[device]]:
            return
        self.plugged[KINDS[device]].insert(0, device)
        if device == "headset" and not self._several:
            self._several = True
            for (window, source), used in self._used.items():
                if source is Source.MICROPHONE:
                    self.observer.microphone(window, used)

    def make_default(self, device: str) -> None:
        """The system's default of its kind changes to a device that is there."""
        there = self.plugged[KINDS[device]]
        there.remove(device)
        there.insert(0, device)

    def is_default(self, window: str, source: Source) -> bool:
        """See the port."""
        return self._used.get((window, source), "") == next(iter(self.plugged.get(source, ())), "")

    def _is_there(self, source: Source) -> bool:
        return source is Source.SCREEN_SHARE or bool(self.plugged[source])

    def release(self, window: str, source: Source) -> None:
        """See the port."""
        for request in [
            entry for entry in self.waiting if entry.window == window and entry.source is source
        ]:
            self._forget(request)
        self._handed_over.discard((window, source))
        if (window, source) in self.capturing:
            self.capturing.remove((window, source))
            self._used.pop((window, source), None)
            self.observer.capture(window, source, False)

    def decide(self, permission: Permission) -> None:
        """The user or an enterprise policy sets the permission for microphone and camera, without a
        prompt.
        """
        self.permission = permission
        if permission != "granted":
            for window, source in list(self.capturing):
                if source is not Source.SCREEN_SHARE:
                    self._end(window, source)

    def stop_sharing(self, window: str) -> None:
        """The user ends the share from the browser's own bar, or the shared surface goes away."""
        if (window, Source.SCREEN_SHARE) in self.capturing:
            self._end(window, Source.SCREEN_SHARE)

    def _end(self, window: str, source: Source) -> None:
        self.release(window, source)
        if window in self._listeners:
            self._pages[window].run(TaskSource.DEVICE, self._listeners[window], source)

    def gone(self, window: str) -> None:
        """The window's process has ended: its captures stop and its prompts close."""
        for source in Source:
            self.release(window, source)
        self._pages.pop(window, None)
        self._listeners.pop(window, None)

    def end(self) -> None:
        """The run is over: drop all references."""
        self.waiting.clear()
        self._pages.clear()
        self._listeners.clear()

    def _answer(self, request: CaptureRequest) -> None:
        if request not in self.waiting:
            return
        self._forget(request)
        if request.prompted and request.source is not Source.SCREEN_SHARE:
            # The first answer is valid for the whole origin.
            self.permission = self.answer if self.permission == "prompt" else self.permission
        granted = (
            request.prompted
            if request.source is Source.SCREEN_SHARE
            else self.permission == "granted"
        )
        granted = granted and self._is_there(request.source)
        if granted and (request.window, request.source) not in self.capturing:
            self.capturing.append((request.window, request.source))
            self.observer.capture(request.window, request.source, True)
            self._use_default(request.window, request.source)
        self._pages[request.window].run(TaskSource.INPUT, request.done, granted)

    def _use_default(self, window: str, source: Source) -> None:
        if source in self.plugged:
            self._used[window, source] = self.plugged[source][0]
            if source is Source.MICROPHONE and self._several:
                self.observer.microphone(window, self._used[window, source])

    def _forget(self, request: CaptureRequest) -> None:
        self.waiting.remove(request)
        if request.prompted:
            self.observer.prompt(request.window, request.source, False)
