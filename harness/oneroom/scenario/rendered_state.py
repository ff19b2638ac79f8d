"""The expected rendering of windows: the call, and the other people in it.

Rules of this file: parts that are not given are not compared. The code that has the trace judges
whether a window drew it.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic.json_schema import WithJsonSchema

from oneroom.scenario.fields import WINDOW_PATTERN, Identity, Placed, as_list

_NAME = {"type": "string", "pattern": WINDOW_PATTERN}
_Identities: TypeAlias = Annotated[
    tuple[Identity, ...],
    BeforeValidator(as_list),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]


class ExpectedRendering(Placed):
    """The state that a window draws.

    The lists are of other people, without the user and the witness, in any order.
    """

    connection: Literal["idle", "connecting", "connected", "reconnecting"] | None = Field(
        default=None, description="Where the call stands.", examples=["connected"]
    )
    channel: str | None = Field(
        default=None, description="Which channel the user wants; empty for none."
    )
    error: str | None = Field(default=None, description="What went wrong; empty for nothing.")
    people: _Identities | None = Field(
        default=None, description="Who else is in the call.", examples=[["grace"]]
    )
    speaking: _Identities | None = Field(
        default=None, description="Who of them speaks.", examples=[["grace"]]
    )
    muted: _Identities | None = Field(
        default=None, description="Who of them is muted.", examples=[["grace"]]
    )
    cameras: _Identities | None = Field(
        default=None, description="Whose camera is on.", examples=[["grace"]]
    )
    sharing: _Identities | None = Field(
        default=None, description="Who of them shares a screen.", examples=[["grace"]]
    )
