"""pydantic's errors in the words of scenario authors.

Rules of this file: words for the types of error that can happen here, nothing about positions. A
type that is not listed keeps pydantic's own sentence, so a new kind of field is never without an
answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.names import closest, hint

_OPTION = re.compile(r"'([^']*)'")
_MAPPING_TYPES = frozenset(("model_type", "model_attributes_type", "dict_type"))
_LIST_TYPES = frozenset(("tuple_type", "list_type"))


class Explanation(NamedTuple):
    """The texts of a Problem, and whether it is about the key or about the value."""

    message: str
    suggestion: str
    at_key: bool


def explain(error: ErrorDetails, model: type[BaseModel], owner: str, raw: str) -> Explanation:
    """The words for one validation error of `model`.

    `owner` names what the model describes, as messages say it (the file, a window, a verb); `raw`
    is the refused value as it stands in the file, empty when it is no single value.
    """
    kind, path = (
        error["type"],
        [part for part in error["loc"] if isinstance(part, str) and part != "[key]"],
    )
    key = path[-1] if path else ""
    refusal = error.get("ctx", {}).get("error")
    if isinstance(refusal, RefusalError):
        at_key = refusal.at_key or error["loc"][-1:] == ("[key]",)
        return Explanation(refusal.message, refusal.suggestion, at_key)
    inner = model_at(model, path[:-1])
    if len(path) > 1:
        owner = f"`{path[-2]}`"
    if kind == "missing":
        return _missing(key, owner, fields_of(inner).get(key))
    if kind == "extra_forbidden":
        known = fields_of(inner)
        suggestion = (
            hint(key, known, f"keys of {owner}") if known else f"{owner} has no keys: leave it out"
        )
        return Explanation(f"unknown key `{shorten(key)}` in {owner}", suggestion, True)
    if kind == "literal_error":
        return _not_an_option(key, error)
    example = example_of(fields_of(inner).get(key))
    suggestion = f"write `{key}: {example}`" if example else ""
    return Explanation(
        *_wrong_type(kind, f"`{key}`" if key else owner, error, raw, suggestion), False
    )


def misspelt_keys(
    details: Sequence[ErrorDetails], model: type[BaseModel]
) -> list[tuple[int | str, ...]]:
    """Paths of keys that are present but misspelt, so they are not reported as missing as well."""
    found = []
    for detail in details:
        if detail["type"] == "extra_forbidden":
            owner, key = detail["loc"][:-1], f"{detail['loc'][-1]}"
            known = fields_of(model_at(model, [part for part in owner if isinstance(part, str)]))
            found.append((*owner, closest(key, known) or key))
    return found


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the names that they have in YAML."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def model_at(model: type[BaseModel], path: Sequence[str]) -> type[BaseModel]:
    """The model that describes the value at `path`; the innermost one that is known."""
    parts = iter(path)
    for part in parts:
        field = fields_of(model).get(part)
        inner = _only(field.annotation) if field is not None else None
        if get_origin(inner) is dict:
            inner = get_args(inner)[1] if next(parts, None) is not None else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        model = inner
    return model


def _only(annotation: object) -> object:
    """The type of an optional field (`Model | None`)."""
    if get_origin(annotation) is dict:
        return annotation
    options = [option for option in get_args(annotation) if option is not type(None)]
    return options[0] if len(options) == 1 else annotation


def required_keys(model: type[BaseModel]) -> list[str]:
    """The keys that a model requires, in its order."""
    return [key for key, field in fields_of(model).items() if field.is_required()]


def example_of(field: FieldInfo | None) -> str:
    """A value that a field might have, as it would stand in a file; empty when none is known."""
    return _inline(field.examples[0]) if field is not None and field.examples else ""


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_inline(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_inline(item) for item in value)}]"
    return f"{value}"


def usage(name: str, model: type[BaseModel]) -> str:
    """The notation of `name`, with examples of required arguments: `crash: {window: main}`."""
    fields = fields_of(model)
    return f"{name}: {_inline({key: example_of(fields[key]) for key in required_keys(model)})}"


def what_is(value: object) -> str:
    """The kind of a YAML value: `a mapping`, `a list`, `a number`, `text`."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else "something else"


def _missing(key: str, owner: str, field: FieldInfo | None) -> Explanation:
    example = example_of(field)
    return Explanation(f"{owner} needs `{key}`", f"add `{key}: {example}`" if example else "", True)


def _not_an_option(key: str, error: ErrorDetails) -> Explanation:
    options = _OPTION.findall(str(error.get("ctx", {}).get("expected", "")))
    value = error["input"]
    near = closest(value, options) if isinstance(value, str) else None
    listed = (
        " or ".join((", ".join(options[:-1]), options[-1]))
        if len(options) > 1
        else "".join(options)
    )
    said = f"`{shorten(value)}`" if isinstance(value, str) else what_is(value)
    return Explanation(
        f"`{key}` is {listed}, not {said}", f"did you mean `{near}`?" if near else "", False
    )


def _wrong_type(
    kind: str, subject: str, error: ErrorDetails, raw: str, example: str
) -> tuple[str, str]:
    found = what_is(error["input"])
    if kind in _MAPPING_TYPES:
        return f"{subject} must be a mapping, not {found}", example
    if kind in _LIST_TYPES:
        return (
            f"{subject} must be a list, not {found}",
            f"write `[{shorten(raw)}]`" if raw else example,
        )
    if kind == "string_type":
        return (
            f"{subject} must be text, not {found}",
            f'write "{shorten(raw)}", in quotes' if raw else example,
        )
    if kind == "string_pattern_mismatch":
        return f"{subject} is empty", example
    said = error["msg"]
    return f"{subject}: {said[:1].lower()}{said[1:]}", example
