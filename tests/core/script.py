"""The language of the datadriven core tests: a reviewer reads them like a story.

A file is a sequence of blocks: prose (`#`), one or more command lines, `----`, the expected output,
a blank line. Commands:

    windows policy=NAME [without=SAFEGUARD,...]
        then one line a window: `NAME main|overlay [owner|follower|new] [term=N]`
    WINDOW EVENT [WORDS] [key=value ...] [t=TIME]
        one turn of that window; prints the actions, what it writes to localStorage first
    WINDOW finds [KEY=VALUE ...]
        the content of its localStorage from now on
    WINDOW hears OTHER
        everything OTHER posted and WINDOW has not heard yet, in order
    WINDOW hears OTHER MESSAGE term=N ...
        one message, as if OTHER had posted it
    show
        role, term, Room and mirror of every window

Times are seconds of one shared monotonic clock (`t=5.204s`); without `t=` the clock stands still.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.ablation.without import without
from oneroom.core import actions, events, messages, session
from oneroom.core.config import Config
from oneroom.core.coordinator import Coordinator
from oneroom.core.events import Timer
from oneroom.core.messages import CommandVerb
from oneroom.core.platform import MemoryStorage
from oneroom.core.reasons import Reason
from oneroom.core.state import Applied, Intent, Lease, Participant, Source, VoiceState
from oneroom.policies.registry import load

Words = dict[str, str]


class Items(MemoryStorage):
    """The localStorage of one window; `stored` gets a line for each write."""

    def __init__(self, stored: list[str], items: Words | None = None) -> None:
        super().__init__(items)
        self._stored = stored

    def set(self, key: str, value: str) -> None:
        super().set(key, value)
        self._stored.append(f"-> storage  {key} is {value}")

    def remove(self, key: str) -> None:
        super().remove(key)
        self._stored.append(f"-> storage  remove {key}")


class Script:
    """The windows of one file and their shared clock."""

    def __init__(self) -> None:
        self.now_us = 0
        self.windows: dict[str, Coordinator] = {}
        self.posts: dict[str, list[messages.Message]] = {}
        self.heard: dict[tuple[str, str], int] = {}
        self.stored: list[str] = []

    def run(self, command: str) -> str:
        """The output of one block."""
        lines = command.splitlines()
        out: list[str] = []
        if lines[0].startswith("windows"):
            self._windows(lines)
            return self._show()
        for line in lines:
            out.extend(self._line(line))
        return "\n".join(out) if out else "(nothing)"

    def _line(self, line: str) -> list[str]:
        if line == "show":
            return self._show().splitlines()
        words, pairs = _split(line)
        if "t" in pairs:
            self.now_us = round(float(pairs.pop("t").removesuffix("s")) * 1_000_000)
        name, what, rest = words[0], words[1], words[2:]
        if what == "hears":
            return self._hears(name, rest, pairs)
        if what == "finds":
            self.windows[name].policy.platform.local_storage = Items(self.stored, {**pairs})
            return []
        return self._turn(name, EVENTS[what](rest, pairs, self.windows[name]))

    def _turn(self, name: str, event: events.Event) -> list[str]:
        self.stored.clear()
        performed = self.windows[name].handle(event, self.now_us)
        for action in performed:
            if isinstance(action, actions.Post):
                self.posts[name].append(action.message)
        return [*self.stored, *(text for action in performed if (text := describe(action)))]

    def _hears(self, name: str, rest: list[str], pairs: Words) -> list[str]:
        other = rest[0]
        if len(rest) > 1:
            return self._turn(name, events.Received(_message(other, rest[1], pairs)))
        start = self.heard.get((name, other), 0)
        news = self.posts[other][start:]
        self.heard[name, other] = start + len(news)
        out: list[str] = []
        for message in news:
            out.extend(self._turn(name, events.Received(message)))
        return out

    def _windows(self, lines: list[str]) -> None:
        _, head = _split(lines[0])
        self.now_us = 0
        self.windows, self.posts, self.heard = {}, {}, {}
        lacks = tuple(name for name in head.get("without", "").split(",") if name)
        timings = load(head["policy"]).timings_with({})
        for line in lines[1:]:
            words, pairs = _split(line)
            config = Config(words[0], words[1] == "main", 0, timings)
            window = self.windows[words[0]] = self._window(config, head["policy"], lacks)
            window.policy.platform.local_storage = Items(self.stored)
            self.posts[words[0]] = []
            self._prepare(words, int(pairs.get("term", "0")))
        for name in self.windows:
            for other in self.windows:
                self.heard[name, other] = len(self.posts[other])

    def _window(self, config: Config, policy: str, lacks: tuple[str, ...]) -> Coordinator:
        return without(Coordinator, lacks)(config, without(load(policy), lacks))

    def _prepare(self, words: list[str], term: int) -> None:
        """Bring a window into the role that the file begins with, by the events that lead there."""
        name, role = words[0], (words[2:] or ["follower"])[0]
        window = self.windows[name]
        if role == "new":
            return  # its script has not run yet: `WINDOW starts`
        if role == "owner" and term > 1:
            window.handle(events.LeaseSeen(Lease(term=term - 1, holder="a window before")), 0)
        window.handle(events.Started(), 0)
        if role == "owner" and window.policy.needs_lock:
            window.handle(events.LockGranted(), 0)
            window.handle(events.TermTaken(window.out.requests, term), 0)
        if role == "follower" and term:
            window.handle(events.Received(messages.Heartbeat("main", term, 1, 0, True)), 0)

    def _show(self) -> str:
        rows = []
        for name, window in self.windows.items():
            role = window.election.role.name.lower().replace("_", " ")
            room = session.State(window.ownership.session.state).name.lower()
            mirror = window.mirror
            rows.append(
                f"{name:<8} {role:<9} term={window.election.term}  room={room}  "
                f"mirror=(term={mirror.term} number={mirror.number})"
            )
        return "\n".join(rows)


# -- input ---------------------------------------------------------------------------------------


def _split(line: str) -> tuple[list[str], Words]:
    words = [word for word in line.split() if "=" not in word]
    pairs = dict(word.split("=", 1) for word in line.split() if "=" in word)
    return words, pairs


def _flag(pairs: Words, name: str) -> bool:
    return pairs.get(name, "no") == "yes"


def _epoch(pairs: Words, window: Coordinator) -> int:
    return int(pairs.get("epoch", window.ownership.session.epoch))


def _request(pairs: Words, window: Coordinator) -> int:
    """The number of the request that is replied to: the newest, unless the story says which."""
    return int(pairs.get("number", window.out.requests))


def _intent(pairs: Words) -> Intent:
    return Intent(
        pairs.get("channel", ""),
        _flag(pairs, "muted"),
        _flag(pairs, "camera"),
        _flag(pairs, "share"),
    )


def _applied(pairs: Words) -> tuple[Applied, ...]:
    entries = [entry.split(":") for entry in pairs.get("applied", "").split(",") if entry]
    return tuple(Applied(name, int(number)) for name, number in entries)


def _message(sender: str, kind: str, pairs: Words) -> messages.Message:
    term, seq = int(pairs.get("term", "0")), int(pairs.get("seq", "0"))
    number = int(pairs.get("number", "0"))
    match kind:
        case "VOICE_OWNER_HEARTBEAT":
            return messages.Heartbeat(sender, term, seq, number, _flag(pairs, "preferred"))
        case "VOICE_STATE_SNAPSHOT":
            state = VoiceState(intent=_intent(pairs), applied=_applied(pairs))
            return messages.Snapshot(sender, term, seq, number, state)
        case "VOICE_COMMAND":
            verb = CommandVerb[pairs["verb"].upper()]
            after = int(pairs.get("after", 0))
            return messages.Command(
                sender,
                term,
                seq,
                number,
                after,
                verb,
                _flag(pairs, "value"),
                pairs.get("channel", ""),
            )
        case "VOICE_OWNER_PROBE":
            return messages.Probe(sender, term, seq, number, _flag(pairs, "snapshot"))
        case "VOICE_OWNER_HANDOFF_REQUEST":
            return messages.HandoffRequest(sender, term, seq, 0)
        case "VOICE_OWNER_RESIGN":
            return messages.Resign(sender, term, seq, 0, pairs.get("successor", ""))
        case "VOICE_OWNER_CLAIM":
            return messages.Claim(sender, term, seq, 0, pairs.get("candidate", ""))
        case "VOICE_WINDOW_GOSSIP":
            known = tuple(pairs.get("known", "").split(",")) if "known" in pairs else ()
            return messages.Gossip(
                sender, term, seq, number, known, pairs.get("owner", ""), pairs.get("gone", "")
            )
    raise ValueError(f"no such message: {kind}")


Maker = Callable[[list[str], Words, Coordinator], events.Event]

EVENTS: dict[str, Maker] = {
    "starts": lambda rest, pairs, window: events.Started(),
    "timer": lambda rest, pairs, window: events.TimerFired(Timer[rest[0]]),
    "connects": lambda rest, pairs, window: events.UserCommand(CommandVerb.CONNECT, rest[0]),
    "disconnects": lambda rest, pairs, window: events.UserCommand(CommandVerb.DISCONNECT),
    "toggles-mute": lambda rest, pairs, window: events.UserCommand(CommandVerb.TOGGLE_MUTE),
    "toggles-camera": lambda rest, pairs, window: events.UserCommand(CommandVerb.TOGGLE_CAMERA),
    "toggles-share": lambda rest, pairs, window: events.UserCommand(
        CommandVerb.TOGGLE_SCREEN_SHARE
    ),
    "clicks": lambda rest, pairs, window: events.UserGesture(),
    "pagehide": lambda rest, pairs, window: events.PageHide(),
    "froze": lambda rest, pairs, window: events.Froze(),
    "resumed": lambda rest, pairs, window: events.Resumed(),
    "lock-granted": lambda rest, pairs, window: events.LockGranted(),
    "lock-busy": lambda rest, pairs, window: events.LockBusy(),
    "lock-lost": lambda rest, pairs, window: events.LockLost(),
    "lock-queried": lambda rest, pairs, window: events.LockQueried(
        _request(pairs, window), _flag(pairs, "mine"), int(pairs.get("rank", "-1"))
    ),
    "term-taken": lambda rest, pairs, window: events.TermTaken(
        _request(pairs, window), int(rest[0])
    ),
    "term-seen": lambda rest, pairs, window: events.TermSeen(_request(pairs, window), int(rest[0])),
    "item-changed": lambda rest, pairs, window: events.ItemChanged(rest[0], pairs.get("value", "")),
    "attention": lambda rest, pairs, window: events.AttentionChanged(
        "visible" in rest, "focused" in rest
    ),
    "lease-seen": lambda rest, pairs, window: events.LeaseSeen(
        Lease(
            int(pairs["term"]),
            pairs["holder"],
            int(pairs.get("counter", "1")),
            int(pairs.get("number", "0")),
            _intent(pairs),
            _applied(pairs),
        )
    ),
    "token": lambda rest, pairs, window: events.TokenReady(
        _epoch(pairs, window),
        "secret",
        round(float(pairs.get("valid", "0s").removesuffix("s")) * 1_000_000),
    ),
    "wall-clock-jumped": lambda rest, pairs, window: events.WallClockJumped(
        round(float(pairs["by"].removesuffix("s")) * 1_000_000)
    ),
    "token-failed": lambda rest, pairs, window: events.TokenFailed(_epoch(pairs, window)),
    "room-connected": lambda rest, pairs, window: events.RoomConnected(
        _epoch(pairs, window), "PA_1"
    ),
    "room-lost": lambda rest, pairs, window: events.RoomLost(_epoch(pairs, window)),
    "room-healed": lambda rest, pairs, window: events.RoomHealed(_epoch(pairs, window), "PA_2"),
    "room-ended": lambda rest, pairs, window: events.RoomEnded(
        _epoch(pairs, window), Reason[rest[0]]
    ),
    "roster": lambda rest, pairs, window: events.RosterChanged(
        _epoch(pairs, window), tuple(_participant(one) for one in rest)
    ),
    "captures": lambda rest, pairs, window: events.CaptureStarted(
        _epoch(pairs, window), Source[rest[0]]
    ),
    "capture-fails": lambda rest, pairs, window: events.CaptureFailed(
        _epoch(pairs, window), Source[rest[0]], "denied"
    ),
    "capture-ends": lambda rest, pairs, window: events.CaptureEnded(
        _epoch(pairs, window), Source[rest[0]]
    ),
}


def _participant(text: str) -> Participant:
    """`grace`, or `grace:speaking,muted,camera,share`."""
    name, _, looks = text.partition(":")
    return Participant(
        name, "speaking" in looks, "muted" in looks, "camera" in looks, "share" in looks
    )


# -- output --------------------------------------------------------------------------------------

NAMES: dict[type[messages.Message], str] = {
    messages.Heartbeat: "VOICE_OWNER_HEARTBEAT",
    messages.Command: "VOICE_COMMAND",
    messages.Snapshot: "VOICE_STATE_SNAPSHOT",
    messages.Probe: "VOICE_OWNER_PROBE",
    messages.HandoffRequest: "VOICE_OWNER_HANDOFF_REQUEST",
    messages.Resign: "VOICE_OWNER_RESIGN",
    messages.Claim: "VOICE_OWNER_CLAIM",
    messages.Gossip: "VOICE_WINDOW_GOSSIP",
    messages.Removed: "VOICE_REMOVED",
    messages.Silenced: "VOICE_SILENCED",
}


def describe(action: actions.Action) -> str:
    """One line for each action: where it goes, and what it says."""
    match action:
        case actions.Post(message=message):
            return f"-> bus      {_post(message)}"
        case actions.Arm(timer=timer, at_us=at_us):
            return f"-> timer    {_timer(timer)} at {at_us / 1_000_000:.3f}s"
        case actions.Disarm(timer=timer):
            return f"-> timer    {_timer(timer)} off"
        case actions.RequestLock(steal=steal, if_available=if_available):
            return (
                "-> lock     "
                f"{'steal' if steal else 'request if available' if if_available else 'request'}"
            )
        case actions.ReleaseLock():
            return "-> lock     release"
        case actions.QueryLock(number=number):
            return f"-> lock     query number={number}"
        case actions.TakeTerm(number=number, after=after):
            return f"-> terms    take number={number}" + (f" after={after}" if after >= 0 else "")
        case actions.ReadTerm(number=number):
            return f"-> terms    read number={number}"
        case actions.WriteLease(lease=lease):
            what = f"term={lease.term} counter={lease.counter} number={lease.seq}"
            return f"-> storage  lease {what}{_wanted(lease.intent)}"
        case actions.MintToken(epoch=epoch, channel=channel):
            return f"-> tokens   mint epoch={epoch} channel={channel}"
        case actions.OpenRoom(epoch=epoch, term=term, channel=channel):
            return f"-> room     open epoch={epoch} term={term} channel={channel}"
        case actions.CloseRoom(epoch=epoch):
            return f"-> room     close epoch={epoch}"
        case actions.Publish(source=source, muted=muted):
            return f"-> room     publish {source.name}{' muted' if muted else ''}"
        case actions.Unpublish(source=source):
            return f"-> room     unpublish {source.name}"
        case actions.SetMuted(muted=muted):
            return f"-> room     {'mute' if muted else 'unmute'}"
    return f"   user     {_told(action)}"


def _timer(timer: Timer | str) -> str:
    return timer.name if isinstance(timer, Timer) else timer


def _told(action: actions.Action) -> str:
    match action:
        case actions.Became(role=role, term=term, base_term=base_term, base_number=base_number):
            base = (
                f" from=(term={base_term} number={base_number})"
                if role is actions.Role.OWNER
                else ""
            )
            return f"is {role.name.lower().replace('_', ' ')} term={term}{base}"
        case actions.CommandIssued(number=number, verb=verb, value=value):
            return f"command {number} {verb.name.lower()}{' on' if value else ''}"
        case actions.CommandApplied(instance_id=instance_id, number=number, verb=verb, value=value):
            return f"applied {instance_id}:{number} {verb.name.lower()}{' on' if value else ''}"
        case actions.CommandResolved(number=number, outcome=outcome):
            return f"command {number} {outcome.name.lower()}"
        case actions.Rendered(term=term, number=number, state=state):
            return (
                f"sees (term={term} number={number}) "
                f"{state.connection.name.lower()}{_wanted(state.intent)}"
            )
        case actions.UserNotice(text=text):
            return f"is told: {text}"
    raise ValueError(f"no words for {action}")


def _post(message: messages.Message) -> str:
    text = f"{NAMES[type(message)]} term={message.term} seq={message.seq}"
    match message:
        case messages.Snapshot(number=number):
            return f"{text} number={number}"
        case messages.Command(number=number, verb=verb, value=value):
            return f"{text} number={number} {verb.name.lower()}{' on' if value else ''}"
        case messages.Probe(number=number) if number:
            return f"{text} answers={number}"
        case messages.Resign(successor=successor):
            return f"{text} successor={successor or '-'}"
        case messages.Claim(candidate=candidate):
            return f"{text} candidate={candidate or '-'}"
        case messages.Gossip(number=number, known=known, owner=owner, gone=gone):
            what = {"answers": number, "known": ",".join(known), "owner": owner, "gone": gone}
            return " ".join([text, *(f"{key}={value}" for key, value in what.items() if value)])
    return text


def _wanted(intent: Intent) -> str:
    parts = [f"channel={intent.channel}"] if intent.channel else []
    parts += [name for name in ("muted", "camera", "share") if getattr(intent, name)]
    return " " + " ".join(parts) if parts else ""
