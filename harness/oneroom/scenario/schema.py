"""The JSON Schema of a scenario file, generated from the model, for editors.

Rules of this file: nothing is written twice. Descriptions are docstrings and field descriptions,
patterns are those of the parser. The schema cannot express everything (a misspelt window, a step
before its window opens): `oneroom lint` checks that.
"""

from __future__ import annotations

import json
import re
from typing import Any

from oneroom.scenario.duration import Range, format_duration
from oneroom.scenario.fields import DURATION_SCHEMA, NAME_MARK, WINDOW_PATTERN
from oneroom.scenario.model import Scenario
from oneroom.scenario.names import KnownNames, Vocabulary
from oneroom.scenario.verbs import VERBS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_OWN_CLASS_PATTERN = "^[^:]+:[^:]+$"
"""`module:Class`, a policy of the user's own."""


def schema(vocabulary: Vocabulary | None = None) -> dict[str, object]:
    """The JSON Schema 2020-12 of a scenario; names are listed from `vocabulary` if it is given."""
    body = Scenario.model_json_schema()
    definitions = body["$defs"]
    definitions.pop("Verb")
    definitions["Step"] = _step_schema(definitions["Step"])
    definitions["Expect"] = _expect_schema(definitions["Expect"], vocabulary)
    body["properties"]["windows"]["additionalProperties"] = False
    head: dict[str, object] = {"$schema": DIALECT, "title": "oneroom scenario"}
    if vocabulary is not None:
        body["properties"]["timings"] = _timings_schema(body["properties"]["timings"], vocabulary)
    tidy = _tidy(body, vocabulary)
    assert isinstance(tidy, dict)
    return head | tidy


def render_schema(vocabulary: Vocabulary | None = None) -> str:
    """The text of the schema as it is committed: two spaces, a newline at the end, stable bytes."""
    return json.dumps(schema(vocabulary), indent=2, ensure_ascii=False) + "\n"


def _step_schema(generated: dict[str, Any]) -> dict[str, object]:
    """A step has two keys, `at` and one verb.

    It is expressed by counting keys: of alternatives an editor would explain every one.
    """
    verbs = {name: verb.model_json_schema() for name, verb in VERBS.items()}
    return {
        "type": "object",
        "description": generated["description"],
        "properties": {
            "at": generated["properties"]["at"] | {"description": "When it happens."},
            **verbs,
        },
        "required": ["at"],
        "minProperties": 2,
        "maxProperties": 2,
        "additionalProperties": False,
    }


def _expect_schema(generated: dict[str, Any], vocabulary: Vocabulary | None) -> dict[str, object]:
    """The schema of `expect`: in a file the limits stand beside its other keys."""
    limits = generated["properties"].pop("limits")
    limit = limits["additionalProperties"]
    if vocabulary is None:
        return generated | {"additionalProperties": limit}
    described = limit | {"description": limits["description"]}
    return generated | {
        "properties": generated["properties"] | dict.fromkeys(vocabulary.ledger, described)
    }


def _timings_schema(generated: dict[str, Any], vocabulary: Vocabulary) -> dict[str, object]:
    """The schema of `timings`: each with its meaning and its default."""
    rest = {
        key: value
        for key, value in generated.items()
        if key not in ("additionalProperties", "propertyNames")
    }
    named = {
        name: {
            **generated["additionalProperties"],
            "description": f"{timing.meaning} A duration, such as `500ms` or `3s`.",
            "default": timing.default_us,
        }
        for name, timing in vocabulary.timings.items()
    }
    return rest | {"properties": named, "additionalProperties": False}


def _tidy(part: object, vocabulary: Vocabulary | None) -> object:
    """The schema without pydantic's additions: titles that repeat a name, nulls, empty defaults."""
    if isinstance(part, list):
        return [_tidy(item, vocabulary) for item in part]
    if not isinstance(part, dict):
        return part
    if NAME_MARK in part:
        described = {key: part[key] for key in ("description", "examples") if key in part}
        return _name_schema(part[NAME_MARK], vocabulary) | described
    kept = {
        key: value for key, value in part.items() if not (key == "title" and isinstance(value, str))
    }
    if "description" in kept:
        kept["description"] = re.sub(r"(?<!\n)\n(?!\n)", " ", kept["description"])
    if "default" in kept:
        default = _default(kept.pop("default"), kept)
        kept |= {} if default is None else {"default": default}
    if "anyOf" in kept:
        kept["anyOf"] = [option for option in kept["anyOf"] if option != {"type": "null"}]
    return {key: _tidy(value, vocabulary) for key, value in kept.items()}


def _default(value: object, described: dict[str, object]) -> object:
    """A default as it would stand in a file; None if it adds nothing to what its parts say."""
    match value:
        case {"low_us": int(low_us), "high_us": int(high_us)}:
            return str(Range(low_us, high_us))
        case int() if described.get("anyOf") == DURATION_SCHEMA["anyOf"]:
            return format_duration(value)
        case dict() | [] | None:
            return None
    return value


def _name_schema(kind: str, vocabulary: Vocabulary | None) -> dict[str, object]:
    if kind == "window":
        return {"type": "string", "pattern": WINDOW_PATTERN}
    known = KnownNames(vocabulary, None).of(kind) if vocabulary is not None else None
    if known is None:
        return {"type": "string"}
    names: dict[str, object] = {"type": "string", "enum": list(known)}
    if kind in ("policy", "check"):
        return {"anyOf": [names, {"type": "string", "pattern": _OWN_CLASS_PATTERN}]}
    return names
