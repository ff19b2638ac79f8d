"""The model of a scenario: the checked content of a YAML file, in units, with places for reports.

Rules of this file: frozen pydantic models and nothing that reads a file. A field's description is
its reference text in editors; its example is what an error message proposes when the field is
missing. Attributes carry their unit (`lasts_us`), keys in YAML do not (`lasts: 30s`).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    PrivateAttr,
    SerializeAsAny,
)
from pydantic.json_schema import WithJsonSchema

from oneroom.core.bus_kind import BUS_KINDS, BusKind, in_order
from oneroom.scenario.app_server import AppServer
from oneroom.scenario.bundle import Bundle
from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.duration import RANGE_PATTERN, parse_range
from oneroom.scenario.duration import Range as RangeValue
from oneroom.scenario.expect import Expect
from oneroom.scenario.fields import (
    TAG_PATTERN,
    WINDOW_PATTERN,
    DurationUs,
    Frozen,
    Placed,
    PolicyName,
    Range,
    Ratio,
    SafeguardName,
    Sentence,
    Tag,
    TimingName,
    WindowName,
    as_list,
    name_schema,
    none_twice,
)
from oneroom.scenario.names import closest
from oneroom.scenario.source import SourceText
from oneroom.scenario.verb import Verb, verb_name


class Bus(Frozen):
    """The bus between the windows, and its faults."""

    kind: BusKind = Field(default=BUS_KINDS[0], description="Which bus the windows have.")
    delay: Range | None = Field(
        default=None,
        description="How long a message takes, each delay as likely as the others; default: what "
        "this kind of bus takes in a real browser, below a millisecond with a long tail.",
    )
    loss_ratio: Ratio = Field(
        default=0.0, alias="loss", description="How many messages are lost, from 0 to 1."
    )
    duplicate_ratio: Ratio = Field(
        default=0.0, alias="duplicate", description="How many messages arrive twice, from 0 to 1."
    )

    @property
    def delays_us(self) -> range | None:
        """The delays of a message, all equally likely; None for those of a real browser."""
        return None if self.delay is None else self.delay.values_us

    @property
    def longest_us(self) -> int:
        """The longest delay of the file, 0 for those of a real browser."""
        return 0 if self.delay is None else self.delay.high_us


class Network(Frozen):
    """The path between a window and the SFU."""

    delay: Range = Field(
        default=RangeValue(5_000, 40_000), description="How long a packet takes, one way."
    )


class Tokens(Frozen):
    """Minting of access tokens."""

    mint: Range = Field(
        default=RangeValue(10_000, 80_000), description="How long minting one takes."
    )
    ttl_us: DurationUs = Field(
        default=6 * 3_600_000_000, alias="ttl", description="How long one is valid."
    )


def _opening(value: object) -> RangeValue | None:
    if not isinstance(value, str) or value.startswith(("-", *"0123456789")):
        return parse_range(value)
    if value == "later":
        return None
    near = closest(value, ("later",))
    suggestion = (
        "did you mean `later`?"
        if near
        else "write a time such as `0s` or `100ms..900ms`, or `later`"
    )
    raise RefusalError(f"`{shorten(value)}` is no time to open at", suggestion)


_OPENING_SCHEMA = {
    "anyOf": [{"const": 0}, {"const": "later"}, {"type": "string", "pattern": RANGE_PATTERN}]
}


class Window(Placed):
    """One window of the user, named by its key in `Scenario.windows`.

    `opens` is None for `later`.
    """

    kind: Literal["main", "overlay"] = Field(
        description="What it is: the main window is the preferred owner.",
        examples=["main", "overlay"],
    )
    opens: Annotated[
        RangeValue | None, PlainValidator(_opening), WithJsonSchema(_OPENING_SCHEMA)
    ] = Field(description="When it opens; `later`: only by an `open` step.", examples=["0s"])
    hidden: bool = Field(
        default=False, description="Whether it opens in the background, and has never been shown."
    )
    buses: Annotated[
        tuple[BusKind, ...],
        BeforeValidator(as_list),
        AfterValidator(none_twice),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": list(BUS_KINDS)},
                    {"type": "array", "items": {"enum": list(BUS_KINDS)}, "minItems": 1},
                ]
            }
        ),
    ] = Field(
        default=(),
        alias="bus",
        description="The buses that this window has, if they are not the `kind` that all have.",
        examples=[["storage-event", "tauri-event"]],
    )

    suspends: Range | None = Field(
        default=None,
        description="After how long hidden its WebView suspends it until it is shown, unless it is "
        "in a call (WKWebView's `inactiveSchedulingPolicy: suspend`, WebView2's `TrySuspend`); "
        "default: never.",
        examples=["8s..16s"],
    )
    profile: Annotated[str, Field(pattern=WINDOW_PATTERN)] | None = Field(
        default=None,
        description="The browser profile, or the origin, that it is in, if it is not that of the "
        "others: those share no bus, no localStorage and no locks with it.",
        examples=["work"],
    )
    locks: Literal["web-locks", "none"] | None = Field(
        default=None, description="Whether this window has Web Locks, if it is not as all have it."
    )
    sdk: Literal["js", "python"] | None = Field(
        default=None, description="The SDK of this window, if it is not the one that all have."
    )
    opener: WindowName | None = Field(
        default=None,
        description="The window that opens it (`window.open`): they share a process, and it has a "
        "copy of the sessionStorage.",
        examples=["main"],
    )


class Step(Placed):
    """One thing that happens.

    Steps are played by their drawn times, those of one instant in the order of the file.
    """

    at: Range
    verb: SerializeAsAny[Verb]

    @property
    def name(self) -> str:
        """The verb as it is called in YAML."""
        return verb_name(type(self.verb))


class Scenario(Frozen):
    """One user, some windows, and what happens to them."""

    title: Sentence = Field(
        alias="scenario",
        description="What happens, in one line.",
        examples=["main crashes in a call"],
    )
    why: Sentence = Field(
        description="What this is to prove, and where it comes from.",
        examples=["stage 4, failover"],
    )
    tags: Annotated[
        tuple[Tag, ...],
        BeforeValidator(as_list),
        AfterValidator(none_twice),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string", "pattern": TAG_PATTERN},
                    {
                        "type": "array",
                        "items": {"type": "string", "pattern": TAG_PATTERN},
                        "minItems": 1,
                    },
                ]
            }
        ),
    ] = Field(
        default=(),
        description="Words to select it by: `--grep @slow` takes those with the tag `slow`.",
        examples=[["slow"]],
    )
    skip: Sentence | None = Field(
        default=None,
        description="Why it is not run for now; reports say so.",
        examples=["until the server answers within 5 s"],
    )
    policies: Annotated[
        tuple[PolicyName, ...],
        BeforeValidator(as_list),
        AfterValidator(none_twice),
        WithJsonSchema(
            {
                "anyOf": [
                    name_schema("policy"),
                    {"type": "array", "items": name_schema("policy"), "minItems": 1},
                ]
            }
        ),
    ] = Field(
        default=("web-lock-lease",),
        alias="policy",
        description="How the owner is chosen; of a list each one is run.",
    )
    app: str | None = Field(
        default=None,
        description="Your own TypeScript or JavaScript, a path from this file: it runs in the "
        "windows, in place of a policy.",
        examples=["../src/voice.ts"],
    )
    identity: Literal["user", "window"] = Field(
        default="user",
        description="Whose name a token carries: LiveKit evicts a second `user`, and shows a "
        "second `window`.",
    )
    instance: Literal["runtime", "session"] = Field(
        default="runtime",
        description="What a window is called on the bus: a new name for every runtime, or one out "
        "of sessionStorage, which reloads keep and duplicated tabs share.",
    )
    engine: Literal["chromium", "webkit", "firefox"] = Field(
        default="chromium", description="Whose rules the windows live by."
    )
    bus: Bus = Field(
        default=Bus(),
        description="How the windows talk, and how badly.",
        examples=[{"delay": "1ms..30ms", "loss": 0.05}],
    )
    locks: Literal["web-locks", "none"] = Field(
        default="web-locks",
        description="Whether the windows have Web Locks: not on insecure pages and in old "
        "WebViews.",
    )
    sdk: Literal["js", "python"] | None = Field(
        default=None,
        description="The SDK of the windows: livekit-client, which is the default, or livekit for "
        "Python, which is what a live run plays.",
    )
    network: Network = Field(
        default=Network(),
        description="The way between a window and the SFU.",
        examples=[{"delay": "5ms..40ms"}],
    )
    tokens: Tokens = Field(
        default=Tokens(),
        description="How access tokens are had.",
        examples=[{"mint": "10ms..80ms", "ttl": "6h"}],
    )
    app_server: AppServer = Field(
        default=AppServer(),
        description="What the app's own server answers to the pages of an app.",
        examples=[{"routes": {"/api/join": {"json": {"accessToken": "$token"}}}}],
    )
    microphone: Literal["granted", "prompt", "denied"] = Field(
        default="granted", description="What the user has said about the microphone."
    )
    picker: Literal["strict", "lax"] = Field(
        default="strict",
        description="Whether the browser asks for a fresh click and the focus before a screen "
        "picker opens, as the specification does; Chromium is lax.",
    )
    timings_us: dict[TimingName, DurationUs] = Field(
        default={},
        alias="timings",
        description="Time-outs that differ from the defaults, without their unit.",
        examples=[{"lease": "3s"}],
    )
    windows: dict[Annotated[str, Field(pattern=WINDOW_PATTERN)], Window] = Field(
        min_length=1,
        description="The windows of the user, by name.",
        examples=[{"main": {"kind": "main", "opens": "0s"}}],
    )
    steps: tuple[Step, ...] = Field(default=(), description="What happens, and when.")
    lasts_us: DurationUs | None = Field(
        default=None,
        alias="lasts",
        description="How long a run lasts; default: the last step and the time to settle after it.",
    )
    without: Annotated[tuple[SafeguardName, ...], AfterValidator(none_twice)] = Field(
        default=(), description="Safeguards that are left out: a planted bug."
    )
    expect: Expect = Field(
        default=Expect(),
        description="What a run must show to pass; default: every check holds.",
        examples=[{"held": ["owner_elected"]}],
    )

    _source: SourceText = PrivateAttr(default=SourceText("", ""))
    _line: int = PrivateAttr(default=0)
    _forced_bus: str = PrivateAttr(default="")
    _forced_timings_us: Mapping[str, int] = PrivateAttr(default={})
    _added_checks: tuple[str, ...] = PrivateAttr(default=())
    _bundle: Bundle | None = PrivateAttr(default=None)
    _core: Bundle | None = PrivateAttr(default=None)

    @property
    def path(self) -> str:
        """The file, as it was named; empty for a scenario that comes from no file."""
        return self._source.path

    @property
    def text(self) -> str:
        """The text of the file."""
        return self._source.text

    @property
    def line(self) -> int:
        """The line of the title, from 1."""
        return self._line

    @property
    def forced_bus(self) -> str:
        """The bus that `--bus` gave to all windows, empty for what the file says."""
        return self._forced_bus

    @property
    def forced_timings_us(self) -> Mapping[str, int]:
        """The time-outs that `--timing` gave to all windows, whatever the file says."""
        return self._forced_timings_us

    @property
    def added_checks(self) -> tuple[str, ...]:
        """The user's own checks that `--check` added, as `module:Class`."""
        return self._added_checks

    @property
    def bundle(self) -> Bundle | None:
        """The app that its windows run, None for the owner machine."""
        return self._bundle

    @property
    def core(self) -> Bundle | None:
        """The owner machine that its windows run in the place of Python's, None for that."""
        return self._core

    @property
    def own_checks(self) -> tuple[str, ...]:
        """The user's own checks that judge its runs: those that `expect` names, and the added."""
        named = (claim.check for claim in self.expect.claims() if ":" in claim.check)
        return tuple(dict.fromkeys((*named, *self._added_checks)))

    @property
    def bus_name(self) -> str:
        """The bus that the windows have, or `mixed`."""
        kinds = {self.buses_of(name) for name in self.windows}
        return kinds.pop()[0] if kinds == {(self.bus.kind,)} else "mixed"

    def buses_of(self, window: str) -> tuple[BusKind, ...]:
        """The buses that a window has, the preferred one first."""
        return in_order(self.windows[window].buses) or (self.bus.kind,)

    def process_of(self, window: str) -> str:
        """The window that names the process of a window: its opener, or itself."""
        return self.windows[window].opener or window

    def locks_of(self, window: str) -> str:
        """`web-locks`, or `none`."""
        return self.windows[window].locks or self.locks

    def sdk_of(self, window: str) -> str:
        """`js`, or `python`."""
        return self.windows[window].sdk or self.sdk or "js"

    def asks_for_sdk(self, sdk: str) -> bool:
        """True if the file names `sdk` for all windows or for one of them."""
        return sdk in (self.sdk, *(window.sdk for window in self.windows.values()))

    def on_sdk(self, sdk: str) -> Self:
        """The same scenario with `sdk` in every window."""
        windows = {
            name: window.model_copy(update={"sdk": None}) for name, window in self.windows.items()
        }
        return self.model_copy(update={"sdk": sdk, "windows": windows})

    def on_bus(self, kind: str) -> Self:
        """The same scenario with every window on that bus alone; unchanged for an empty `kind`."""
        if not kind:
            return self
        windows = {
            name: window.model_copy(update={"buses": ()}) for name, window in self.windows.items()
        }
        scenario = self.model_copy(
            update={"bus": self.bus.model_copy(update={"kind": kind}), "windows": windows}
        )
        scenario._forced_bus = kind
        return scenario

    def with_timings(self, timings_us: Mapping[str, int]) -> Self:
        """The same scenario with these time-outs in every window; without any, unchanged."""
        if not timings_us:
            return self
        scenario = self.model_copy(update={"timings_us": {**self.timings_us, **timings_us}})
        scenario._forced_timings_us = dict(timings_us)
        return scenario

    def with_checks(self, names: tuple[str, ...]) -> Self:
        """The same scenario, judged by these checks of the user's own as well."""
        if not names:
            return self
        scenario = self.model_copy()
        scenario._added_checks = names
        return scenario

    def with_bundle(self, bundle: Bundle | None) -> Self:
        """The same scenario, with that app in its windows and none to be read from a file; without
        one, unchanged.
        """
        if bundle is None:
            return self
        scenario = self.model_copy(update={"app": None})
        scenario._bundle = bundle
        return scenario

    def with_core(self, core: Bundle | None) -> Self:
        """The same scenario, with that owner machine in its windows; without one, unchanged."""
        if core is None:
            return self
        scenario = self.model_copy()
        scenario._core = core
        return scenario

    def placed(self, source: SourceText, line: int) -> Self:
        """The same scenario with its place: that line of that file."""
        scenario = self.model_copy()
        scenario._source = source
        scenario._line = line
        return scenario
