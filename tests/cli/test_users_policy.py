"""Errors in a policy of the user's own: told at its file and line, and no internal error."""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.cli.conftest import Call
from tests.project import BARE_ENVIRONMENT, ONEROOM

_number = itertools.count()

RAISES_AT_A_CALL = """\
from oneroom.policies.web_lock_lease import WebLockLease


class Mine(WebLockLease):
    name = "mine"

    def attention_changed(self, gained, now_us):
        raise KeyError("row")
"""
NOTES = """\
        self.note("no row\\x1b of [31m mine")
"""
RAISES_AT_ONCE = """\
from oneroom.policies.web_lock_lease import WebLockLease


class Mine(WebLockLease):
    name = "mine"

    def __init__(self, config, election, out):
        raise KeyError("row")
"""
PRINTS = """\
from oneroom.policies.web_lock_lease import WebLockLease

print("the module is imported")


class Mine(WebLockLease):
    name = "mine"

    def started(self, now_us):
        print("a window starts")
        super().started(now_us)
"""
HEAD = "from oneroom.core.policy import Policy\n"
NO_SUCH_HOOK = f"""\
{HEAD}
class Mine(Policy):
    def on_start(self, now_us):
        pass
"""
RESERVED_TIMER = f"""\
{HEAD}from oneroom.core.events import Timer
class Mine(Policy):
    def started(self, now_us):
        self.arm(Timer.HEARTBEAT, now_us)
"""
UNKNOWN_MESSAGE = f"""\
{HEAD}from oneroom.core.actions import Post
from oneroom.core.messages import Message
class Hello(Message, frozen=True): pass
class Mine(Policy):
    def started(self, now_us):
        self.out.add(Post(Hello("main", 0, 1, 0)))
"""
CLAIMS_TWICE = f"""\
{HEAD}class Mine(Policy):
    def started(self, now_us):
        self.election.win(now_us)
        self.election.win(now_us)
"""
RESIGNS_AS_A_FOLLOWER = f"""\
{HEAD}class Mine(Policy):
    def started(self, now_us):
        self.resign("")
"""
HANDS_OVER_AS_A_FOLLOWER = f"""\
{HEAD}class Mine(Policy):
    def started(self, now_us):
        self.start_handoff("main")
"""
RELEASES_NO_LOCK = f"""\
{HEAD}from oneroom.core.actions import ReleaseLock
class Mine(Policy):
    def started(self, now_us):
        self.out.add(ReleaseLock())
"""
RENEWS_THE_LEASE = f"""\
{HEAD}from oneroom.core.actions import WriteLease
from oneroom.core.state import Lease
class Mine(Policy):
    def started(self, now_us):
        self.out.add(WriteLease(Lease(1, "main", 1)))
"""
MOVES_BY_A_WORD = f"""\
{HEAD}class Mine(Policy):
    def started(self, now_us):
        self.election.move("stand")
"""
ARMS_FOR_A_WORD = f"""\
{HEAD}class Mine(Policy):
    def started(self, now_us):
        self.arm("renew", "soon")
"""
FORGETS_ITS_TERM = f"""\
{HEAD}class Mine(Policy):
    def started(self, now_us):
        self.election.win(now_us)
        self.election.term = None
"""
HIDES = """\
scenario: the window is hidden
why: a test
windows:
  main: {kind: main, opens: 0s}
steps:
  - {at: 3s, focus: {window: main}}
"""


@pytest.fixture
def mine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mine:
    return Mine(folder, monkeypatch)


