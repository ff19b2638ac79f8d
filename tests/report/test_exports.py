"""A run in the formats of other viewers, read back as those viewers read them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as Xml
from typing import Any

import pytest

from oneroom.checks.results import Finding
from oneroom.report import perfetto, shiviz, svg
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, Trace
from tests.report.examples import frozen_owner

HOSTILE = 'ma\nin </text></svg><script>\x1b[31m\x00 \u202eevil\U0001f600 {"a": 1}' + "x" * 10_000
SVG = "{http://www.w3.org/2000/svg}"


def hostile() -> tuple[Trace, Finding]:
    """Two windows, a message between them, and one that is lost."""
    trace = Trace()
    main, other = trace.intern(HOSTILE), trace.intern("overlay")
    trace.append(r.LifeChanged(0, 0, main, NO_CAUSE, r.Life.OPENED, True))
    trace.append(r.LifeChanged(1, 5, other, NO_CAUSE, r.Life.OPENED, False))
    trace.append(r.UserNotified(2, 10, main, NO_CAUSE, trace.intern(HOSTILE)))
    trace.append(r.MessagePosted(3, 20, main, 2, r.MessageKind.PROBE, 1, 1, 0))
    trace.append(r.MessageDelivered(4, 2_000_000, other, 3, r.MessageKind.PROBE))
    trace.append(r.MessagePosted(5, 2_000_010, other, 4, r.MessageKind.CLAIM, 1, 1, 0))
    trace.append(r.MessageLost(6, 2_000_020, main, 5, r.Loss.PARTITIONED))
    trace.now_us = 2_000_020
    return trace, Finding("single_room", 2_000_020, ("overlay",), HOSTILE, 6)


# Perfetto


def packets(content: bytes) -> Any:
    protos = pytest.importorskip(
        "perfetto.protos.perfetto.trace.perfetto_trace_pb2", reason="requirements/dev.txt has it"
    )
    read = protos.Trace()
    read.ParseFromString(content)
    read.DiscardUnknownFields()
    assert read.ByteSize() == len(content), "no field that the official protos do not know"
    return read.packet


def test_perfetto_reads_every_record_on_the_track_of_its_window() -> None:
    trace, _ = frozen_owner()
    read = packets(perfetto.render(trace, "a run"))
    tracks = {
        one.track_descriptor.uuid: one.track_descriptor
        for one in read
        if one.HasField("track_descriptor")
    }
    events = [one for one in read if one.HasField("track_event")]
    instants = [one for one in events if one.track_event.type == 3]
    assert [tracks[one.track_event.track_uuid].name for one in instants] == [
        trace.names[record.where] for record in trace.records
    ]
    assert [one.timestamp for one in instants] == [one.at_us * 1_000 for one in trace.records]
    [process] = [one for one in tracks.values() if one.HasField("process")]
    assert process.process.process_name == "a run"
    assert {one.name for one in tracks.values()} >= {"main", "overlay", "owner", "Room", "paused"}


def test_perfetto_draws_an_arrow_from_each_post_to_each_delivery() -> None:
    trace, _ = frozen_owner()
    read = [
        one.track_event
        for one in packets(perfetto.render(trace, ""))
        if one.HasField("track_event")
    ]
    instants = [one for one in read if one.type == 3]
    begun = {flow: n for n, event in enumerate(instants) for flow in event.flow_ids}
    ended = {flow: n for n, event in enumerate(instants) for flow in event.terminating_flow_ids}
    assert begun.keys() == ended.keys()
    arrows = {(begun[flow], ended[flow]) for flow in begun}
    messages = {
        (record.cause, record.n)
        for record in trace.records
        if isinstance(record, r.MessageDelivered | r.MessageLost)
    }
    assert messages
    assert messages <= arrows


def test_perfetto_has_slices_that_are_closed_and_do_not_overlap() -> None:
    trace, _ = frozen_owner()
    open_: dict[int, int] = {}
    seen = 0
    for packet in packets(perfetto.render(trace, "")):
        if packet.HasField("track_event") and packet.track_event.type != 3:
            track = packet.track_event.track_uuid
            open_[track] = open_.get(track, 0) + (1 if packet.track_event.type == 1 else -1)
            assert open_[track] in (0, 1)
            seen += 1
    assert seen > 4
    assert set(open_.values()) == {0}


def test_perfetto_keeps_a_hostile_name_whole() -> None:
    trace, _ = hostile()
    names = [one.track_descriptor.name for one in packets(perfetto.render(trace, HOSTILE))]
    assert names.count(HOSTILE) == 2


# ShiViz

EVENT = re.compile(r"(?P<event>.*)\n(?P<host>\S*) (?P<clock>{.*})")


def events(log: str) -> list[tuple[str, str, dict[str, int]]]:
    """As ShiViz takes a log apart."""
    found = [(one["event"], one["host"], json.loads(one["clock"])) for one in EVENT.finditer(log)]
    assert EVENT.sub("", log).strip() == "", "nothing is left over"
    return found


@pytest.mark.parametrize("make", [frozen_owner, hostile])
def test_shiviz_reads_clocks_that_tell_what_happened_before_what(make: Any) -> None:
    trace, _ = make()
    read = events(shiviz.render(trace))
    assert len(read) == len(trace.records)
    last: dict[str, int] = {}
    for record, (_, host, clock) in zip(trace.records, read, strict=True):
        assert clock[host] == last.get(host, 0) + 1, "each event of a host is its next"
        last[host] = clock[host]
        if record.cause != NO_CAUSE:
            _, before, earlier = read[record.cause]
            assert clock[before] >= earlier[before]
            assert all(clock[other] >= count for other, count in earlier.items())


def test_shiviz_is_told_of_no_order_that_there_was_not() -> None:
    trace, _ = hostile()
    (_, main, _), (_, overlay, clock), *_ = events(shiviz.render(trace))
    assert main != overlay
    assert main not in clock


# SVG


@pytest.mark.parametrize("make", [frozen_owner, hostile])
def test_the_picture_is_a_document_of_its_own(make: Any) -> None:
    trace, finding = make()
    text = svg.render(trace, finding, HOSTILE)
    root = Xml.fromstring(text)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} == {
        "svg", "title", "style", "defs", "marker", "path", "text", "line"
    }  # fmt: skip
    assert not re.search(r"<script|href|url\((?!#)|@import", text.replace("&lt;script", ""))
    assert len([one for one in root.iter(f"{SVG}text") if one.get("class") == "fails"]) == 1
    assert len(text) < 60_000


def test_the_picture_has_a_lane_for_each_window_and_its_messages() -> None:
    trace, finding = hostile()
    root = Xml.fromstring(svg.render(trace, finding, "two windows"))
    kinds = [one.get("class") for one in root.iter(f"{SVG}line")]
    assert (kinds.count("msg"), kinds.count("msg lost")) == (1, 1)
    heads = [one.text or "" for one in root.iter(f"{SVG}text") if one.get("y") == "40"]
    assert heads[1:] == ["overlay", "SFU"]
    assert len(heads[0]) < 60


def test_the_picture_is_bounded() -> None:
    trace, finding = frozen_owner()
    root = Xml.fromstring(svg.render(trace, finding, "", most_rows=8))
    assert len([one for one in root.iter(f"{SVG}text") if one.get("class") == "t"]) == 8
