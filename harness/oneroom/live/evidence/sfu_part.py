"""The SFU's part of the trace.

Sessions come from the server's log, tracks from the witness, which is told of them at once.
"""

from __future__ import annotations

from oneroom.driver.recorder import Recorder
from oneroom.live.evidence.merge import ProcessRecords
from oneroom.live.evidence.session_log import PresenceEvent
from oneroom.trace.records import WitnessSawTrack
from oneroom.trace.trace import Trace


def sfu_part(
    place: int, seen: list[PresenceEvent], windows: dict[str, str], witness: ProcessRecords
) -> ProcessRecords:
    """Build the part. `windows` maps the sid of each session to the window that runs its client."""
    part = ProcessRecords(place)
    trace = Trace()
    trace.n = part.first_n
    recorder = Recorder(trace)
    for one in seen:
        trace.now_us, trace.cause = one.at_us, one.cause
        recorder.presence(one.window, one.identity, one.sid, one.presence, one.reason)
    for record in witness.records:
        if isinstance(record, WitnessSawTrack):
            trace.now_us, trace.cause = record.at_us, record.n
            identity, sid = witness.names[record.identity], witness.names[record.sid]
            window = windows.get(sid, "?")
            recorder.track(window, identity, sid, record.source, record.state)
    part.names, part.records = trace.names, trace.tail
    return part
