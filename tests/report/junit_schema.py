"""JUnit XML as CI systems read it, in tables: the schema that Jenkins' plugins validate against,
with `file` and `line`, which GitLab's parser reads as well.

Source: the plugins' `junit-10.xsd` and its successor with `file` and `line`; GitLab's
`lib/gitlab/ci/parsers/test/junit.rb`, which knows a case by its classname and name. Written out
here because no XML Schema library is needed for anything else.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

# element: its attributes (those it must have first, then those it may), its children
SCHEMA: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {
    "testsuites": (
        frozenset(),
        frozenset({"name", "time", "tests", "failures", "errors"}),
        frozenset({"testsuite"}),
    ),
    "testsuite": (
        frozenset({"name", "tests", "failures", "errors"}),
        frozenset({"time", "skipped", "timestamp", "hostname", "id", "package", "file"}),
        frozenset({"testsuite", "properties", "testcase", "system-out", "system-err"}),
    ),
    "testcase": (
        frozenset({"name"}),
        frozenset({"time", "classname", "file", "line"}),
        frozenset({"skipped", "error", "failure", "system-out", "system-err"}),
    ),
    "failure": (frozenset(), frozenset({"type", "message"}), frozenset()),
    "error": (frozenset(), frozenset({"type", "message"}), frozenset()),
    "skipped": (frozenset(), frozenset({"type", "message"}), frozenset()),
    "system-out": (frozenset(), frozenset(), frozenset()),
}
_SECONDS = re.compile(r"\d+\.\d{3}")


def problems(document: str) -> list[str]:
    """What a CI system would stumble over in `document`, [] for nothing."""
    root = Xml.fromstring(document)
    found = [] if root.tag == "testsuites" else [f"the root is {root.tag}"]
    for element in root.iter():
        if element.tag not in SCHEMA:
            found.append(f"<{element.tag}> is in no schema")
            continue
        must, may, children = SCHEMA[element.tag]
        keys = set(element.keys())
        found += [f"<{element.tag}> lacks {key}" for key in sorted(must - keys)]
        found += [f"<{element.tag}> has {key}" for key in sorted(keys - must - may)]
        found += [
            f"<{child.tag}> in <{element.tag}>" for child in element if child.tag not in children
        ]
        if "time" in keys and not _SECONDS.fullmatch(element.get("time", "")):
            found.append(f"time {element.get('time')}")
        if element.tag == "testsuite":
            found += _counts(element)
    known = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    found += [
        f"{known.count(one)} cases {one}" for one in dict.fromkeys(known) if known.count(one) > 1
    ]
    return found


def _counts(suite: Xml.Element) -> list[str]:
    """The counts of a suite that are not those of its cases."""
    cases = suite.findall("testcase")
    real = {"tests": len(cases)}
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        real[key] = sum(case.find(tag) is not None for case in cases)
    return [
        f"{key} is {suite.get(key)}, not {count}"
        for key, count in real.items()
        if suite.get(key) != str(count)
    ]
