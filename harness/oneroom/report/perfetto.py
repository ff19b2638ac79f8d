"""A run as a Perfetto trace (ui.perfetto.dev), in its native format of TrackEvents.

The JSON format of Chrome is no way to draw messages: its importer links slices by time and not by
the ids of flows (google/perfetto #686, #725), so this writes protobuf: a `Trace` of `TracePacket`s,
with the numbers of fields of perfetto_trace.proto, of which a test reads it back.

A process is the run, a track a window (or the SFU, the bus …); below a window are tracks that show
when it was the owner, held a Room, was paused. A record is an event without a length, and a flow
leads to it from the record in another place that caused it: messages, and effects of steps.
"""

from __future__ import annotations

from collections.abc import Iterator

from oneroom.report.describe import Describer
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, Trace

# Fields by message, and the two enums that are used.
_PACKET = 1
_TIMESTAMP, _SEQUENCE, _EVENT, _DESCRIPTOR, _FLAGS = 8, 10, 11, 60, 13
_UUID, _NAME, _PROCESS, _PARENT, _ORDERING, _RANK = 1, 2, 3, 5, 11, 12
_PID, _PROCESS_NAME = 1, 6
_ANNOTATIONS, _KIND, _TRACK, _CATEGORIES, _TITLE, _FLOWS, _ENDS = 4, 9, 11, 22, 23, 47, 48
_KEY, _NUMBER, _TEXT = 10, 4, 6
_BEGIN, _END, _INSTANT = 1, 2, 3
_EXPLICIT_ORDER = 3
_INCREMENTAL_STATE_CLEARED = 1

_VARINT, _FIXED64, _BYTES = 0, 1, 2
_RUN = 1
# Tracks below a window's own: its uuid and the place of one of these.
_STATES = ("owner", "Room", "paused")
_STRIDE = len(_STATES) + 1


def render(trace: Trace, title: str) -> bytes:
    """The trace of a run called `title`, for a file `*.pftrace`."""
    return b"".join(_delimited(_PACKET, packet) for packet in _packets(trace, title))


def _packets(trace: Trace, title: str) -> Iterator[bytes]:
    process = _delimited(_PROCESS, _integer(_PID, _RUN) + _string(_PROCESS_NAME, title))
    first = _integer(_FLAGS, _INCREMENTAL_STATE_CLEARED) + _integer(_SEQUENCE, 1)
    yield first + _delimited(_DESCRIPTOR, _integer(_UUID, _RUN) + _string(_NAME, title) + process)
    places = list(dict.fromkeys(record.where for record in trace.records))
    windows = {record.where for record in trace.records if isinstance(record, r.LifeChanged)}
    for rank, place in enumerate(places):
        yield _track(_uuid(place), _RUN, trace.names[place], rank)
        if place in windows:
            for number, state in enumerate(_STATES, start=1):
                yield _track(_uuid(place) + number, _uuid(place), state, number)
    yield from _events(trace)


def _events(trace: Trace) -> Iterator[bytes]:
    describer = Describer(trace)
    flows = _flows(trace)
    states = _States(trace)
    for record in trace.records:
        yield from states.follow(record)
        event = (
            _integer(_KIND, _INSTANT)
            + _integer(_TRACK, _uuid(record.where))
            + _string(_TITLE, describer.describe(record))
            + _string(_CATEGORIES, type(record).__name__)
            + _delimited(_ANNOTATIONS, _string(_KEY, "record") + _integer(_NUMBER, record.n))
        )
        if record.n in flows.begun:
            event += b"".join(_fixed(_FLOWS, flow) for flow in flows.begun[record.n])
        if record.n in flows.ended:
            event += _fixed(_ENDS, flows.ended[record.n])
        yield _packet(record.at_us, event)
    yield from states.close(trace.now_us)


class _Flows:
    """The flows that begin and end at records, by their numbers."""

    def __init__(self) -> None:
        self.begun: dict[int, list[int]] = {}
        self.ended: dict[int, int] = {}


def _flows(trace: Trace) -> _Flows:
    found = _Flows()
    where = [record.where for record in trace.records]
    for record in trace.records:
        if record.cause != NO_CAUSE and where[record.cause] != record.where:
            flow = record.n + 1  # 0 is no flow
            found.begun.setdefault(record.cause, []).append(flow)
            found.ended[record.n] = flow
    return found


class _States:
    """Slices of what a window is: one at a time on each of its tracks."""

    def __init__(self, trace: Trace) -> None:
        self._names = trace.names
        self._on: dict[int, str] = {}

    def follow(self, record: r.Record) -> Iterator[bytes]:
        """The ends and beginnings of slices that `record` makes."""
        match record:
            case r.RoleChanged():
                owns = f"owner of term {record.term}" if record.role in r.OWNING else ""
                yield from self._set(record, "owner", owns)
            case r.RoomChanged():
                held = "" if record.state is r.RoomState.ENDED else record.state.name.lower()
                yield from self._set(record, "Room", held)
            case r.LifeChanged() if record.life in r.PAUSED:
                yield from self._set(record, "paused", record.life.name.lower())
            case r.LifeChanged() if record.life in r.UNPAUSED:
                yield from self._set(record, "paused", "")
            case r.LifeChanged() if record.life in r.GONE:
                for state in _STATES:
                    yield from self._set(record, state, "")
            case _:
                pass

    def close(self, at_us: int) -> Iterator[bytes]:
        """The ends of all slices that are open."""
        for track in self._on:
            yield _packet(at_us, _integer(_KIND, _END) + _integer(_TRACK, track))

    def _set(self, record: r.Record, state: str, text: str) -> Iterator[bytes]:
        track = _uuid(record.where) + _STATES.index(state) + 1
        if self._on.get(track, "") == text:
            return
        if self._on.pop(track, ""):
            yield _packet(record.at_us, _integer(_KIND, _END) + _integer(_TRACK, track))
        if text:
            self._on[track] = text
            begun = _integer(_KIND, _BEGIN) + _integer(_TRACK, track) + _string(_TITLE, text)
            yield _packet(record.at_us, begun)


def _uuid(place: int) -> int:
    return _RUN + 1 + place * _STRIDE


def _track(uuid: int, parent: int, name: str, rank: int) -> bytes:
    descriptor = _integer(_UUID, uuid) + _integer(_PARENT, parent) + _string(_NAME, name)
    descriptor += _integer(_ORDERING, _EXPLICIT_ORDER) + _integer(_RANK, rank)
    return _integer(_SEQUENCE, 1) + _delimited(_DESCRIPTOR, descriptor)


def _packet(at_us: int, event: bytes) -> bytes:
    return _integer(_TIMESTAMP, at_us * 1_000) + _integer(_SEQUENCE, 1) + _delimited(_EVENT, event)


# The wire format of protobuf.


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _integer(field: int, number: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(number)


def _fixed(field: int, number: int) -> bytes:
    return _varint(field << 3 | _FIXED64) + number.to_bytes(8, "little")


def _delimited(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(content)) + content


def _string(field: int, text: str) -> bytes:
    return _delimited(field, text.encode("utf-8", "replace"))
