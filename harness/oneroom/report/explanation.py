"""A failure in prose: how it came about, what every window knew at that moment, and what would have
had to be otherwise (`oneroom explain`).

Rules: nothing but the trace is read and nothing is guessed. A link `follows from` another only if
the walk along causes leads from one to the other; what would have had to be otherwise is named
where the trace shows what ended the failure, or which loss or pause a link follows from.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.results import Finding
from oneroom.report import cause_chain, figures
from oneroom.report.cause_chain import CauseChain, Link
from oneroom.report.describe import Describer
from oneroom.report.moment import Moment, UnderWay, WindowState, moment
from oneroom.report.twin import TwinReport
from oneroom.report.wrap import wrap
from oneroom.scenario.diagnostic import printable
from oneroom.trace import records as r
from oneroom.trace.causes import causes
from oneroom.trace.trace import Trace

# More links than fit into one line of a failure text, fewer than a reader loses count of.
_LINKS = 12
# A fault that ended, and a note that was left, longer ago than this says nothing any more.
_FRESH_US = 10_000_000
_MOST_NOTES = 6
_MOST_MESSAGES = 4
_HOLDS = (r.RoomState.OPENING, r.RoomState.CONNECTED, r.RoomState.RECONNECTING, r.RoomState.HEALED)


class Row(msgspec.Struct, frozen=True):
    """One fact: what it is about (a window, `lock`, `faults` ...) and the words."""

    about: str
    text: str


class Explanation(msgspec.Struct, frozen=True):
    """The words for one failure; `sentence` is the chain in one."""

    chain: tuple[Link, ...]
    moment: tuple[Row, ...]
    notes: tuple[Row, ...]
    otherwise: tuple[str, ...]
    sentence: str


def explanation(trace: Trace, finding: Finding) -> Explanation:
    """The explanation of `finding`, which was found in `trace`."""
    chain = cause_chain.explain(trace, finding, _LINKS)
    if not trace.records:
        return Explanation((), (), (), (), _sentence(finding, chain))
    then = _Moment(trace, finding, chain)
    return Explanation(
        chain.links,
        tuple(then.rows()),
        tuple(then.notes()),
        tuple(then.otherwise()),
        _sentence(finding, chain),
    )


def _sentence(finding: Finding, chain: CauseChain) -> str:
    """The failure and its chain of causes in one sentence; only a consequence comes with `so`."""
    text = f"{finding.check} was violated at {figures.timestamp(finding.at_us)}, {finding.message}"
    if not chain.links:
        return f"{text}: nothing led to it but the scenario itself."
    parts = []
    for place, link in enumerate(chain.links):
        joint = "" if place == 0 else "; so " if link.follows == place - 1 else "; "
        line = f" (line {link.line})" if link.line else ""
        parts.append(f"{joint}at {figures.timestamp(link.at_us)} {link.text}{line}")
    return f"{text}: {''.join(parts)}."


def render(explained: Explanation, width: int, twin: TwinReport | None = None) -> str:
    """The explanation as paragraphs, without the failure's own line."""
    lines: list[str] = []
    if explained.chain:
        lines.append("  how it came about")
        for place, link in enumerate(explained.chain):
            head = f"    {place + 1:>2}  {figures.timestamp(link.at_us):>10}  "
            lines.extend(_hung(head, _link_text(explained.chain, link), width))
    for title, rows in (
        ("at that moment", explained.moment),
        ("notes of the policy", explained.notes),
    ):
        if rows:
            lines.append(f"  {title}")
            column = max(len(row.about) for row in rows)
            for row in rows:
                lines.extend(_hung(f"    {row.about:<{column}}  ", row.text, width))
    if explained.otherwise:
        lines.append("  would have had to be otherwise")
        for text in explained.otherwise:
            lines.extend(_hung("    ", text, width))
    if twin is not None:
        lines.append("  the nearest run that passes")
        for text in twin.lines():
            lines.extend(_hung("    ", text, width))
    return "\n".join(lines)


def _hung(head: str, text: str, width: int) -> list[str]:
    pieces = wrap(text, max(20, width - len(head)))
    return [(head if n == 0 else " " * len(head)) + piece for n, piece in enumerate(pieces)]


def _link_text(chain: Sequence[Link], link: Link) -> str:
    line = f" (line {link.line})" if link.line else ""
    if link.follows < 0:
        return f"{link.text}{line}"
    after_us = link.at_us - chain[link.follows].at_us
    when = f"{figures.duration(after_us)} later" if after_us else "in the same instant"
    return f"{link.text}{line}: follows from {link.follows + 1}, {when}"


