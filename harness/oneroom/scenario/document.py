"""YAML text as a tree of nodes with positions, in the small part of YAML that a scenario needs.

Rules of this file: it knows YAML, not scenarios. The tree is built from PyYAML's event stream,
because events carry every mark and are refused one by one: anchors, aliases and tags (a scenario
has no use for them, and they make "YAML bombs"), duplicate keys, deep nesting, second documents.
Plain scalars are resolved by the core schema of YAML 1.2.2 (10.3.2), so `on`, `no`, `12:30`, dates
and `<<` are text, and `012` is twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from oneroom.scenario.diagnostic import Problem, shorten
from oneroom.scenario.source import NOT_TEXT, SourceText, tab_problems, without_tabs
from oneroom.scenario.syntax import syntax_problem

MAX_DEPTH = 16
"""Mappings and lists inside each other; a scenario needs five."""
MAX_NODE_COUNT = 10_000
"""Values in one file. Keeps the answer to a hostile or generated file a matter of a second."""

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)
"""The parser of libyaml when PyYAML was built with it: the same events, about twenty times as
fast.
"""

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,3})?")


class Place(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class PlacedString(str):
    """A string with its place in the source, so that values built from it can report it."""

    __slots__ = ("place",)
    place: Place


class PlacedMapping(dict[str, object]):
    """A mapping with its place in the source."""

    place: Place


class _RefusedValue:
    """A placeholder for a refused value (an alias), so that it is not reported as missing."""

    def __repr__(self) -> str:
        return "a refused value"


REFUSED = _RefusedValue()


@dataclass
class ScalarNode:
    """A single value.

    `raw` is the text as written, `value` as resolved (a string, a number, true, false or null).
    """

    place: Place
    raw: str
    value: object
    width: int

    def data(self) -> object:
        return placed(self.value, self.place) if isinstance(self.value, str) else self.value


@dataclass
class SequenceNode:
    """A YAML sequence."""

    place: Place
    width: int = 1
    items: list[Node] = field(default_factory=list)

    def data(self) -> object:
        return [item.data() for item in self.items]


@dataclass
class Entry:
    """One `key: value` of a mapping."""

    key: ScalarNode
    value: Node


@dataclass
class MappingNode:
    """A YAML mapping. Of a duplicate key the first one counts."""

    place: Place
    width: int = 1
    entries: dict[str, Entry] = field(default_factory=dict)

    def data(self) -> PlacedMapping:
        table = PlacedMapping(
            (placed(name, entry.key.place), entry.value.data())
            for name, entry in self.entries.items()
        )
        table.place = self.place
        return table


@dataclass
class RefusedNode:
    """A value for which a problem was already reported."""

    place: Place
    width: int = 1

    def data(self) -> object:
        return REFUSED


Node = ScalarNode | SequenceNode | MappingNode | RefusedNode


@dataclass
class Document:
    """The tree of one file, and the problems of its YAML.

    `root` is None for a file without a value. `sound_until_line` is the first line that a syntax
    error has made unreliable: nothing from there on (or missing) may be reported as a problem.
    None: the tree is whole.
    """

    source: SourceText
    root: Node | None
    problems: list[Problem]
    sound_until_line: int | None = None

    def find(self, path: Sequence[int | str]) -> tuple[Node | None, Entry | None]:
        """The node at `path`, and the mapping entry whose value it is.

        Parts of the path that the source does not have are passed over: a validator's path has
        parts of its own, and a missing value has the place of its owner.
        """
        node, entry = self.root, None
        for part in path:
            if isinstance(node, MappingNode) and isinstance(part, str) and part in node.entries:
                entry = node.entries[part]
                node = entry.value
            elif (
                isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items)
            ):
                node, entry = node.items[part], None
        return node, entry

    def problem(
        self, path: Sequence[int | str], message: str, suggestion: str = "", at_key: bool = False
    ) -> Problem:
        """A Problem at the value of `path`.

        At its key if `at_key`, or if the value is empty or of many lines.
        """
        node, entry = self.find(path)
        target: Node | None = node
        if entry is not None and (at_key or not isinstance(node, ScalarNode) or not node.raw):
            target = entry.key
        if target is None:
            return self.source.problem(1, 1, message, suggestion)
        return self.source.problem(
            target.place.line, target.place.column, message, suggestion, target.width
        )


def placed(text: str, place: Place) -> PlacedString:
    """`text` with its place."""
    result = PlacedString(text)
    result.place = place
    return result


def resolve(raw: str) -> object:
    """The value of a plain scalar in the core schema of YAML 1.2.2.

    Hexadecimal and octal numbers stay text.
    """
    if raw in _NULLS:
        return None
    if raw in _BOOLEANS:
        return _BOOLEANS[raw]
    if _INT.fullmatch(raw):
        return int(raw)
    if _FLOAT.fullmatch(raw):
        return float(raw)
    return raw


def read_document(source: SourceText) -> Document:
    """The tree of `source`. Never raises: all that is wrong with the YAML is in `problems`."""
    tabs = tab_problems(source)
    text = without_tabs(source) if tabs else source.text
    composer = _Composer(source)
    try:
        composer.feed(_events(text))
    except yaml.MarkedYAMLError as error:
        # A tab is the likeliest reason for whatever else YAML says, so the tab alone is reported.
        if not tabs:
            composer.problems.append(syntax_problem(source, error))
        composer.cut_short(error)
    composer.problems.extend(tabs)
    return Document(source, composer.root, composer.problems, composer.sound_until_line)


def _events(text: str) -> Iterator[yaml.Event]:
    """The events of a text. Raises yaml.MarkedYAMLError alone.

    PyYAML's own parser lets out what `chr` and `int` raise for an escape beyond Unicode and for a
    version of a thousand digits; libyaml has an error of its own for either.
    """
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except (ValueError, OverflowError) as error:
        raise yaml.MarkedYAMLError(problem=f"{error}") from error


class _Composer:
    """Builds the tree from events, without recursion: a deep file cannot exhaust the stack."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.sound_until_line: int | None = None
        self._open: list[MappingNode | SequenceNode] = []
        self._flow_starts: list[int] = []
        self._keys: list[ScalarNode | RefusedNode | None] = []
        self._node_count = 0
        self._document_count = 0
        self._is_done = False

    def feed(self, events: Iterator[yaml.Event]) -> None:
        """Take all events.

        Raises what the parser raises; returns early when the file is refused as a whole.
        """
        for event in events:
            self._take(event)
            if self._is_done:
                break

    def cut_short(self, error: yaml.MarkedYAMLError) -> None:
        """Set `sound_until_line` after a syntax error.

        The lines before it can be trusted, or those before the outermost bracket that is still
        open.
        """
        marks = [
            mark.line + 1 for mark in (error.problem_mark, error.context_mark) if mark is not None
        ]
        in_block = (
            error.context is not None and "block" in error.context and "scalar" not in error.context
        )
        doubtful = marks[:1] if in_block else marks
        if error.context is None:
            # What YAML cannot place is often the continuation of the line before, which it then
            # misreads.
            doubtful = [mark - 1 for mark in doubtful]
        self.sound_until_line = min(
            [*doubtful, *(line for line in self._flow_starts if line)], default=1
        )

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._start_document(event)
            case yaml.AliasEvent():
                width = len(event.anchor or "") + 1
                self._complain(event, "aliases (`*name`) are refused", "write the value out", width)
                self._add(RefusedNode(_place(event), width))
            case yaml.ScalarEvent():
                self._refuse_decoration(event)
                self._add(self._scalar(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_decoration(event)
                self._start_collection(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
                self._keys.pop()
                self._flow_starts.pop()

    def _start_document(self, event: yaml.DocumentStartEvent) -> None:
        self._document_count += 1
        if event.version is not None or event.tags:
            self.problems.append(
                self.source.problem(1, 1, "directives (`%…`) are refused", "leave the line out")
            )
        if self._document_count > 1:
            self._complain(
                event,
                "a second YAML document begins here",
                "put each scenario into a file of its own",
                3,
            )
            self._is_done = True

    def _start_collection(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        node = (
            MappingNode(_place(event))
            if isinstance(event, yaml.MappingStartEvent)
            else SequenceNode(_place(event))
        )
        self._add(node)
        if len(self._open) >= MAX_DEPTH:
            self._complain(
                event,
                f"nested deeper than {MAX_DEPTH} levels",
                "a scenario needs no more than five",
            )
            self._stop_at(node.place.line)
        self._open.append(node)
        self._keys.append(None)
        self._flow_starts.append(node.place.line if event.flow_style else 0)

    def _add(self, node: Node) -> None:
        """Put a node where the next value belongs: the root, a list, a key, or a key's value."""
        self._node_count += 1
        if self._node_count > MAX_NODE_COUNT:
            message = f"more than {MAX_NODE_COUNT:,} values in one scenario"
            self.problems.append(
                self.source.problem(*node.place, message, "split it into several files")
            )
            self._stop_at(node.place.line)
        if not self._open:
            self.root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, SequenceNode):
            parent.items.append(node)
        elif key is None:
            self._keys[-1] = self._as_key(node)
        else:
            self._keys[-1] = None
            self._set(parent, key, node)

    def _as_key(self, node: Node) -> ScalarNode | RefusedNode:
        if isinstance(node, ScalarNode) and node.raw:
            return node
        if not isinstance(node, RefusedNode):
            message = (
                "an empty key"
                if isinstance(node, ScalarNode)
                else "a key must be plain text, not a list or a mapping"
            )
            self.problems.append(self.source.problem(*node.place, message))
        return RefusedNode(node.place)

    def _set(self, parent: MappingNode, key: ScalarNode | RefusedNode, node: Node) -> None:
        if isinstance(key, RefusedNode):
            return
        first = parent.entries.get(key.raw)
        if first is None:
            parent.entries[key.raw] = Entry(key, node)
            return
        message = f"duplicate key `{shorten(key.raw)}`, first set in line {first.key.place.line}"
        self.problems.append(
            self.source.problem(*key.place, message, "keep one of them", key.width)
        )

    def _refuse_decoration(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._complain(
                event, "anchors (`&name`) are refused", "write the value out", len(event.anchor) + 1
            )
        if event.tag is not None:
            self._complain(
                event, "tags (`!name`) are refused", "put the value alone, in quotes if it is text"
            )

    def _complain(self, event: yaml.Event, message: str, suggestion: str, width: int = 1) -> None:
        self.problems.append(self.source.problem(*_place(event), message, suggestion, width))

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        start, end = event.start_mark, event.end_mark
        width = 1
        if start is not None and end is not None and start.line == end.line:
            width = max(1, end.column - start.column)
        if NOT_TEXT.search(event.value):
            self._complain(
                event, "an escape in this text makes a control character", "leave it out", width
            )
            return RefusedNode(_place(event), width)
        # Only a plain scalar (no quotes, no block) can be anything but text.
        value = event.value if event.style else resolve(event.value)
        return ScalarNode(_place(event), event.value, value, width)

    def _stop_at(self, line: int) -> None:
        self.sound_until_line = min([line, *(start for start in self._flow_starts if start)])
        self._is_done = True


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
