"""Writing of a scenario as YAML: drawn and shrunk scenarios are kept as files like any other.

Rules of this file: `parse(write(scenario))` says the same as `scenario`. Only what differs from the
defaults is written, one step a line; comments and layout of the file that a scenario came from are
not its content and are lost.
"""

from __future__ import annotations

import yaml

from oneroom.scenario.expect import Expect
from oneroom.scenario.model import Scenario, Step

# Keys in the order in which a reader asks for them; `windows`, `steps` and `expect` are written by
# their own rules.
_HEAD = (
    "scenario",
    "why",
    "tags",
    "skip",
    "policy",
    "app",
    "identity",
    "engine",
    "bus",
    "network",
    "tokens",
    "app_server",
    "microphone",
    "timings",
)
_TAIL = ("lasts", "without")
_OWN_RULES = {"windows", "steps", "expect"}


def write(scenario: Scenario) -> str:
    """The YAML text of `scenario`."""
    plain = scenario.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude=_OWN_RULES
    )
    if len(scenario.policies) == 1 and "policy" in plain:
        plain["policy"] = scenario.policies[0]
    lines = [f"{key}: {_flow(plain[key])}" for key in _HEAD if key in plain]
    # Keys that were added to the model after this file was written still come out, behind those it
    # knows.
    known = (*_HEAD, *_TAIL)
    lines += [f"{key}: {_flow(value)}" for key, value in plain.items() if key not in known]
    lines.append("windows:")
    lines += [f"  {name}: {_flow(window)}" for name, window in _windows(scenario).items()]
    if scenario.steps:
        lines.append("steps:")
        lines += [f"  - {_flow(_step(step))}" for step in scenario.steps]
    lines += [f"{key}: {_flow(plain[key])}" for key in _TAIL if key in plain]
    expected = _expect(scenario.expect)
    if expected:
        lines.append("expect:")
        lines += [f"  {key}: {_flow(value)}" for key, value in expected.items()]
    return "\n".join(lines) + "\n"


def _windows(scenario: Scenario) -> dict[str, object]:
    written: dict[str, object] = {}
    for name, window in scenario.windows.items():
        rest = window.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude={"opens"}
        )
        written[name] = {**rest, "opens": "later" if window.opens is None else str(window.opens)}
    return written


def _step(step: Step) -> dict[str, object]:
    arguments = step.verb.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"at": str(step.at), step.name: arguments}


def _expect(expect: Expect) -> dict[str, object]:
    written: dict[str, object] = {}
    for key in ("violated", "may_violate", "held"):
        if claims := getattr(expect, key):
            written[key] = [claim.check for claim in claims]
    if expect.share is not None:
        written["share"] = expect.share
    for key in ("shows", "showed"):
        if (picture := getattr(expect, key)) is not None:
            written[key] = picture.model_dump(mode="json", exclude_none=True)
    if expect.told:
        written["told"] = list(expect.told)
    for key, limit in expect.limits.items():
        bound = int(limit.bound) if limit.bound == int(limit.bound) else limit.bound
        written[key] = bound if limit.relation == "==" else f"{limit.relation} {bound}"
    return written


def _flow(value: object) -> str:
    """`value` on one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("...").removesuffix("\n")
