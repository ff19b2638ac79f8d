"""The chain of causes of a failure: the walk backwards from the record at which it shows.

Rules: nothing is guessed. Every record that is named is in the chain of causes of the failing
record, or is the last change of a concerned window's Room, role, name, clock or lifecycle (a window
that has held a Room for a minute is half of the failure and causes none of the records at its end),
or a fault that was on; of what is judged at the end of a run, when all faults are healed, one that
had been on, the last Room of all if no window holds one, and a command that came to nothing. Of an
owner it is also the first message that was on its way, and late, when it became one.
Besides its cause, a record has these parents: a read of localStorage the write of that value, the
first turn after a pause that pause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from oneroom.checks.results import Finding
from oneroom.report import figures
from oneroom.report.describe import LATE_US, Describer
from oneroom.trace import people_records as p
from oneroom.trace import records as r
from oneroom.trace.causes import causes
from oneroom.trace.trace import WORLD, Trace

# The most links that are still readable in one line.
_LINKS = 4
# A late or lost message explains what happens while a window still waits for it, and silence what
# happens soon after it began or ended; older ones only explain the state in which the failure
# began.
_FRESH_US = 10_000_000

# From then on a window is silent.
_SILENT = (*r.PAUSED, *r.GONE)
_HELD = (r.RoomState.OPENING, r.RoomState.CLOSING, r.RoomState.ENDED)
_OVER = (r.RoomState.CLOSING, r.RoomState.ENDED)
# Of these the Rooms are no part: they say who owns.
_OF_ROLES = ("owner_elected", "one_owner_per_term")


class Link(msgspec.Struct, frozen=True):
    """A decisive record of a chain, or those that one step made alike in one instant.

    `text` is a sentence without a full stop, `subject` what it begins with; `line` is the line of
    the step that made it, 0 for none. `follows` is the position of the link that this one is a
    consequence of, -1 if it is of none.
    """

    records: tuple[int, ...]
    at_us: int
    subject: str
    text: str
    line: int
    follows: int


class CauseChain(msgspec.Struct, frozen=True):
    """The explanation of a failure.

    `records` are the numbers of the records that lead to the failure, the failing one included, in
    order. `links` are the decisive ones in words, oldest first. `step_line` is the line of the step
    that set it off (0 for none).
    """

    records: tuple[int, ...]
    links: tuple[Link, ...]
    step_line: int

    @property
    def line(self) -> str:
        """The decisive records in one line, oldest first, without repeating the subject.

        `main crashes (line 14) → overlay is granted the lock → opens its Room (t8)`.
        """
        parts: list[str] = []
        before = ""
        for link in self.links:
            text = link.text
            if link.subject == before and text.startswith(f"{before} "):
                text = text[len(before) + 1 :]
            parts.append(f"{text} (line {link.line})" if link.line else text)
            before = link.subject
        return " → ".join(parts) or "nothing led to it but the scenario itself"


def explain(trace: Trace, finding: Finding, most_links: int = _LINKS) -> CauseChain:
    """The causes of `finding`, which was found in `trace`, in at most that many links."""
    return _Search(trace, finding).chain(most_links)


class _Search:
    """The search for the causes of one failure."""

    def __init__(self, trace: Trace, finding: Finding) -> None:
        self._trace = trace
        self._records = trace.records
        self._finding = finding
        self._describer = Describer(trace)
        self._failing = self._records[finding.record] if self._records else None
        self._judged_at_end = isinstance(self._failing, r.Settled)
        self._leading: dict[int, r.Record] = {}
        self._late: set[int] = set()  # news that was late for an owner, however long ago

    def chain(self, most_links: int) -> CauseChain:
        """See `explain`."""
        if self._failing is None:
            return CauseChain((), (), 0)  # an exception before anything happened
        self._lead(self._failing)
        # A limit is one of the whole run, in no window: the major records until it was broken
        # explain it.
        if self._finding.windows:
            for record in (*self._last_changes(), *self._last_silent_window(), *self._last_room()):
                self._lead(record)
            for record in self._late_news():
                self._late.add(record.n)
                self._lead(record)
            if unanswered := self._unanswered():
                self._lead_major()  # whoever should have answered is none of the concerned
                for record in unanswered:
                    self._lead(record)
            self._follow_storage()
        else:
            self._lead_major()
        links = self._links(most_links)
        if not links:  # something that never happened has no cause of its own either
            self._lead_major()
            links = self._links(most_links)
        return CauseChain(tuple(sorted(self._leading)), links, self._step_line())

    def _lead(self, record: r.Record) -> None:
        self._leading.update((cause.n, cause) for cause in causes(self._trace, record.n))

    def _lead_major(self) -> None:
        """Records of what was done to the windows, by which step, and which window became owner."""
        for record in self._records[: self._finding.record + 1]:
            match record:
                case r.LifeChanged(life=life) if life in _SILENT:
                    major = True
                case r.FaultChanged(on=True):
                    major = not self._describer.implied_by_lifecycle(record)
                case r.RoleChanged(role=r.Role.OWNER) | r.ClockStepped():
                    major = True
                case _:
                    major = False
            if major and isinstance(record, r.LifeChanged):
                self._lead(record)  # a window may be frozen because it was hidden before
            elif major:
                self._leading[record.n] = record
                if record.cause >= 0 and isinstance(
                    step := self._records[record.cause], r.StepTaken
                ):
                    self._leading[step.n] = step

    def _step_line(self) -> int:
        """The line of the last step that led to the failure.

        The last one before it, where none did; 0 for no step.
        """
        steps = [record for record in self._leading.values() if isinstance(record, r.StepTaken)]
        if not steps:
            last = max(self._leading)
            steps = [record for record in self._records[:last] if isinstance(record, r.StepTaken)]
        return max(steps, key=lambda step: step.n).line if steps else 0

    def _last_changes(self) -> list[r.Record]:
        """The last change of each concerned window's Room, role, name, clock and lifecycle."""
        finding, names = self._finding, self._trace.names
        concerned = {names.index(name) for name in finding.windows if name in names}
        last: dict[tuple[int, str], r.Record] = {}
        for record in self._records[: finding.record]:
            if record.where not in concerned and not (
                record.where == WORLD and isinstance(record, r.FaultChanged)
            ):
                continue
            match record:
                case r.RoomChanged():
                    # Of a Room that is still held the opening matters; the rest follows from there.
                    if record.state in _HELD and finding.check not in _OF_ROLES:
                        last[record.where, "room"] = record
                case r.RoleChanged():
                    last[record.where, "role"] = record
                case r.InstanceShared():
                    last[record.where, "name"] = record
                case r.ClockStepped():
                    last[record.where, "clock"] = record
                case r.LifeChanged():
                    self._keep_life(last, record)
                case r.FaultChanged() if not self._describer.implied_by_lifecycle(record):
                    key = (record.where, f"fault {names[record.fault]}")
                    if record.on:
                        last[key] = record
                    elif not self._judged_at_end:
                        last.pop(key, None)
        return list(last.values())

    def _keep_life(self, last: dict[tuple[int, str], r.Record], record: r.LifeChanged) -> None:
        """Keep the last pause or end of a window; a pause that is long over explains nothing."""
        if record.life in _SILENT:
            last[record.where, "life"] = record
        elif record.life in r.UNPAUSED and not self._judged_at_end:
            if self._finding.at_us - record.at_us > _FRESH_US:
                last.pop((record.where, "life"), None)
        elif record.life in r.BEGUN:
            last.pop((record.where, "name"), None)
            last.pop((record.where, "clock"), None)

    def _last_silent_window(self) -> list[r.Record]:
        """The last window that fell silent before the failure.

        Silence produces no records, so it is the cause of none.
        """
        for record in reversed(self._records[: self._finding.record]):
            if self._finding.at_us - record.at_us > _FRESH_US:
                break
            if isinstance(record, r.LifeChanged) and record.life in _SILENT:
                return [record]
        return []

    def _late_news(self) -> list[r.Record]:
        """The first message to each concerned owner that was on its way when it became one, and was
        late.
        """
        names = self._trace.names
        found: list[r.Record] = []
        begun = {
            record.where: record.n
            for record in self._leading.values()
            if isinstance(record, r.RoleChanged) and record.role == r.Role.OWNER
        }
        for window, began in begun.items():
            if names[window] not in self._finding.windows:
                continue
            for record in self._records[began : self._finding.record]:
                if (
                    isinstance(record, r.MessageDelivered)
                    and record.where == window
                    and 0 <= record.cause < began
                    and self._describer.delay_us(record) >= LATE_US
                ):
                    found.append(record)
                    break
        return found

    def _unanswered(self) -> list[r.Record]:
        """The last command of each concerned window, if nothing came of it until the end."""
        if not self._judged_at_end:
            return []
        last: dict[int, r.CommandIssued] = {}
        for record in self._records:
            match record:
                case r.CommandIssued(where=window):
                    last[window] = record
                case r.CommandResolved(where=window, outcome=r.CommandOutcome.APPLIED):
                    last.pop(window, None)
        names = self._trace.names
        concerned = self._finding.windows
        return [one for window, one in last.items() if names[window] in concerned]

    def _last_room(self) -> list[r.Record]:
        """The end of the last Room of all, if in the end no concerned window holds one."""
        if not self._judged_at_end or self._finding.check in _OF_ROLES:
            return []
        held: dict[int, bool] = {}
        over: list[r.Record] = []
        for record in self._records[: self._finding.record]:
            if isinstance(record, r.RoomChanged):
                held[record.where] = record.state not in _OVER
                if not held[record.where]:
                    over = [record]
        return [] if any(held.values()) else over

    def _follow_storage(self) -> None:
        """Add the writes of what was read; of the reads of one item the newest counts alone, since
        an election reads its item again and again.
        """
        newest: dict[tuple[int, int], r.StorageRead] = {}
        for n in sorted(self._leading):
            if isinstance(record := self._leading[n], r.StorageRead):
                superseded = newest.get((record.where, record.key))
                newest[record.where, record.key] = record
                if superseded is not None:
                    del self._leading[superseded.n]
        for read in newest.values():
            if (write := self._describer.write_of(read)) is not None:
                self._leading[write.n] = write

    # -- the links --------------------------------------------------------------------------------

    def _links(self, most: int) -> tuple[Link, ...]:
        """The decisive records in words, oldest first."""
        groups = self._groups()
        weight = self._weight
        groups.sort(key=lambda group: (-weight(group[0]), -group[0].n))
        kept = sorted(groups[: most - 1], key=lambda group: group[0].n)
        if self._failing is not None and not self._judged_at_end:
            kept.append([self._failing])
        links: list[Link] = []
        for group in kept:
            links.append(self._link(group, links))
        return tuple(links)

    def _groups(self) -> list[list[r.Record]]:
        """The records that may be named: one in a group, or those that a step made alike."""
        failing = self._finding.record
        steps = {n for n, record in self._leading.items() if isinstance(record, r.StepTaken)}
        # A step that is only a click or a crash is implied by the record of that click or crash.
        implied = {
            record.cause
            for record in self._leading.values()
            if record.cause in steps and self._weight(record) > 0
        }
        since_us = self._finding.at_us - _FRESH_US
        groups: dict[tuple[object, ...], list[r.Record]] = {}
        for n in sorted(self._leading):
            record = self._leading[n]
            if n == failing or n in implied or self._weight(record) == 0:
                continue
            old = record.at_us < since_us and n not in self._late
            if old and isinstance(record, r.MessageDelivered | r.MessageLost):
                continue
            by_step = self._step_of(record)
            alike = (type(record), self._describer.describe(record), by_step, record.at_us)
            groups.setdefault(alike if by_step >= 0 else (n,), []).append(record)
        return list(groups.values())

    def _link(self, group: Sequence[r.Record], before: Sequence[Link]) -> Link:
        describer, first = self._describer, group[0]
        places = list(dict.fromkeys(describer.place(record) for record in group))
        text, subject = describer.sentence(first), places[0]
        if len(places) > 1 and text.startswith(f"{subject} "):
            verb, _, rest = text[len(subject) + 1 :].partition(" ")
            subject = f"{', '.join(places[:-1])} and {places[-1]}"
            text = f"{subject} {_PLURAL.get(verb, verb.removesuffix('s'))} {rest}".rstrip()
        step = self._records[by_step] if (by_step := self._step_of(first)) >= 0 else None
        line = step.line if isinstance(step, r.StepTaken) else 0
        numbers = tuple(record.n for record in group)
        follows = self._followed(numbers, before)
        return Link(numbers, first.at_us, subject, text, line, follows)

    def _step_of(self, record: r.Record) -> int:
        """The number of the step that made `record`, -1 for none."""
        cause = record.cause
        while 0 <= cause < record.n and self._records[cause].at_us == record.at_us:
            before = self._records[cause]
            if isinstance(before, r.StepTaken):
                return cause
            # What a step does to all windows is recorded in a row, each the cause of the next; only
            # a step begins a fault.
            alike = isinstance(before, r.LifeChanged | r.FaultChanged | r.ClockStepped)
            again = before.where == record.where and type(before) is type(record)
            if not isinstance(record, r.FaultChanged) and (again or not alike):
                break
            cause = before.cause
        return -1

    def _followed(self, numbers: Sequence[int], before: Sequence[Link]) -> int:
        """The position of the newest link that led to one of the records `numbers`, or -1."""
        places = {n: place for place, link in enumerate(before) for n in link.records}
        seen: set[int] = set()
        open_ends = [parent for n in numbers for parent in self._parents(self._records[n])]
        found = -1
        while open_ends:
            n = open_ends.pop()
            if n in places:
                found = max(found, places[n])
            elif n not in seen:
                seen.add(n)
                open_ends.extend(self._parents(self._records[n]))
        return found

    def _parents(self, record: r.Record) -> Iterator[int]:
        """The records that `record` follows from."""
        if isinstance(record, r.StepTaken):
            return
        if 0 <= record.cause < record.n:
            yield record.cause
        if isinstance(record, r.StorageRead):
            write = self._describer.write_of(record)
            if write is not None and write.where != record.where:
                yield write.n
        pause = self._describer.pause_before(record)
        if pause is not None:
            yield pause.n

    def _weight(self, record: r.Record) -> int:
        """The explanatory weight of a record; 0 if it only passes a cause on."""
        match record:
            case r.FaultChanged():
                if self._describer.implied_by_lifecycle(record):
                    return 0
                return 5 if record.on else 2
            case r.MessageDelivered():
                return 4 if self._describer.delay_us(record) >= LATE_US else 0
            case r.LifeChanged():
                return 5 if record.life in _SILENT else 2 if record.life == r.Life.HIDDEN else 1
            case r.RoleChanged():
                return 3 if record.role in r.OWNING else 1
            case r.LockChanged():
                return 3 if record.change in (r.LockChange.GRANTED, r.LockChange.STOLEN) else 0
            case r.StorageRead():
                write = self._describer.write_of(record)
                return 1 if write is None or write.where == record.where else 3
            case r.RoomChanged():
                return 4 if record.state in (r.RoomState.OPENING, r.RoomState.ENDED) else 1
        return _WEIGHTS.get(type(record), 0)


# Verbs of links with several subjects; those of all others lose their s.
_PLURAL = {"is": "are", "has": "have", "goes": "go", "crashes": "crash", "fault": "fault"}
_WEIGHTS: dict[type[r.Record], int] = {
    r.ClockStepped: 5,
    r.InstanceShared: 4,
    r.MessageLost: 4,
    p.RemovalRequested: 4,
    r.UserActed: 3,
    r.CommandApplied: 2,
    r.DevicesHeard: 2,
    r.PresenceChanged: 2,
    r.CaptureChanged: 2,
    r.PromptChanged: 2,
    r.StorageWritten: 1,
    r.StepTaken: 1,
}


def size(chain: CauseChain, trace: Trace) -> str:
    """`12 records of the cause chain, from 1,904`."""
    return (
        f"{figures.plural(len(chain.records), 'record')} of the cause chain, from "
        f"{figures.count(len(trace.records))}"
    )
