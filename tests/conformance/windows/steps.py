"""Steps of a case on a window, as data, so that page scripts and fakes can perform the same ones.

Rules: a list of steps is one task. What a step brings about is told in words, the same on both
arms: `page.js` is the page of both. Delays are in milliseconds, as in `setTimeout`.
"""

from __future__ import annotations

Step = tuple[object, ...]


def note(text: str) -> Step:
    """Tells `text`."""
    return ("note", text)


def react(start: str, *steps: Step) -> Step:
    """From now on whenever something is told that starts so, perform the steps, in that very
    task.
    """
    return ("react", start, list(steps))


# -- BroadcastChannel ----------------------------------------------------------------------------


def channel(name: str, of: str = "bus") -> Step:
    """`new BroadcastChannel(of)`. Tells "NAME hears VALUE"."""
    return ("channel", name, of)


def post(name: str, value: object) -> Step:
    """`postMessage`. Tells "threw InvalidStateError" on a closed one."""
    return ("post", name, value)


def post_unclonable(name: str, kind: str) -> Step:
    """`postMessage` of a `function`, an `element`, an object with a `method`, a `symbol`, a
    `promise`, a WeakMap (`weak`), a function `deep` in a Map, or, in an isolated window, of
    `shared` memory or an object that is `sharing` some. Tells "threw DataCloneError" if that is
    what it does.
    """
    return ("post_unclonable", name, kind)


def post_clonable(name: str, kind: str) -> Step:
    """`postMessage` of an object of that kind: `page.js` has the list. Who hears
    it tells it in words.
    """
    return ("post_clonable", name, kind)


def shut(name: str) -> Step:
    """`close()` of a channel."""
    return ("shut", name)


# -- storage -------------------------------------------------------------------------------------


def put(key: str, value: str) -> Step:
    """`localStorage.setItem`. Others tell "storage KEY: OLD to NEW"."""
    return ("put", key, value)


def fill(key: str, units: int, letter: str = "x") -> Step:
    """A value of so many UTF-16 units. Tells "threw QuotaExceededError" if there is no room."""
    return ("fill", key, units, letter)


def read(key: str) -> Step:
    """`getItem`. Tells "KEY is VALUE"."""
    return ("read", key)


def remove(key: str) -> Step:
    """`removeItem`."""
    return ("remove", key)


def clear() -> Step:
    """`localStorage.clear()`."""
    return ("clear",)


def put_session(key: str, value: str) -> Step:
    """`sessionStorage.setItem`."""
    return ("put_session", key, value)


def read_session(key: str) -> Step:
    """`sessionStorage.getItem`. Tells "KEY is VALUE in the session"."""
    return ("read_session", key)


# -- Web Locks -----------------------------------------------------------------------------------


def lock(name: str, how: str = "signal", of: str = "lock", mode: str = "exclusive") -> Step:
    """`navigator.locks.request`; `how`: with a `signal` (to wait until it is aborted),
    `ifAvailable`, `steal`, or what excludes each other, as in "steal and signal"; `mode`:
    exclusive, shared. Tells "NAME granted", "NAME refused" (null), "NAME ended", "NAME failed with
    ERROR".
    """
    return ("lock", name, of, how, mode)


def release(name: str) -> Step:
    """The promise of that request's callback resolves."""
    return ("release", name)


def abort(name: str) -> Step:
    """`signal` of that request."""
    return ("abort", name)


def query(of: str = "lock") -> Step:
    """`navigator.locks.query()`. Tells "LOCK has N held, M pending"."""
    return ("query", of)


# -- time ----------------------------------------------------------------------------------------


def timer(delay_ms: int, name: str) -> Step:
    """`setTimeout`. Tells "timer NAME"."""
    return ("timer", delay_ms, name)


def every(delay_ms: int, name: str) -> Step:
    """`setInterval`. Tells "tick NAME"."""
    return ("every", delay_ms, name)


def chain(delay_ms: int, count: int, name: str) -> Step:
    """`count` timers, each set by the one before it. Each tells "link NAME"."""
    return ("chain", delay_ms, count, name)


def microtask(name: str) -> Step:
    """Tells "microtask NAME" at the end of the task."""
    return ("microtask", name)


def port(name: str) -> Step:
    """A message through a MessageChannel of the window's own. Tells "port NAME"."""
    return ("port", name)


def fetch(name: str, takes_ms: int = 0) -> Step:
    """Tells "fetch NAME" when the answer is there, for which the server takes so long."""
    return ("fetch", name, takes_ms)


def socket(name: str) -> Step:
    """A WebSocket to a server that passes on what one of them sends to all others. Tells "NAME
    open", "NAME says TEXT", "NAME closed CODE".
    """
    return ("socket", name)


def send(name: str, text: str) -> Step:
    """`send` of that WebSocket."""
    return ("send", name, text)


def spin(delay_ms: int) -> Step:
    """A task that lasts so long."""
    return ("spin", delay_ms)


def elapsed() -> Step:
    """Tells "elapsed A B": milliseconds since the page began, by `performance.now` and by
    `Date.now`.
    """
    return ("elapsed",)


def connect(kind: str) -> Step:
    """A peer connection of the window with itself, with a `data` channel or an `audio` transceiver.
    Tells "peer connected".
    """
    return ("connect", kind)


# -- the window itself ---------------------------------------------------------------------------


def open_window(other: str, features: str = "") -> Step:
    """`window.open`; `features`: "noopener" or nothing."""
    return ("open", other, features)


def close_itself() -> Step:
    """`window.close()`."""
    return ("close_itself",)


def state() -> Step:
    """Tells "is visible" or "is hidden", and whether it was discarded."""
    return ("state",)


def capture(source: str) -> Step:
    """Asks for `microphone`, `camera` or `screen`. Tells "SOURCE captured", "SOURCE failed with
    ERROR", and later "SOURCE ended".
    """
    return ("capture", source)


def stop_capture(source: str) -> Step:
    """`stop()` of the tracks that `capture` got."""
    return ("stop_capture", source)


def captured(source: str) -> Step:
    """Tells "SOURCE is live" or "SOURCE is ended"."""
    return ("captured", source)


def permission(name: str) -> Step:
    """Tells "NAME is STATE"."""
    return ("permission", name)
