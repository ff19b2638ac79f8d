"""A scenario's expectations of its runs: checks that are or may be violated, or held, and limits.

Rules of this file: it records what was written, where; whether it came true is judged by the code
that has the verdicts.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import WithJsonSchema

from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.document import Place, PlacedMapping, PlacedString
from oneroom.scenario.fields import Placed, Sentence, as_list, name_schema
from oneroom.scenario.names import KnownNames, hint, look_up
from oneroom.scenario.rendered_state import ExpectedRendering

Relation: TypeAlias = Literal["<=", ">=", "=="]

OWN_KEYS = ("violated", "may_violate", "held", "share", "shows", "showed", "told")
"""The keys of `expect` that are not in the ledger."""
MAX_BOUND = 10**12
"""A limit beyond it limits nothing."""
LIMIT_PATTERN = r"^(?:<=|>=|==) ?[0-9]{1,12}(?:\.[0-9]{1,6})?$"
"""For the JSON Schema: what a limit is as text."""

_LIMIT = re.compile(r"(<=|>=|==) ?([0-9]{1,12}(?:\.[0-9]{1,6})?)")
_LOOSE_LIMIT = re.compile(r"([<>=≤≥]{0,2})\s*([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*[a-z]*")
_RELATIONS: dict[str, Relation] = {
    "<=": "<=",
    "=<": "<=",
    "<": "<=",
    "≤": "<=",
    ">=": ">=",
    "=>": ">=",
    ">": ">=",
    "≥": ">=",
    "==": "==",
    "=": "==",
    "": "==",
}
"""What a sign is, or was meant to be: strict comparisons are not offered, `< 3` of whole events is
`<= 2`.
"""


@dataclass(frozen=True)
class ExpectedCheck:
    """A check that is or may be violated, or held, and where the scenario says so."""

    check: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Limit:
    """A limit on one entry of the ledger, and where the scenario says so."""

    ledger: str
    relation: Relation
    bound: float
    line: int = 0
    column: int = 0

    def admits(self, value: float) -> bool:
        """True if the ledger's `value`, in the unit of its key, keeps the limit."""
        if self.relation == "<=":
            return value <= self.bound
        if self.relation == ">=":
            return value >= self.bound
        return value == self.bound

    def __str__(self) -> str:
        return f"{self.ledger} {self.relation} {self.bound:g}"


def _expected_check(value: object, info: ValidationInfo) -> ExpectedCheck:
    if not isinstance(value, str):
        raise RefusalError("the name of a check is wanted here")
    # `module:Class` is a check of the user's own; whether it can be used is for the caller to find
    # out.
    if ":" not in value and isinstance(info.context, KnownNames):
        look_up(value, "check", info.context)
    place = value.place if isinstance(value, PlacedString) else Place(0, 0)
    return ExpectedCheck(str(value), place.line, place.column)


def _none_twice(claims: tuple[ExpectedCheck, ...]) -> tuple[ExpectedCheck, ...]:
    names = [claim.check for claim in claims]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise RefusalError(f"`{shorten(name)}` stands in the list twice", "keep one of them")
    return claims


def _limit(value: object, info: ValidationInfo) -> Limit:
    """The Limit behind a ledger key; `value` is the pair of both, as `Expect` has made it."""
    assert isinstance(value, tuple)
    key, written = value
    if isinstance(info.context, KnownNames):
        ledger = info.context.vocabulary.ledger
        if key not in ledger:
            suggestion = hint(key, (*OWN_KEYS, *ledger), "keys of `expect`")
            raise RefusalError(f"unknown key `{shorten(key)}` in `expect`", suggestion, at_key=True)
    relation, bound = _bound(written)
    place = key.place if isinstance(key, PlacedString) else Place(0, 0)
    return Limit(str(key), relation, bound, place.line, place.column)


def _bound(value: object) -> tuple[Relation, float]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < MAX_BOUND:
            raise RefusalError(f"a limit is a number from 0 on, not {value:g}")
        return "==", value
    match = _LIMIT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _not_a_limit(value)
    return _RELATIONS[match.group(1)], float(match.group(2))


def _not_a_limit(value: object) -> RefusalError:
    suggestion = 'write `0`, "<= 1500" or ">= 1"'
    if not isinstance(value, str):
        return RefusalError("a limit is a number or a comparison with one", suggestion)
    loose = _LOOSE_LIMIT.fullmatch(value.strip())
    if loose is not None and loose.group(1) in _RELATIONS:
        sign, number = loose.groups()
        suggestion = (
            f'did you mean "{_RELATIONS[sign]} {number}"?' if sign else f"did you mean `{number}`?"
        )
    return RefusalError(f"`{shorten(value)}` is not a limit", suggestion)


_Claims: TypeAlias = Annotated[
    tuple[
        Annotated[
            ExpectedCheck, PlainValidator(_expected_check), WithJsonSchema(name_schema("check"))
        ],
        ...,
    ],
    AfterValidator(_none_twice),
]
_Limit: TypeAlias = Annotated[
    Limit,
    PlainValidator(_limit),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": LIMIT_PATTERN}]}
    ),
]


class Expect(Placed):
    """Conditions that a run of the scenario must meet; without them, every check must hold."""

    violated: _Claims = Field(
        default=(), description="Checks that must be violated: a known-bad baseline."
    )
    may_violate: _Claims = Field(
        default=(),
        description="Checks that the same bug violates in some seeds: excused, and not asked for.",
        examples=[["intent_restored"]],
    )
    held: _Claims = Field(default=(), description="Checks that must have held, not vacuously.")
    share: Literal["offered_again"] | None = Field(
        default=None, description="What becomes of a lost screen share."
    )
    shows: ExpectedRendering | None = Field(
        default=None,
        description="What every window that is open at the end draws then.",
        examples=[{"connection": "connected", "people": ["grace"]}],
    )
    showed: ExpectedRendering | None = Field(
        default=None,
        description="What every window that is open at the end drew at some time.",
        examples=[{"connection": "reconnecting"}],
    )
    told: Annotated[
        tuple[Sentence, ...],
        BeforeValidator(as_list),
        WithJsonSchema(
            {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
        ),
    ] = Field(
        default=(),
        description="What the user must have been told in some window.",
        examples=["grace shares the screen"],
    )
    limits: dict[str, _Limit] = Field(
        default={}, description="Limits on the ledger, by key: a number or a comparison."
    )

    def claims(self) -> tuple[ExpectedCheck, ...]:
        """The checks that it names."""
        return (*self.violated, *self.may_violate, *self.held)

    @model_validator(mode="before")
    @classmethod
    def _gather_limits(cls, data: object) -> object:
        """Move the limits into `limits`: in YAML every key that is no other is one."""
        if not isinstance(data, dict):
            return data
        own = {key: value for key, value in data.items() if key in OWN_KEYS}
        limits = {key: (key, value) for key, value in data.items() if key not in OWN_KEYS}
        gathered = PlacedMapping({**own, "limits": limits})
        if isinstance(data, PlacedMapping):
            gathered.place = data.place
        return gathered
