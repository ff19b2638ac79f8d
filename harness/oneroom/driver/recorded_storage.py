"""localStorage as a policy has it, with a record of what it reads and writes."""

from __future__ import annotations

from oneroom.core.platform import WebStorage
from oneroom.trace.records import STORED_CHARACTERS, StorageRead, StorageWritten
from oneroom.trace.trace import Trace


class RecordedStorage:
    """Implements `WebStorage` on `storage`. What follows in the hook from a read has it as its
    cause, and the `storage` events of a write have the write.
    """

    def __init__(self, storage: WebStorage, trace: Trace, place: int) -> None:
        self._storage = storage
        self._trace = trace
        self._place = place

    def get(self, key: str) -> str | None:
        """See `WebStorage`."""
        value = self._storage.get(key)
        t = self._trace
        what = t.intern(key), t.intern((value or "")[:STORED_CHARACTERS])
        t.act_on(StorageRead(t.n, t.now_us, self._place, t.cause, *what))
        return value

    def set(self, key: str, value: str) -> None:
        """See `WebStorage`. A write that is refused is not recorded."""
        t = self._trace
        cause, t.cause = t.cause, t.n
        try:
            self._storage.set(key, value)
        finally:
            t.cause = cause
        self._wrote(key, value)

    def remove(self, key: str) -> None:
        """See `WebStorage`."""
        t = self._trace
        cause, t.cause = t.cause, t.n
        self._storage.remove(key)
        t.cause = cause
        self._wrote(key, "")

    def keys(self) -> tuple[str, ...]:
        """See `WebStorage`."""
        return self._storage.keys()

    def _wrote(self, key: str, value: str) -> None:
        t = self._trace
        what = t.intern(key), t.intern(value[:STORED_CHARACTERS])
        t.append(StorageWritten(t.n, t.now_us, self._place, t.cause, *what))
