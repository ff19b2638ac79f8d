"""Reading of a YAML tree into a Scenario, with all problems collected on the way.

Rules of this file: the parts of a scenario are read one by one (windows, steps, then the rest), so
that an error in one hides none in another; the linter runs on whatever could be read. Parts that a
syntax error has made unreliable are passed over.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.document import (
    Document,
    Entry,
    MappingNode,
    Node,
    PlacedMapping,
    RefusedNode,
    ScalarNode,
    SequenceNode,
    resolve,
)
from oneroom.scenario.duration import Range, parse_range
from oneroom.scenario.explain import (
    explain,
    fields_of,
    misspelt_keys,
    required_keys,
    usage,
    what_is,
)
from oneroom.scenario.fields import RESERVED_WINDOWS, WINDOW_PATTERN
from oneroom.scenario.lint import (
    PlacedStep,
    lint_app,
    lint_end,
    lint_expect,
    lint_openers,
    lint_platform,
    lint_steps,
    lint_timings,
)
from oneroom.scenario.model import Scenario, Step, Window
from oneroom.scenario.names import KnownNames, Vocabulary, closest, hint
from oneroom.scenario.verb import Verb
from oneroom.scenario.verbs import VERBS

MAX_STEP_COUNT = 500
"""Steps in one scenario: what is longer was generated, and belongs to the fuzzer rather than into a
file.
"""

_REQUIRED = frozenset(
    (
        "at",
        *required_keys(Scenario),
        *required_keys(Window),
        *(key for verb in VERBS.values() for key in required_keys(verb)),
    )
)
"""Keys that something cannot do without, so nobody is told to leave them out."""

_UNSEPARATED = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)(?::| +)(\S.*)")
"""A key and its value that YAML has read as one key: `{window:main}`, `{at 3s}`."""

_Path = tuple[int | str, ...]
_Model = TypeVar("_Model", bound=BaseModel)


class Reader:
    """Reads one document. After `read`, `problems` holds everything that is wrong with it. Files
    that it names are looked for from `folder`, without one they are not.
    """

    def __init__(
        self, document: Document, vocabulary: Vocabulary, folder: Path | None = None
    ) -> None:
        self.document = document
        self.folder = folder
        self.problems = list(document.problems)
        self.names = KnownNames(vocabulary, self._window_names())
        self._doubtful: set[str] = set()
        self._complete = True

    def read(self) -> Scenario | None:
        """The scenario, or None when there are problems."""
        root = self.document.root
        if not isinstance(root, MappingNode):
            self._complain_of_root(root)
            return None
        self._refuse_empty_values(root, ())
        windows = self._read_windows()
        steps = self._read_steps()
        scenario = self._read_rest(root, windows, steps)
        self._lint(windows, steps, scenario)
        return scenario if not self.problems else None

    # Parts.

    def _node(self, name: str) -> Node | None:
        root = self.document.root
        entry = root.entries.get(name) if isinstance(root, MappingNode) else None
        return entry.value if entry is not None else None

    def _is_misspelt(self, name: str) -> bool:
        """True if a key of the file is a misspelling of `name`, so `name` is not missing."""
        root, known = self.document.root, fields_of(Scenario)
        return isinstance(root, MappingNode) and any(
            key not in known and closest(key, known) == name for key in root.entries
        )

    def _window_names(self) -> tuple[str, ...] | None:
        """The declared windows, or None when the declaration cannot be read to its end."""
        root, windows = self.document.root, self._node("windows")
        if not isinstance(root, MappingNode) or not isinstance(windows, MappingNode):
            return None
        is_last = next(reversed(root.entries)) == "windows"
        return (
            None
            if is_last and self.document.sound_until_line is not None
            else tuple(windows.entries)
        )

    def _read_windows(self) -> dict[str, Window]:
        node = self._node("windows")
        if node is None:
            if not self._is_misspelt("windows"):
                self._missing(
                    (), "the file needs `windows`", "add `windows: {main: {kind: main, opens: 0s}}`"
                )
        elif not isinstance(node, MappingNode):
            self._wrong_kind(
                ("windows",),
                node,
                "`windows` must be a mapping",
                "write `main: {kind: main, opens: 0s}`",
            )
        elif not node.entries:
            self._missing(
                ("windows",), "at least one window is needed", "add `main: {kind: main, opens: 0s}`"
            )
        if not isinstance(node, MappingNode):
            return {}
        windows = {}
        for name, entry in node.entries.items():
            if not re.match(WINDOW_PATTERN, name):
                message = f"`{shorten(name)}` is no name for a window"
                suggestion = "begin with a letter; letters, digits, `-` and `_` follow, 40 at most"
                self._complain(("windows", name), message, suggestion, at_key=True)
            elif name in RESERVED_WINDOWS:
                message = (
                    f"`{name}` is a place that every trace has, so no window can be called that"
                )
                self._complain(("windows", name), message, "choose another name", at_key=True)
            window = self._read_window(name, entry.value)
            if window is None:
                self._doubtful.add(name)
            else:
                windows[name] = window
        return windows

    def _read_window(self, name: str, node: Node) -> Window | None:
        path, owner = ("windows", name), f"window `{shorten(name)}`"
        if isinstance(node, MappingNode):
            return self._validate(Window, node, path, owner)
        self._wrong_kind(
            path, node, f"{owner} must be a mapping", f"write `{usage(shorten(name), Window)}`"
        )
        return None

    def _read_steps(self) -> list[PlacedStep]:
        node = self._node("steps")
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self._wrong_kind(
                ("steps",),
                node,
                "`steps` must be a list",
                "write `- {at: 1s, heal: {}}`, one a line",
            )
            return []
        if len(node.items) > MAX_STEP_COUNT:
            message = f"{len(node.items):,} steps; a scenario has at most {MAX_STEP_COUNT}"
            self._complain(("steps",), message, "split it into several files", at_key=True)
            return []
        steps = []
        for index, item in enumerate(node.items):
            step = self._read_step(index, item)
            if step is not None:
                steps.append(PlacedStep(index, step))
        return steps

    def _read_rest(
        self, root: MappingNode, windows: dict[str, Window], steps: list[PlacedStep]
    ) -> Scenario | None:
        """Everything but windows and steps, which were read before and are inserted as they are."""
        data = root.data()
        data["windows"] = windows
        data["steps"] = [placed.step for placed in steps]
        try:
            scenario = Scenario.model_validate(data, context=self.names)
        except ValidationError as error:
            details = error.errors(include_url=False)
            own = [
                detail for detail in details if detail["loc"][:1] not in (("windows",), ("steps",))
            ]
            self._explain(own, Scenario, (), "the file")
            return None
        title = root.entries["scenario"]
        return scenario.placed(self.document.source, title.key.place.line)

    def _lint(
        self, windows: dict[str, Window], steps: list[PlacedStep], scenario: Scenario | None
    ) -> None:
        if self.document.sound_until_line is not None:
            return
        self.problems += lint_steps(
            self.document, windows, steps, frozenset(self._doubtful), self._complete
        )
        self.problems += lint_openers(self.document, windows)
        if scenario is not None:
            self.problems += lint_timings(self.document, scenario, self.names.vocabulary)
            self.problems += lint_expect(self.document, scenario.expect)
            self.problems += lint_app(self.document, scenario, steps, self.folder)
            self.problems += lint_platform(self.document, scenario, steps, self.names.vocabulary)
            if scenario.lasts_us is not None:
                self.problems += lint_end(self.document, windows, steps, scenario.lasts_us)

    # Steps.

    def _read_step(self, index: int, item: Node) -> Step | None:
        path: _Path = ("steps", index)
        if not isinstance(item, MappingNode):
            self._wrong_kind(
                path,
                item,
                "a step must be a mapping",
                f"write `- {{at: 1s, {self._usage_of(item)}}}`",
            )
            self._doubt(None)
            return None
        at = self._read_at(path, item)
        verb = self._read_verb(path, item)
        if at is None or verb is None:
            self._doubt(item)
            return None
        data = PlacedMapping({"at": at, "verb": verb})
        data.place = item.place
        return Step.model_validate(data)

    def _read_at(self, path: _Path, item: MappingNode) -> Range | None:
        entry = item.entries.get("at")
        if entry is None:
            if _misnamed_at(item) is None:
                self._missing(path, "this step needs `at`", "say when it happens: `at: 3s`")
            return None
        if isinstance(entry.value, RefusedNode):
            return None
        try:
            return parse_range(entry.value.data())
        except RefusalError as refusal:
            self._complain((*path, "at"), refusal.message, refusal.suggestion)
            return None

    def _read_verb(self, path: _Path, item: MappingNode) -> Verb | None:
        """The verb of a step, if exactly one is valid; every problem of every key is reported."""
        names = [name for name in item.entries if name != "at"]
        known = [name for name in names if name in VERBS]
        if not names:
            self._missing(path, "this step does nothing", f"give it a verb: {', '.join(VERBS)}")
        for name in names:
            if name not in VERBS:
                self._complain((*path, name), *self._unknown_verb(item, name, known), at_key=True)
                _move_inside(item, name, known)
        for name in known[1:]:
            message = f"a step has one verb; `{name}` is one more beside `{known[0]}`"
            self._complain(
                (*path, name), message, f"write a step of its own for `{name}`", at_key=True
            )
        verbs = [
            self._read_arguments(VERBS[name], (*path, name), item.entries[name].value)
            for name in known
        ]
        return verbs[0] if len(names) == 1 and verbs else None

    def _read_arguments(self, verb: type[Verb], path: _Path, node: Node) -> Verb | None:
        name = f"{path[-1]}"
        if isinstance(node, MappingNode | RefusedNode):
            return self._validate(verb, node, path, f"`{name}`")
        example = usage(name, verb)
        required = required_keys(verb)
        if isinstance(node, ScalarNode) and len(required) == 1:
            value = node.raw.removeprefix(f"{required[0]}:").strip()
            example = f"{name}: {{{required[0]}: {shorten(value)}}}"
        self._wrong_kind(
            path, node, f"the arguments of `{name}` must be a mapping", f"write `{example}`"
        )
        return None

    def _unknown_verb(self, item: MappingNode, name: str, known: list[str]) -> tuple[str, str]:
        for verb in known:
            if name in fields_of(VERBS[verb]):
                return (
                    f"`{name}` stands beside `{verb}`",
                    f"it belongs inside: `{usage(verb, VERBS[verb])}`",
                )
        if name == _misnamed_at(item):
            return f"unknown key `{shorten(name)}` in a step", "did you mean `at`?"
        return f"unknown verb `{shorten(name)}`", hint(name, VERBS, "verbs")

    def _usage_of(self, item: Node) -> str:
        """The verb that a step of a single word means, with an example of its arguments."""
        near = closest(item.raw.partition(" ")[0], VERBS) if isinstance(item, ScalarNode) else None
        name = near or "heal"
        return usage(name, VERBS[name])

    def _doubt(self, item: Node | None) -> None:
        """Note the windows of a step that could not be read; all windows, if that is unknown."""
        if isinstance(item, MappingNode) and _changes_nothing(item):
            return
        self._complete = False
        named, known = set(), self.names.windows or ()
        for entry in item.entries.values() if isinstance(item, MappingNode) else ():
            window = (
                entry.value.entries.get("window") if isinstance(entry.value, MappingNode) else None
            )
            if window is not None and isinstance(window.value, ScalarNode):
                named.add(closest(window.value.raw, known))
        found = {name for name in named if name is not None}
        self._doubtful.update(found or known)

    # Problems.

    def _validate(self, model: type[_Model], node: Node, path: _Path, owner: str) -> _Model | None:
        if isinstance(node, RefusedNode):
            return None
        try:
            return model.model_validate(node.data(), context=self.names)
        except ValidationError as error:
            self._explain(error.errors(include_url=False), model, path, owner)
            return None

    def _explain(
        self, details: list[ErrorDetails], model: type[BaseModel], base: _Path, owner: str
    ) -> None:
        misspelt = misspelt_keys(details, model)
        for detail in details:
            path = (*base, *detail["loc"])
            node, _ = self.document.find(path)
            if isinstance(node, RefusedNode):
                continue
            message, suggestion, at_key = explain(
                detail, model, owner, node.raw if isinstance(node, ScalarNode) else ""
            )
            if detail["type"] != "missing":
                self._complain(path, message, suggestion, at_key)
            elif detail["loc"] not in misspelt:
                self._missing(path, message, suggestion)

    def _complain(
        self, path: _Path, message: str, suggestion: str = "", at_key: bool = False
    ) -> None:
        problem = self.document.problem(path, message, suggestion, at_key)
        sound_until_line = self.document.sound_until_line
        if sound_until_line is None or problem.line < sound_until_line:
            self.problems.append(problem)

    def _missing(self, path: _Path, message: str, suggestion: str) -> None:
        """Report a missing part, unless it may stand behind a syntax error."""
        if self.document.sound_until_line is None:
            self._complain(path, message, suggestion, at_key=True)

    def _wrong_kind(self, path: _Path, node: Node, message: str, suggestion: str) -> None:
        if not isinstance(node, RefusedNode):
            self._complain(path, f"{message}, not {what_is(node.data())}", suggestion)

    def _complain_of_root(self, root: Node | None) -> None:
        if self.problems:
            return
        start = "a scenario begins with `scenario: what happens`"
        if root is None or (isinstance(root, ScalarNode) and root.value is None):
            what = (
                "there are only comments in the file"
                if self.document.source.text.strip()
                else "the file is empty"
            )
            self.problems.append(self.document.source.problem(1, 1, what, start))
        else:
            self._complain((), f"a scenario must be a mapping, not {what_is(root.data())}", start)

    # Empty values.

    def _refuse_empty_values(self, node: MappingNode | SequenceNode, path: _Path) -> None:
        """Report empty values: neither `why:` without text nor `heal:` without braces."""
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.items):
                if _is_empty(item):
                    self._complain((*path, index), "an empty entry in a list", "leave it out")
                    node.items[index] = RefusedNode(item.place)
                elif isinstance(item, MappingNode | SequenceNode):
                    self._refuse_empty_values(item, (*path, index))
            return
        for name, entry in tuple(node.entries.items()):
            if _is_empty(entry.value):
                self._refuse_empty_value(node, name, (*path, name))
            elif isinstance(entry.value, MappingNode | SequenceNode):
                self._refuse_empty_values(entry.value, (*path, name))

    def _refuse_empty_value(self, owner: MappingNode, name: str, path: _Path) -> None:
        message = f"`{shorten(name)}` has no value"
        suggestion = "give it one" if name in _REQUIRED else "give it one, or leave it out"
        entry, unseparated = owner.entries[name], _UNSEPARATED.fullmatch(name)
        key, value = unseparated.groups() if unseparated is not None else ("", "")
        if len(path) == 3 and path[0] == "steps" and name in VERBS:
            suggestion = f"write `{usage(name, VERBS[name])}`"
        elif key and key not in owner.entries:
            suggestion = f"write `{shorten(key)}: {shorten(value)}`, with a colon and a space"
        self._complain(path, message, suggestion, at_key=True)
        if key and key not in owner.entries:
            # What was meant is plain, so the rest of the file is checked as if it stood there.
            del owner.entries[name]
            owner.entries[key] = Entry(
                entry.key, ScalarNode(entry.key.place, value, resolve(value), entry.key.width)
            )
        else:
            entry.value = RefusedNode(entry.value.place)


def _changes_nothing(item: MappingNode) -> bool:
    """True if all verbs of a step leave every subject's marks as they are."""
    verbs = [VERBS.get(name) for name in item.entries if name != "at"]
    return bool(verbs) and not any(
        verb is None or verb.adds or verb.removes or verb.breaks for verb in verbs
    )


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value is None


def _move_inside(step: MappingNode, name: str, verbs: list[str]) -> None:
    """Move an argument that stands beside its verb inside, so that it is checked, not missing."""
    for verb in verbs:
        arguments = step.entries[verb].value
        if (
            name in fields_of(VERBS[verb])
            and isinstance(arguments, MappingNode)
            and name not in arguments.entries
        ):
            arguments.entries[name] = step.entries.pop(name)
            return


def _misnamed_at(item: MappingNode) -> str | None:
    """The key meant as `at` in a step without it: it reads alike, or its value is a time."""
    if "at" in item.entries:
        return None
    for name, entry in item.entries.items():
        if name in VERBS or not isinstance(entry.value, ScalarNode):
            continue
        try:
            parse_range(entry.value.value)
        except RefusalError:
            if closest(name, ("at", *VERBS)) != "at":
                continue
        return name
    return None
