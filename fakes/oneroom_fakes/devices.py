"""Devices: who captures what, and the permission prompts before it.

Models (W3C mediacapture-main, screen-capture; Permissions): a granted microphone or camera opens
without a prompt; an undecided one opens a prompt in the window that asks, and the user takes a
moment to answer; the answer holds for the whole origin; a screen share always asks. Two windows
that ask at the same time have two prompts up at once: the user sees a pile of dialogs (the
collision that the plan names). What the user answers to one prompt answers the other too. A
permission that is taken back, and a share that the user ends from the browser's own bar, end the
capture, and the page is told, even a frozen one (Chromium 156, seen). The specification demands a
fresh click and the focus before it lets a page ask for a share, and other engines do, too; Chromium
opens its picker without either (seen): `strict` chooses. A user answers one prompt after the other.
A device that is unplugged ends its captures, and cannot be opened until it is back. Which of two
prompts browsers show on top is not modelled (unconfirmed).
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

# Opening a device that is already permitted.
OPEN_LOW_US, OPEN_HIGH_US = 5_000, 60_000
# How long a click counts (HTML standard, transient activation; the duration is Chromium's).
ACTIVATION_US = 5_000_000
# A user reads a prompt and answers it.
ANSWER_LOW_US, ANSWER_HIGH_US = 800_000, 3_000_000


class CaptureRequest(msgspec.Struct, frozen=True, eq=False):
    """One request that is not answered yet; `prompted` if the user has to answer it."""

    window: str
    source: Source
    done: Callable[[bool], None]
    prompted: bool


class Devices:
    """Implements `oneroom.ports.devices.Devices`. `microphone` is what the user has said about
    microphone and camera.
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
        # What the user says to a prompt for microphone or camera.
        self.answer: Permission = "granted"
        self.strict = strict
        self.focused = ""
        self.unplugged: list[Source] = []
        self._clicked_us: dict[str, int] = {}
        self._answered_us = 0
        self._pages: dict[str, Page] = {}
        self._listeners: dict[str, Callable[[Source], None]] = {}

    def attach(self, page: Page, ended: Callable[[Source], None] | None = None) -> None:
        """A window opened: answers for it are tasks of its page, and so is `ended`, for a capture
        that others end.
        """
        self._pages[page.name] = page
        if ended is not None:
            self._listeners[page.name] = ended

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        """See the port."""
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

    def _may_prompt(self, window: str, source: Source) -> bool:
        """Whether the browser shows the prompt at all."""
        if source in self.unplugged:
            return False
        if source is not Source.SCREEN_SHARE or not self.strict:
            return True
        clicked_us = self._clicked_us.get(window, -ACTIVATION_US - 1)
        return window == self.focused and self.scheduler.now_us - clicked_us <= ACTIVATION_US

    def click(self, window: str) -> None:
        """The user does something in `window`: transient activation, and the focus."""
        self._clicked_us[window] = self.scheduler.now_us
        self.focused = window

    def refuse(self, window: str) -> None:
        """The user refuses what `window` asks for; for microphone and camera that is remembered."""
        for request in [
            entry for entry in self.waiting if entry.window == window and entry.prompted
        ]:
            if request.source is not Source.SCREEN_SHARE:
                self.permission = "denied"
            self._forget(request)
            self._pages[window].run(TaskSource.INPUT, request.done, False)

    def unplug(self, source: Source) -> None:
        """The device is gone: what captures it ends."""
        if source not in self.unplugged:
            self.unplugged.append(source)
        for window, captured in list(self.capturing):
            if captured is source:
                self._end(window, source)

    def plug_in(self, source: Source) -> None:
        """The device is back. Nothing is captured because of that alone."""
        if source in self.unplugged:
            self.unplugged.remove(source)

    def release(self, window: str, source: Source) -> None:
        """See the port."""
        for request in [
            entry for entry in self.waiting if entry.window == window and entry.source is source
        ]:
            self._forget(request)
        if (window, source) in self.capturing:
            self.capturing.remove((window, source))
            self.observer.capture(window, source, False)

    def decide(self, permission: Permission) -> None:
        """The user, or a policy, decides about microphone and camera for the origin, without having
        been asked.
        """
        self.permission = permission
        if permission != "granted":
            for window, source in list(self.capturing):
                if source is not Source.SCREEN_SHARE:
                    self._end(window, source)

    def stop_sharing(self, window: str) -> None:
        """The user ends the share from the browser's own bar, or what is shared goes."""
        if (window, Source.SCREEN_SHARE) in self.capturing:
            self._end(window, Source.SCREEN_SHARE)

    def _end(self, window: str, source: Source) -> None:
        self.release(window, source)
        if window in self._listeners:
            self._pages[window].run(TaskSource.DEVICE, self._listeners[window], source)

    def gone(self, window: str) -> None:
        """The window's process ended: the system stops its captures and closes its prompts."""
        for source in Source:
            self.release(window, source)
        self._pages.pop(window, None)
        self._listeners.pop(window, None)

    def end(self) -> None:
        """The run is over: let go of all pages."""
        self.waiting.clear()
        self._pages.clear()
        self._listeners.clear()

    def _answer(self, request: CaptureRequest) -> None:
        if request not in self.waiting:
            return
        self._forget(request)
        if request.prompted and request.source is not Source.SCREEN_SHARE:
            # The first answer is everybody's.
            self.permission = self.answer if self.permission == "prompt" else self.permission
        granted = (
            request.prompted
            if request.source is Source.SCREEN_SHARE
            else self.permission == "granted"
        )
        granted = granted and request.source not in self.unplugged
        if granted and (request.window, request.source) not in self.capturing:
            self.capturing.append((request.window, request.source))
            self.observer.capture(request.window, request.source, True)
        self._pages[request.window].run(TaskSource.INPUT, request.done, granted)

    def _forget(self, request: CaptureRequest) -> None:
        self.waiting.remove(request)
        if request.prompted:
            self.observer.prompt(request.window, request.source, False)
