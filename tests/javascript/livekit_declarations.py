"""Declarations of the real livekit-client that another implementation can satisfy: without what is
private, protected, `@internal`, or left out by name; enumerations by their values.

TypeScript compares classes with private members by name, and enumerations too, whatever they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# What has members: a class, or a namespace.
_BLOCK = re.compile(
    r"^(?:export |default |declare |abstract )*(?:class|namespace) (?P<name>\w+).*\{$"
)
_ENUM = re.compile(
    r"^(?P<at> *)(?P<how>(?:export )?(?:declare )?)enum (?P<name>\w+) \{(?P<members>[^}]*)\}", re.M
)
_ENUM_MEMBER = re.compile(r"^ *(?P<name>\w+) = (?P<value>[^,\n]+)", re.MULTILINE)
_COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
_MEMBER = re.compile(
    r"(?P<hidden>(?:static )?(?:private|protected) )?"
    r"(?:static |readonly |abstract |get |set |function )*(?P<name>\w+)"
)


def copy(package: Path, to: Path, left_out: dict[str, set[str]]) -> None:
    """Write the declarations in `package` to `to`, without the members of `left_out`, by class."""
    for file in package.rglob("*.d.ts"):
        copied = to / file.relative_to(package)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_text("\n".join(_opened(_ENUM.sub(_values, file.read_text()), left_out)))


def _opened(text: str, left_out: dict[str, set[str]]) -> Iterator[str]:
    """One file, its classes without what apps cannot or must not touch."""
    lines = iter(text.splitlines())
    for line in lines:
        yield line
        found = _BLOCK.match(line)
        if found is not None:
            yield from _members(lines, left_out.get(found["name"], set()))


def _members(lines: Iterator[str], left_out: set[str]) -> Iterator[str]:
    """The public members of the class that has just begun, and its end."""
    member = ""
    for line in lines:
        if line.startswith("}"):
            yield line
            return
        member += line + "\n"
        bare = _COMMENT.sub("", member).strip()
        if "/**" in bare or not bare.endswith((";", "}")) or not _is_balanced(bare):
            continue
        found = _MEMBER.match(bare)
        if found is None or found["name"] == "constructor":
            # A subclass of the same may be made by everybody.
            yield bare.removeprefix("protected ")
        elif not (found["hidden"] or "@internal" in member or found["name"] in left_out):
            yield member
        member = ""


def _is_balanced(text: str) -> bool:
    return all(text.count(one) == text.count(other) for one, other in ("{}", "()", "[]"))


def _values(found: re.Match[str]) -> str:
    """An enumeration as an object of literals, their union, and a type for each."""
    members = _ENUM_MEMBER.findall(_COMMENT.sub("", found["members"]))
    at, how, name = found["at"], found["how"], found["name"]
    constant = "".join(f" readonly {one}: {value};" for one, value in members)
    types = "".join(f" type {one} = {value};" for one, value in members)
    return "\n".join(
        (
            f"{at}{how}const {name}: {{{constant} }};",
            f"{at}{how}type {name} = (typeof {name})[keyof typeof {name}];",
            f"{at}{how}namespace {name} {{{types} }}",
        )
    )
