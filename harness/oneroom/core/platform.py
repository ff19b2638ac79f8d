"""The platform of a policy: web storage and draws, which answer at once, inside a hook.

Everything else that a policy does is an action, performed after its turn. These answer
synchronously because they do in a browser: there is no other way to write `if
(localStorage.getItem("owner") === null) localStorage.setItem("owner", me)` as apps write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec


class QuotaExceededError(Exception):
    """A write to web storage would exceed the quota of its origin; nothing was written (HTML
    standard, `setItem`).
    """


class WebStorage(Protocol):
    """localStorage or sessionStorage as one window sees it (HTML standard, Storage).

    localStorage has no lock: another window's write may come between a `get` and a `set`, and may
    not have arrived yet.
    """

    def get(self, key: str) -> str | None:
        """The value of `key`, None if there is none."""

    def set(self, key: str, value: str) -> None:
        """Set `key`, visible to this window at once. Raises QuotaExceededError."""

    def remove(self, key: str) -> None:
        """Remove `key`; no error if there is none."""

    def keys(self) -> tuple[str, ...]:
        """All keys, sorted."""


class MemoryStorage:
    """Web storage that is shared with nobody: the sessionStorage of a tab."""

    def __init__(self, items: dict[str, str] | None = None) -> None:
        self.items: dict[str, str] = {} if items is None else items

    def get(self, key: str) -> str | None:
        """See `WebStorage`."""
        return self.items.get(key)

    def set(self, key: str, value: str) -> None:
        """See `WebStorage`."""
        self.items[key] = value

    def remove(self, key: str) -> None:
        """See `WebStorage`."""
        self.items.pop(key, None)

    def keys(self) -> tuple[str, ...]:
        """See `WebStorage`."""
        return tuple(sorted(self.items))


class Draws(Protocol):
    """Randomness of a run, which its seed fixes."""

    def __call__(self, name: str, bound: int) -> int:
        """A draw of 0 <= value < `bound`; `name` says in the trace what for."""


def ordinary(name: str, bound: int) -> int:  # noqa: ARG001  # as `Draws` is called
    """The ordinary value of every draw."""
    return 0


def unread(text: str) -> None:
    """A note that nobody reads."""


class Platform(msgspec.Struct):
    """The things that the driver of a window lends to its policy.

    Without a driver nothing is shared, every draw is 0 and nobody reads a `note`.
    """

    local_storage: WebStorage = msgspec.field(default_factory=MemoryStorage)
    session_storage: WebStorage = msgspec.field(default_factory=MemoryStorage)
    draw: Draws = ordinary
    note: Callable[[str], None] = unread
