"""JUnit XML, as CI systems read it: a suite for each policy, a test case for each scenario.

Rules: valid for the schemas of Jenkins and for GitLab's parser: `file` and `line` of a case are the
scenario's, and no two cases have one name (GitLab and Jenkins know a case by `classname` and `name`
and keep one of those that are alike), so the seeds are in it. Facts of a case are in its
`system-out`, because the schemas allow no properties there. Bounded by the number of scenarios, not
of seeds. Characters that XML 1.0 cannot carry are replaced, or CI systems would refuse the whole
file. What went wrong outside the runs is an error, so a suite that was not completed is never all
green.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as Xml

from oneroom.checks.results import RAISED, RunGroup, Skipped

# Everything outside the Char production of XML 1.0; named itself, since its complement takes Python
# 3 ms to compile.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(
    groups: Sequence[RunGroup],
    texts: Mapping[tuple[str, str], str],
    troubles: Sequence[str] = (),
    skipped: Sequence[Skipped] = (),
) -> str:
    """The document.

    `texts` has the failure text of a group by (scenario, policy); that of a group that held is
    about a run that differs from itself. `troubles` are those of the Summary.
    """
    root = Xml.Element("testsuites", name="oneroom")
    for policy in dict.fromkeys(group.policy for group in groups):
        mine = [group for group in groups if group.policy == policy]
        suite = Xml.SubElement(root, "testsuite", name=f"oneroom {policy}", tests=str(len(mine)))
        cases = [_case(group, texts.get((group.scenario, group.policy), "")) for group in mine]
        suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
        suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
        suite.set("skipped", "0")
        suite.set("time", _seconds(sum(group.wall_ms for group in mine)))
        suite.extend(cases)
    if skipped:
        root.append(_skipped(skipped))
    if troubles:
        root.append(_troubles(troubles))
    Xml.indent(root)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"
    )


def _case(group: RunGroup, text: str) -> Xml.Element:
    name = f"{group.scenario}: {group.title} ({_seeds(group)})"
    case = Xml.Element(
        "testcase",
        classname=_clean(f"oneroom.{group.policy}"),
        name=_clean(name),
        time=_seconds(group.wall_ms),
    )
    case.set("file", _clean(group.scenario))
    case.set("line", str(group.line))
    if group.verdict != "held":
        otherwise = group.gave_up or "; ".join(group.shortfalls) or group.verdict
        first = group.failures[0].finding.message if group.failures else otherwise
        kind = group.failures[0].finding.check if group.failures else group.verdict
        tag = "error" if kind in RAISED else "failure"
        Xml.SubElement(case, tag, message=_clean(first), type=_clean(kind)).text = _clean(
            text or first
        )
    elif text:
        _error(case, text.partition("\n")[0], "nondeterministic", text)
    facts = "\n".join(f"{name}: {value}" for name, value in _facts(group).items())
    Xml.SubElement(case, "system-out").text = _clean(facts)
    return case


def _seeds(group: RunGroup) -> str:
    return f"{'seed' if group.seed_ranges.isdigit() else 'seeds'} {group.seed_ranges}"


def _facts(group: RunGroup) -> dict[str, str]:
    """The facts of a group beside its outcome, in lines `name: value`."""
    facts = {"seeds": f"{group.seeds}"}
    for failure in group.failures[:1]:
        facts |= {"seed": f"{failure.result.seed}", "id": failure.id, "repro": failure.repro}
    for failure in group.failures:
        if failure.worst_seed >= 0:
            facts[f"worst_seed.{failure.finding.check}"] = f"{failure.worst_seed}"
    return facts | {f"worst.{key}": f"{worst}" for key, worst in group.worst.items()}


def _skipped(skipped: Sequence[Skipped]) -> Xml.Element:
    """A suite with a case for each scenario that is not run for now."""
    count = str(len(skipped))
    suite = Xml.Element("testsuite", name="oneroom skipped", tests=count, failures="0", errors="0")
    suite.set("skipped", count)
    suite.set("time", _seconds(0))
    for one in skipped:
        name = _clean(f"{one.scenario}: {one.title}")
        case = Xml.SubElement(suite, "testcase", classname="oneroom", name=name, time=_seconds(0))
        case.set("file", _clean(one.scenario))
        case.set("line", str(one.line))
        Xml.SubElement(case, "skipped", message=_clean(one.reason))
    return suite


def _troubles(troubles: Sequence[str]) -> Xml.Element:
    """A suite with a case for each of them."""
    count = str(len(troubles))
    suite = Xml.Element("testsuite", name="oneroom", tests=count, failures="0", errors=count)
    suite.set("skipped", "0")
    suite.set("time", _seconds(0))
    for number, trouble in enumerate(troubles, start=1):
        name = f"the suite itself ({number})"
        case = Xml.SubElement(suite, "testcase", classname="oneroom", name=name, time=_seconds(0))
        _error(case, trouble.partition("\n")[0], "suite", trouble)
    return suite


def _error(case: Xml.Element, message: str, kind: str, text: str) -> None:
    Xml.SubElement(case, "error", message=_clean(message), type=kind).text = _clean(text)


def _seconds(wall_ms: float) -> str:
    return f"{wall_ms / 1_000:.3f}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
