"""Building blocks of the models: their two bases, and the types of their fields.

Types are durations, ranges, ratios and names.

Rules of this file: a type is one parser (which raises RefusalError) and one JSON Schema; nothing
here knows a model or a verb. Names are looked up in the KnownNames that is the context of the
validation; without it every name is accepted.

Modules with models do without `from __future__ import annotations`: pydantic would evaluate every
annotation from text at every start of the command. For the same reason a model is built when it is
first used: there are many verbs, and a file has few.
"""

import re
from collections.abc import Callable
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import WithJsonSchema

from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.document import Place, PlacedMapping
from oneroom.scenario.duration import (
    DURATION_PATTERN,
    RANGE_PATTERN,
    format_duration,
    parse_duration,
    parse_range,
)
from oneroom.scenario.duration import Range as RangeValue
from oneroom.scenario.names import KnownNames, look_up

NAME_MARK = "x-oneroom-name"
"""In a generated JSON Schema: this string is a name of the kind given; `schema` puts an enumeration
in its place.
"""

WINDOW_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,39}$"
"""How a window may be called: it becomes the head of a column and a part of file names."""

TAG_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
"""How a tag may be called: a word of a command line."""

RESERVED_WINDOWS = ("world", "sfu", "witness", "bus")
"""Places that every trace has already."""


USER = "ada"
"""Under which identity the user joins a room."""

RESERVED_IDENTITIES = (USER, "witness")
"""Participants that every call has already."""


class Frozen(BaseModel):
    """Base of every model here: values, never changed, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


class Placed(Frozen):
    """A model with its place in the file: `line` and `column` from 1, or 0 without a file."""

    _place: Place = PrivateAttr(default=Place(0, 0))

    @model_validator(mode="wrap")
    @classmethod
    def _keep_place(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        model = handler(data)
        if isinstance(data, PlacedMapping):
            model._place = data.place
        return model

    @property
    def line(self) -> int:
        return self._place.line

    @property
    def column(self) -> int:
        return self._place.column


def _ratio(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusalError("a ratio is a number from 0 to 1", _ratio_hint(value))
    if not 0 <= value <= 1:
        near = f"{value / 100:g}"
        raise RefusalError(
            f"a ratio is a number from 0 to 1, not {value:g}",
            f"did you mean `{near}`?" if value > 1 else "",
        )
    return float(value)


def _ratio_hint(value: object) -> str:
    """The meaning of `5%`; text in quotes is the only other slip worth an answer of its own."""
    number = value.strip().removesuffix("%").strip() if isinstance(value, str) else ""
    if len(number) > 12 or not number.replace(".", "", 1).isdecimal():
        return "write for example `0.05`"
    is_percent = isinstance(value, str) and value.strip().endswith("%")
    return f"did you mean `{float(number) / 100 if is_percent else float(number):g}`?"


def _looked_up(kind: str) -> Callable[[str, ValidationInfo], str]:
    """A validator that refuses names which are none of that kind."""

    def check(name: str, info: ValidationInfo) -> str:
        if isinstance(info.context, KnownNames):
            look_up(name, kind, info.context)
        return name

    return check


def _policy(name: str, info: ValidationInfo) -> str:
    # `module:Class` is a policy of the user's own; whether it can be imported is for the caller to
    # find out.
    if ":" not in name and isinstance(info.context, KnownNames):
        look_up(name, "policy", info.context)
    return name


def as_list(value: object) -> object:
    """A validator that turns a single text into a list of it."""
    return [value] if isinstance(value, str) else value


def none_twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """A validator that refuses an empty list, and one with the same name in it twice."""
    if not names:
        raise RefusalError("the list is empty", "leave the key out, or name at least one")
    for index, name in enumerate(names):
        if name in names[:index]:
            raise RefusalError(f"`{shorten(name)}` stands in the list twice", "keep one of them")
    return names


def _identity(name: str) -> str:
    if not re.match(WINDOW_PATTERN, name):
        message = f"`{shorten(name)}` is no identity"
        raise RefusalError(
            message, "begin with a letter; letters, digits, `-` and `_` follow, 40 at most"
        )
    if name in RESERVED_IDENTITIES:
        raise RefusalError(f"`{name}` is in every call already", "choose another identity")
    return name


DURATION_SCHEMA = {"anyOf": [{"const": 0}, {"type": "string", "pattern": DURATION_PATTERN}]}
_RANGE_SCHEMA = {"anyOf": [{"const": 0}, {"type": "string", "pattern": RANGE_PATTERN}]}
_RATIO_SCHEMA = {"type": "number", "minimum": 0, "maximum": 1}


def name_schema(kind: str) -> dict[str, object]:
    """The JSON Schema of a name, before `schema` has inserted the known ones."""
    return {"type": "string", NAME_MARK: kind}


DurationUs = Annotated[
    int,
    PlainValidator(parse_duration),
    PlainSerializer(format_duration),
    WithJsonSchema(DURATION_SCHEMA),
]
"""Microseconds; `1.5s` in a file."""

Range = Annotated[
    RangeValue,
    PlainValidator(parse_range),
    PlainSerializer(str),
    Field(examples=["3s"]),
    WithJsonSchema(_RANGE_SCHEMA),
]
"""A oneroom.scenario.duration.Range; `3s` or `4s..6s` in a file."""

Ratio = Annotated[
    float, PlainValidator(_ratio), Field(examples=[0.1]), WithJsonSchema(_RATIO_SCHEMA)
]
"""From 0 (never) to 1 (always)."""


def _tag(tag: str) -> str:
    """A validator that refuses what is no tag."""
    if not re.match(TAG_PATTERN, tag):
        message = f"`{shorten(tag)}` is no tag"
        raise RefusalError(
            message, "begin with a letter or digit; those, `-` and `_` follow, 40 at most"
        )
    return tag


Tag = Annotated[
    str, AfterValidator(_tag), WithJsonSchema({"type": "string", "pattern": TAG_PATTERN})
]
"""A word to select scenarios by."""

Sentence = Annotated[str, Field(pattern=r"\S")]
"""Text for people; not empty."""

Channel = Annotated[Sentence, Field(examples=["lobby"])]
"""The name of a voice channel; any text."""

Identity = Annotated[
    str,
    AfterValidator(_identity),
    Field(examples=["grace"]),
    WithJsonSchema({"type": "string", "pattern": WINDOW_PATTERN}),
]
"""The identity of somebody else in a call."""

ChatChannel = Annotated[Sentence, Field(examples=["general"])]
"""The name of a room or of a direct conversation of the chat; any text."""

WindowName = Annotated[
    str,
    AfterValidator(_looked_up("window")),
    Field(examples=["main"]),
    WithJsonSchema(name_schema("window")),
]
"""A window of the same file."""

PolicyName = Annotated[str, AfterValidator(_policy), WithJsonSchema(name_schema("policy"))]
SafeguardName = Annotated[
    str, AfterValidator(_looked_up("safeguard")), WithJsonSchema(name_schema("safeguard"))
]
TimingName = Annotated[
    str, AfterValidator(_looked_up("timing")), WithJsonSchema(name_schema("timing"))
]