class _Moment:
    """The words for the moment of one failure."""

    def __init__(self, trace: Trace, finding: Finding, chain: CauseChain) -> None:
        self._trace = trace
        self._finding = finding
        self._chain = chain
        self._names = trace.names
        self._describer = Describer(trace)
        self._then: Moment = moment(trace, finding.record)
        # an app need not
        self._tells_roles = any(isinstance(record, r.RoleChanged) for record in trace.records)

    def rows(self) -> list[Row]:
        """The state of everything, the owner first."""
        then = self._then
        owners = [
            f"{self._names[place]} (t{window.role.term})"
            for place, window in then.windows.items()
            if window.owns and window.role is not None
        ]
        nobody = "nobody" if self._tells_roles else "not known: the app tells no roles"
        rows = [Row("owner", " and ".join(owners) or nobody)]
        rows.append(Row("faults", "; ".join(self._faults()) or "none"))
        rows.extend(
            Row(self._names[place], "; ".join(self._window(place, window)))
            for place, window in then.windows.items()
        )
        if locks := self._locks():
            rows.append(Row("lock", locks))
        if then.lease is not None:
            lease = then.lease
            rows.append(Row("lease", f"t{lease.term}, written by {self._by(lease)}"))
        rows.extend(Row("storage", self._item(write)) for write in then.items.values())
        rows.append(Row("bus", self._bus()))
        rows.append(Row("SFU", self._sessions()))
        return rows

    def notes(self) -> list[Row]:
        """The newest notes of the windows that the failure is about, of all if of none."""
        records = self._trace.records[: self._finding.record + 1]
        about = self._finding.windows
        noted = [
            record
            for record in records
            if isinstance(record, r.Noted)
            and self._finding.at_us - record.at_us <= _FRESH_US
            and (not about or self._names[record.where] in about)
        ]
        return [
            Row(
                self._names[record.where],
                f"{printable(self._names[record.text])}, {self._ago(record)}",
            )
            for record in noted[-_MOST_NOTES:]
        ]

    def otherwise(self) -> list[str]:
        """Facts that the failure hung on, as far as the trace shows them."""
        return [*self._news_that_ended_it(), *self._pauses_and_losses()]

    # -- parts of a moment ------------------------------------------------------------------------

    def _ago(self, record: r.Record) -> str:
        span_us = self._then.at_us - record.at_us
        return f"{figures.duration(span_us)} before" if span_us else "in this instant"

    def _by(self, record: r.Record) -> str:
        return f"{self._names[record.where]} {self._ago(record)}"

    def _fault_name(self, record: r.FaultChanged) -> str:
        place, name = self._names[record.where], self._names[record.fault]
        return name if place == "world" else f"{name} on {place}"

    def _faults(self) -> list[str]:
        found = [
            f"{self._fault_name(begun)}, since {figures.timestamp(begun.at_us)}"
            for begun in self._then.faults.values()
        ]
        found.extend(
            f"{self._fault_name(ended)} ended {self._ago(ended)}"
            for ended in self._then.over.values()
            if self._then.at_us - ended.at_us <= _FRESH_US
            and (ended.where, ended.fault) not in self._then.faults
        )
        return found

    def _window(self, place: int, window: WindowState) -> list[str]:
        life = window.life
        if life is None or window.gone:
            return [
                "is not there"
                if life is None
                else f"{self._describer.describe(life)} {self._ago(life)}"
            ]
        parts = [self._belief(window)]
        if window.room is not None and window.room.state in _HOLDS:
            parts.append(f"holds a Room ({self._room(window.room)})")
        elif window.owns:
            parts.append("holds no Room")
        if life.life in r.PAUSED:
            parts.append(f"does not run: it {self._describer.describe(life)} {self._ago(life)}")
        elif life.life in r.UNPAUSED and self._then.at_us - life.at_us <= _FRESH_US:
            parts.append(f"{self._describer.describe(life)} {self._ago(life)}")
        if window.hidden:
            parts.append("is hidden")
        if window.clock_us:
            way = "ahead" if window.clock_us > 0 else "behind"
            parts.append(f"its clock is {figures.duration(abs(window.clock_us))} {way}")
        if window.shared is not None:
            parts.append(f"its instance id is that of {self._names[window.shared.window]}, too")
        parts.extend(
            f"has a prompt for the {source.name.lower()}" for source in sorted(window.prompts)
        )
        if window.drawn is not None and self._names[window.drawn.channel]:
            parts.append(self._describer.describe(window.drawn))
        return parts

    def _belief(self, window: WindowState) -> str:
        """Its own part, and the owner that it heard last."""
        if not self._tells_roles:
            return "tells no role"
        role, heard = window.role, window.heard
        term = role.term if role is not None else 0
        if window.owns:
            return f"believes that it is owner (t{term})"
        part = "stands for owner" if role and role.role is r.Role.CANDIDATE else "follows"
        posted = None if heard is None else self._describer.post_of(heard)
        if heard is None or posted is None:
            return f"{part}, has heard no owner (t{term})"
        owner = f"{self._names[posted.where]} (t{posted.term})"
        return f"{part}, believes that {owner} is owner, heard {self._ago(heard)}"

    def _room(self, room: r.RoomChanged) -> str:
        return f"t{room.term}, {room.state.name.lower()}"

    def _locks(self) -> str:
        held, waits = [], []
        for place, window in self._then.windows.items():
            if window.lock is None or window.gone:
                continue
            if window.lock.change is r.LockChange.GRANTED:
                held.append(self._names[place])
            elif window.lock.change is r.LockChange.REQUESTED:
                waits.append(self._names[place])
        if not held and not waits:
            return ""
        text = f"held by {' and '.join(held)}" if held else "held by nobody"
        return f"{text}, awaited by {' and '.join(waits)}" if waits else text

    def _item(self, write: r.StorageWritten) -> str:
        key, value = self._names[write.key], printable(self._names[write.value])
        verb = "written" if value else "removed"
        return f"{key}: {value or 'none'}, {verb} by {self._by(write)}"

    def _bus(self) -> str:
        under_way = [
            one for one in self._then.under_way if isinstance(one.arrival, r.MessageDelivered)
        ]
        texts = [self._message(one) for one in under_way[:_MOST_MESSAGES]]
        if len(under_way) > _MOST_MESSAGES:
            texts.append(f"{figures.count(len(under_way) - _MOST_MESSAGES)} more")
        return f"under way: {'; '.join(texts)}" if texts else "nothing under way"

    def _message(self, one: UnderWay) -> str:
        receiver = self._names[one.arrival.where]
        later = figures.duration(one.arrival.at_us - self._then.at_us)
        what = self._describer.sentence(one.posted).partition(" posts ")[2]
        return f"{what} from {self._by(one.posted)}, to {receiver} {later} later"

    def _sessions(self) -> str:
        listed = [
            f"{self._names[session.window]} as {self._names[session.identity]} "
            f"({session.presence.name.lower()})"
            for session in self._then.sessions.values()
        ]
        return f"lists {' and '.join(listed)}" if listed else "lists nobody"

    # -- what would have had to be otherwise ------------------------------------------------------

    def _news_that_ended_it(self) -> list[str]:
        """A concerned window gave way later because of news that was there before the failure."""
        records, finding = self._trace.records, self._finding
        for record in records[finding.record + 1 :]:
            if self._names[record.where] not in finding.windows or not _gives_way(record):
                continue
            for cause in reversed(causes(self._trace, record.n)):
                if cause.n <= finding.record:
                    break
                told = self._told(cause)
                if told:
                    after = figures.duration(record.at_us - finding.at_us)
                    return [
                        f"{self._describer.sentence(record)} {after} later, when it {told}; it "
                        "would have had to hear of it before"
                    ]
            return []
        return []

    def _told(self, record: r.Record) -> str:
        """News that reached a window after the failure and was on its way before; "" for none."""
        if not isinstance(record, r.MessageDelivered | r.StorageHeard):
            return ""
        source = self._trace.records[record.cause] if record.cause >= 0 else record
        if source.n > self._finding.record or source.where == record.where:
            return ""
        what = self._describer.sentence(record).split(" ", 1)[1]
        verb = "posted" if isinstance(record, r.MessageDelivered) else "written"
        return f"{what}, {verb} {self._ago(source)}"

    def _pauses_and_losses(self) -> list[str]:
        followed = {link.follows for link in self._chain.links}
        found: list[str] = []
        for place, link in enumerate(self._chain.links):
            record = self._trace.records[link.records[0]]
            if place not in followed:
                continue
            if isinstance(record, r.MessageLost):
                found.append(f"{link.text}: that message would have had to arrive")
            elif isinstance(record, r.LifeChanged) and record.life in r.PAUSED:
                found.append(
                    f"{link.subject} would have had to run from {figures.timestamp(link.at_us)} on"
                )
        return found


def _gives_way(record: r.Record) -> bool:
    match record:
        case r.RoleChanged():
            return record.role not in r.OWNING
        case r.RoomChanged():
            return record.state in (r.RoomState.CLOSING, r.RoomState.ENDED)
    return False
