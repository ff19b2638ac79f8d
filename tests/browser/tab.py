"""One real window, and everything that can happen to it.

Rules: its page lives in a process of its own. Verbs return when the browser has done what was
asked, except where the page itself takes its time; a page that stands still answers nobody, so
those who ask it say how long they wait.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oneroom.live.errors import Unavailable
from tests.browser.cdp import CdpConnection, NoAnswer, Refused

# What pages call to be heard: `window.say(text)`.
BINDING = "say"
# What a long task of ours calls first.
_BEGUN = "stallBegins"
_STALL = f"{_BEGUN}(''); for (const end = performance.now() + %d; performance.now() < end;);"
_WAIT_S = 20.0
_POLL_S = 0.01
# A dedicated worker is a thread with a name: the one way to learn from outside which process a page
# lives in.
_WORKER_THREAD = "DedicatedWorker"
_START_WORKER = """\
globalThis.__worker = new Worker(URL.createObjectURL(new Blob(['postMessage(0)'])));
new Promise(done => __worker.onmessage = done).then(() => 0)
"""
_END_WORKER = "__worker.terminate(); delete globalThis.__worker"


class Tab:
    """One window. `target` is its name at the browser."""

    def __init__(self, connection: CdpConnection, target: str, hear: Callable[[str], None]) -> None:
        self.connection = connection
        self.target = target
        self.session = ""
        self.crashed = False
        self.gone = False
        self._hear = hear
        self._process = 0
        self._stopped = False
        self._stalls = False

    # -- what is said and asked -------------------------------------------------------------------

    def attach(self) -> str:
        """Begin to listen. Returns the name of the session."""
        attached = self.connection.call("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Inspector"):
            self._call(f"{domain}.enable")
        for binding in (BINDING, _BEGUN):
            self._call("Runtime.addBinding", name=binding)
        return self.session

    def detach(self) -> None:
        """Listen no more."""
        self.connection.call("Target.detachFromTarget", sessionId=self.session)

    def heard(self, method: str, said: dict[str, Any]) -> None:
        """The browser tells something about this tab."""
        if method == "Runtime.bindingCalled" and said["name"] == _BEGUN:
            self._stalls = True
        elif method == "Runtime.bindingCalled":
            self._hear(said["payload"])
        elif method == "Inspector.targetCrashed":
            self.crashed = True

    def evaluate(
        self, expression: str, timeout_s: float = _WAIT_S, *, gesture: bool = False
    ) -> Any:
        """The value of an expression, or of the promise that it is; `gesture`: as if the user had
        just clicked.

        Raises `Refused` if it throws or the page goes meanwhile, `NoAnswer` if the page stands
        still.
        """
        answer = self._call(
            "Runtime.evaluate",
            timeout_s,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=gesture,
        )
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise Refused(thrown.get("exception", {}).get("description", thrown["text"]))
        return answer["result"].get("value")

    def start(self, expression: str, *, gesture: bool = False) -> None:
        """Have the page run something that may take long, or never end."""
        number = self.connection.send(
            "Runtime.evaluate", self.session, expression=expression, userGesture=gesture
        )
        self.connection.forget(number)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Listen until `condition`. Raises `NoAnswer` when that takes too long."""
        deadline_s = time.monotonic() + _WAIT_S
        while not condition():
            if time.monotonic() > deadline_s:
                raise NoAnswer(f"{what}: not within {_WAIT_S:.0f} s")
            self.connection.listen(_POLL_S)

    # -- lives ------------------------------------------------------------------------------------

    def freeze(self) -> None:
        """The explicit freeze of the Page Lifecycle; a page that is shown is hidden by it."""
        self._call("Page.setWebLifecycleState", state="frozen")

    def resume(self) -> None:
        """The end of a freeze."""
        self._call("Page.setWebLifecycleState", state="active")

    def hide(self) -> None:
        """The user minimises the window."""
        self._set_state("minimized")

    def show(self) -> None:
        """The user brings the window back."""
        self._set_state("normal")

    def set_online(self, online: bool) -> None:
        """`navigator.onLine` and its events; while it is false, requests are refused at once, and
        what is connected stays.
        """
        self._call("Network.enable")
        self._call(
            "Network.emulateNetworkConditions",
            offline=not online,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def bring_to_front(self) -> None:
        """The user picks the tab: it is shown, and has the focus."""
        self._call("Page.bringToFront")

    def navigate(self, url: str) -> None:
        """Another document, as typed into the address bar. Returns when it has loaded."""
        answer = self._call("Page.navigate", url=url)
        if "errorText" in answer:
            raise Unavailable(f"{url} cannot be shown: {answer['errorText']}")
        self._loaded(url)

    def back(self) -> None:
        """The entry before this one of the tab's history."""
        history = self._call("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        self._call("Page.navigateToHistoryEntry", entryId=entry["id"])
        self._loaded(entry["url"])

    def reload(self) -> None:
        """The same document anew."""
        self._call("Page.reload")

    def close(self, *, ask: bool = True) -> None:
        """The user closes the window: with `beforeunload`, or without if the browser is not to
        `ask`.
        """
        if ask:
            with contextlib.suppress(Refused):  # gone before it could answer
                self._call("Page.close")
        else:
            self.connection.call("Target.closeTarget", targetId=self.target)
        self.until(lambda: not self._listed(), "close")
        self.gone = True

    def end(self) -> None:
        """Away with the window, whatever has become of it, without waiting."""
        if self._stopped:
            self.go_on()
        if not self.gone:
            self.connection.forget(self.connection.send("Target.closeTarget", targetId=self.target))

    def crash(self) -> None:
        """The renderer's process ends without a goodbye."""
        self.connection.forget(self.connection.send("Page.crash", self.session))
        self.until(lambda: self.crashed, "crash")

    def stall(self, duration_ms: int) -> None:
        """The page's main thread is busy for so long. Returns as soon as it is."""
        self._stalls = False
        self.start(_STALL % duration_ms)
        self.until(lambda: self._stalls, "stall")

    def stop(self) -> None:
        """The process stands still: SIGSTOP."""
        os.kill(self.process(), signal.SIGSTOP)
        self._stopped = True

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.process(), signal.SIGCONT)
        self._stopped = False

    def process(self) -> int:
        """The id of the page's process. The page must run when this is asked first."""
        if not self._process:
            before = self._worker_threads()
            self.evaluate(_START_WORKER)
            after = self._worker_threads()
            risen = [process for process in after if after[process] > before.get(process, 0)]
            self.evaluate(_END_WORKER)
            if len(risen) != 1:
                raise Unavailable(
                    f"{len(risen)} processes have begun a worker, so it is not known whose page "
                    "this is"
                )
            self._process = risen[0]
        return self._process

    # -- inside -----------------------------------------------------------------------------------

    def _call(self, method: str, timeout_s: float = _WAIT_S, **parameters: Any) -> dict[str, Any]:
        return self.connection.call(method, self.session, timeout_s, **parameters)

    def _set_state(self, state: str) -> None:
        window = self.connection.call("Browser.getWindowForTarget", targetId=self.target)[
            "windowId"
        ]
        self.connection.call(
            "Browser.setWindowBounds", windowId=window, bounds={"windowState": state}
        )
        shown = "visible" if state == "normal" else "hidden"
        self.until(lambda: self.evaluate("document.visibilityState") == shown, state)

    def _loaded(self, url: str) -> None:
        self._process = 0
        self.until(lambda: self._is_at(url), f"load {url}")

    def _is_at(self, url: str) -> bool:
        with contextlib.suppress(Refused):  # between two documents
            told = self.evaluate("[location.href, document.readyState]")
            return bool(
                told == [url, "complete"] or (told[1] == "complete" and told[0].rstrip("/") == url)
            )
        return False

    def _listed(self) -> bool:
        told = self.connection.call("Target.getTargets")["targetInfos"]
        return any(info["targetId"] == self.target for info in told)

    def _worker_threads(self) -> dict[int, int]:
        """How many dedicated workers each process of this browser has."""
        told = self.connection.call("SystemInfo.getProcessInfo")["processInfo"]
        found: dict[int, int] = {}
        for process in (one["id"] for one in told):
            found[process] = 0
            for name in Path(f"/proc/{process}/task").glob("*/comm"):
                with contextlib.suppress(OSError):
                    found[process] += name.read_text().startswith(_WORKER_THREAD)
        return found