class Mine:
    """A module with a policy `Mine`, under a name that no test has imported before."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.syspath_prepend(str(folder))

    def write(self, text: str) -> str:
        module = f"mine_{next(_number)}"
        (self.folder / f"{module}.py").write_text(text, encoding="utf-8")
        return f"{module}:Mine"


@pytest.mark.parametrize("processes", ["1", "2"])
def test_an_exception_is_the_policys_and_the_suite_goes_on(
    call: Call, folder: Path, mine: Mine, processes: str
) -> None:
    (folder / "scenarios" / "two.yaml").unlink()
    (folder / "scenarios" / "hides.yaml").write_text(HIDES, encoding="utf-8")
    policy = mine.write(RAISES_AT_A_CALL)
    called = call("run", "--policy", policy, "--seeds", "3", "-j", processes)
    assert called.code == 1
    file = f"{policy.partition(':')[0]}.py:8: KeyError: 'row'"
    assert f"the policy raised an exception at 3.000 s: {folder / file}" in called.out
    assert "3 held, 3 violated" in called.out
    suite = Xml.parse(folder / "reports" / "latest" / "junit.xml").getroot()[0]
    assert (suite.get("errors"), suite.get("failures")) == ("1", "0")
    (error,) = suite.iter("error")
    assert file in error.get("message", "")
    (stored,) = (folder / ".oneroom" / "failures").glob("*.json")
    assert call("replay", stored.stem).code == 1


def test_a_note_before_an_exception_is_explained(call: Call, mine: Mine) -> None:
    policy = mine.write(RAISES_AT_A_CALL.replace("        raise", NOTES + "        raise"))
    Path("scenarios/hides.yaml").write_text(HIDES, encoding="utf-8")
    called = call("run", "scenarios/hides.yaml", "--policy", policy, "--seed", "1")
    assert called.code == 1
    (stored,) = Path(".oneroom/failures").glob("*.json")
    explained = call("explain", stored.stem)
    assert explained.code == 0
    assert "notes of the policy\n    main  no row· of [31m mine, in this instant" in explained.out
    assert "notes: no row" in call("show", stored.stem).out


def test_an_exception_before_anything_happened_is_explained(call: Call, mine: Mine) -> None:
    policy = mine.write(RAISES_AT_ONCE)
    called = call("run", "scenarios/held.yaml", "--policy", policy, "--seed", "1")
    assert called.code == 1
    assert "KeyError: 'row'" in called.out
    (stored,) = Path(".oneroom/failures").glob("*.json")
    for command, code in (("explain", 0), ("show", 1), ("replay", 1)):
        assert call(command, stored.stem).code == code


@pytest.mark.parametrize("processes", ["1", "2"])
def test_what_a_policy_prints_is_not_among_the_results(
    mine: Mine, folder: Path, processes: str
) -> None:
    policy = mine.write(PRINTS)
    command = ("run", "scenarios/held.yaml", "--policy", policy, "--seeds", "6", "--json")
    ran = subprocess.run(
        [*ONEROOM, *command, "-j", processes],
        cwd=folder,
        env=BARE_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    kinds = [json.loads(line)["kind"] for line in ran.stdout.splitlines()]
    assert kinds == ["run"] * 6 + ["summary"]
    assert "the module is imported" in ran.stderr
    assert "a window starts" in ran.stderr


def test_a_method_that_overrides_nothing_is_refused(call: Call, mine: Mine) -> None:
    policy = mine.write(NO_SUCH_HOOK)
    called = call("run", "--policy", policy)
    assert called.code == 2
    assert f"{policy.partition(':')[0]}.py:4: on_start overrides no hook" in called.err
    assert "did you mean started?" in called.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RESERVED_TIMER, ".py:5: IllegalMove: <Timer.HEARTBEAT: 0> is not a timer of policies"),
        (UNKNOWN_MESSAGE, ".py:7: IllegalMove: Hello is no message of policies"),
        (CLAIMS_TWICE, ".py:5: IllegalMove: this window claims the ownership while it is owner"),
        (
            RESIGNS_AS_A_FOLLOWER,
            ".py:4: IllegalMove: this window resigns an ownership that it does not have",
        ),
        (
            HANDS_OVER_AS_A_FOLLOWER,
            ".py:4: IllegalMove: this window hands over an ownership that it does not have",
        ),
        (
            RELEASES_NO_LOCK,
            ".py:5: IllegalMove: lock 'owner' is released that was not requested",
        ),
        (
            RENEWS_THE_LEASE,
            ".py:6: IllegalMove: WriteLease is no action of policies",
        ),
        (
            MOVES_BY_A_WORD,
            ".py:4: IllegalMove: 'stand' is no event of an election",
        ),
        (
            ARMS_FOR_A_WORD,
            ".py:4: ValidationError: Expected `int`, got `str` - at `$.at_us`",
        ),
        (
            FORGETS_ITS_TERM,
            ".py:2: self.election.term is None, no int",
        ),
    ],
)
def test_what_no_policy_may_do(call: Call, mine: Mine, text: str, told: str) -> None:
    called = call("run", "scenarios/held.yaml", "--policy", mine.write(text), "-j", "1")
    assert called.code == 1
    assert told in called.out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("may_own = 'all'", "may_own is 'all', none of 'any', 'main'"),
        ("clock = 'sun'", "clock is 'sun', none of 'monotonic', 'wall'"),
        ("needs_lock = 'yes'", "needs_lock is 'yes', none of True, False"),
        ("buses = ('pigeon',)", "buses is ('pigeon',), not some of broadcast-channel,"),
        ("published = 3", "published is 3, no Timings"),
        ("settle_us = classmethod(lambda cls, timings: 'soon')", "settle_us gives 'soon'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(call: Call, mine: Mine, line: str, told: str) -> None:
    policy = mine.write(f"{HEAD}class Mine(Policy):\n    {line}\n")
    called = call("run", "scenarios/held.yaml", "--policy", policy)
    assert called.code == 2
    assert f"{policy.partition(':')[0]}.py:2: " in called.err
    assert told in called.err


BUILT_ON_OURS = """\
from oneroom.policies.heartbeat import HeartbeatTimeout


class Mine(HeartbeatTimeout):
    name = "mine"
"""


def test_a_policy_built_on_one_of_ours_answers_for_its_own_moves_alone(
    call: Call, folder: Path, mine: Mine
) -> None:
    """`heartbeat` claims once more as owner, which means nothing: seed 77 of this scenario."""
    for path in (folder / "scenarios").glob("*.yaml"):
        path.unlink()
    searched = call(
        *("fuzz", "oneroom:stage1", "--policy", mine.write(BUILT_ON_OURS)),
        *("--max-runs", "20", "--seed", "77", "--continue-on-failure"),
    )
    assert searched.code in (0, 1)
    assert "IllegalMove" not in searched.out + searched.err
