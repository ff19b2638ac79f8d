"""Errors in a policy of the user's own: told at its file and line, and no internal error."""

from __future__ import annotations

import itertools
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.cli.conftest import Call

_number = itertools.count()

RAISES_AT_A_CALL = """\
from oneroom.policies.web_lock_lease import WebLockLease


class Mine(WebLockLease):
    name = "mine"

    def attention_changed(self, gained, now_us):
        raise KeyError("row")
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


def test_a_method_that_overrides_nothing_is_refused(call: Call, mine: Mine) -> None:
    policy = mine.write(NO_SUCH_HOOK)
    called = call("run", "--policy", policy)
    assert called.code == 2
    assert f"{policy.partition(':')[0]}.py:4: on_start overrides no hook" in called.err
    assert "did you mean started?" in called.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RESERVED_TIMER, ".py:5: ValueError: <Timer.HEARTBEAT: 0> is not a timer of policies"),
        (UNKNOWN_MESSAGE, ".py:4: Hello is no message or action of oneroom"),
    ],
)
def test_what_no_policy_may_do(call: Call, mine: Mine, text: str, told: str) -> None:
    called = call("run", "scenarios/held.yaml", "--policy", mine.write(text), "-j", "1")
    assert called.code == 1
    assert told in called.out
