"""The policies that retell an election of npm, beside the package itself in JavaScript windows.

Both play the same scenarios under the same seeds. Which window wins is a random token in the
packages and an instance id in the models, so what is compared is how many elections there are, the
window that is first, and how long after a fault the next one is: its shortest, its median and its
longest time over all seeds.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.actions import Role
from oneroom.driver.run import Run
from oneroom.explore.vocabulary import vocabulary
from oneroom.javascript.bundler import bundled
from oneroom.scenario import Scenario, parse
from oneroom.sim.run import simulate
from oneroom.trace.records import RoleChanged, StepTaken
from tests.project import ROOT

SEEDS = range(1, 13)
MS = 1_000

BROADCAST_CHANNEL = """
import { BroadcastChannel, createLeaderElection } from 'broadcast-channel';
import { owner } from 'oneroom';
createLeaderElection(new BroadcastChannel('voice')).awaitLeadership().then(() => owner());
"""
TAB_ELECTION_4 = """
import { Tab } from 'tab-election';
import { owner } from 'oneroom';
const tab = new Tab('voice');
tab.waitForLeadership(() => { owner(); return {}; });
addEventListener('pagehide', () => tab.close());
"""
TAB_ELECTION_3 = """
import { waitForLeadership } from 'tab-election-3';
import { owner } from 'oneroom';
waitForLeadership('voice', () => { owner(); return {}; });
"""
BROWSER_TABS_LOCK = """
import Lock from 'browser-tabs-lock';
import { owner } from 'oneroom';
const lock = new Lock();
(async () => { while (!(await lock.acquireLock('voice', 5000))); owner(); })();
"""


class Original(NamedTuple):
    """An election of npm, its model, and by how much their times after a fault may differ."""

    app: str
    model: str
    locks: str
    tolerance_us: int


ORIGINALS = {
    # a crash is noticed by the next round of a follower, each of 3 s: few seeds spread the times
    "broadcast-channel": Original(BROADCAST_CHANNEL, "bully-apply", "none", 300 * MS),
    # lets go at `beforeunload`, the model at `pagehide`, up to 71 ms later
    "broadcast-channel-locks": Original(BROADCAST_CHANNEL, "web-lock-plain", "web-locks", 80 * MS),
    # the browser frees the locks of a page that closes; the package releases its own before that
    "tab-election-4": Original(TAB_ELECTION_4, "web-lock-plain", "web-locks", 30 * MS),
    # each of its pings draws up to 1 s a window, the model's jitter is one constant (docstring)
    "tab-election-3": Original(TAB_ELECTION_3, "ping-pong-maxid", "none", 1_700 * MS),
    "browser-tabs-lock": Original(BROWSER_TABS_LOCK, "ls-mutex", "none", 20 * MS),
}
FAULTS = {
    "crash": "{at: 10s..13s, crash: {window: main}}",
    "close": "{at: 10s..13s, close: {window: main}}",
    "stall": "{at: 10s..13s, stall: {window: main, lasts: 20s}}",
    "freeze": "{at: 10s..13s, freeze: {window: main}}",
    "newcomer": "{at: 10s, stall: {window: main, lasts: 1s}}\n"
    "  - {at: 10100ms, open: {window: late}}",
}
SCENARIO = """\
scenario: the first window leads, and something happens to it
why: a test
policy: {model}
locks: {locks}
windows:
  main: {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 3s..3500ms}}
  widget: {{kind: overlay, opens: 4s..4500ms}}
  late: {{kind: overlay, opens: later}}
steps:
  - {fault}
  - {{at: 40s, focus: {{window: overlay}}}}
"""


class Elections(NamedTuple):
    """The elections of all seeds: how many a run has on average, the windows that lead first, and
    the times from the fault to the next one, of the runs that have one.
    """

    mean_count: float
    first: set[str]
    after_us: list[int]


def elections(runs: list[Run]) -> Elections:
    """The elections of some runs."""
    counts: list[int] = []
    first: set[str] = set()
    after_us: list[int] = []
    for run in runs:
        names, records = run.trace.names, run.trace.records
        fault_us = next(one.at_us for one in records if isinstance(one, StepTaken))
        won = [
            (one.at_us, names[one.where])
            for one in records
            if isinstance(one, RoleChanged) and one.role is Role.OWNER
        ]
        counts.append(len(won))
        first.add(won[0][1])
        after_us += [at_us - fault_us for at_us, _ in won if at_us > fault_us][:1]
    return Elections(statistics.mean(counts), first, sorted(after_us))


def difference(original: Elections, model: Elections, tolerance_us: int) -> str:
    """The first thing in which the two differ, in words; "" for none."""
    if original.first != model.first:
        return f"first leads {original.first}, in the model {model.first}"
    if abs(original.mean_count - model.mean_count) > 0.3:
        return f"{original.mean_count} elections a run, in the model {model.mean_count}"
    if not original.after_us or not model.after_us:
        return "" if original.after_us == model.after_us else "only one has an election after it"
    for name, of in (("shortest", min), ("median", statistics.median), ("longest", max)):
        us, model_us = of(original.after_us), of(model.after_us)
        if abs(us - model_us) > tolerance_us:
            return f"{name} {us:,.0f} us, in the model {model_us:,.0f}"
    return ""


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the packages of the examples, and an app for each original."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "node_modules").symlink_to(ROOT / "examples" / "node_modules")
    for name, original in ORIGINALS.items():
        (folder / f"{name}.ts").write_text(original.app, encoding="utf-8")
    return folder


def played(made: Scenario, policy: str) -> Elections:
    """The elections of a scenario under all seeds."""
    return elections([simulate(made, policy, Seeded(seed)) for seed in SEEDS])


def scenario(original: Original, fault: str) -> Scenario:
    """The scenario of a fault, without the package."""
    text = SCENARIO.format(model=original.model, locks=original.locks, fault=FAULTS[fault])
    return parse(text, vocabulary(), "models.yaml")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ORIGINALS)
def test_a_model_elects_as_its_original_does(name: str, fault: str, apps: Path) -> None:
    original = ORIGINALS[name]
    made = scenario(original, fault)
    package = played(made.with_bundle(bundled(apps / f"{name}.ts")), name)
    model = played(made, original.model)
    assert difference(package, model, original.tolerance_us) == ""


def test_another_election_is_told_apart(apps: Path) -> None:
    made = scenario(ORIGINALS["broadcast-channel"], "crash")
    package = played(made.with_bundle(bundled(apps / "broadcast-channel.ts")), "app")
    for other in ("heartbeat", "ls-mutex", "gossip-max-optimistic"):
        assert difference(package, played(made, other), 300 * MS) != ""
