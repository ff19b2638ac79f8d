"""The parts of a sweep: environments laid over scenarios, points, costs, the recommendation."""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.checks.sweep_results import Setting, SweepRow
from oneroom.explore.judged_run import run_judged
from oneroom.explore.sweep import environments, points
from oneroom.explore.sweep.costs import Tally
from oneroom.explore.sweep.plan import Cell, sweep_plan
from oneroom.explore.sweep.recommendation import recommendation
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Range, Scenario, ScenarioError, parse
from oneroom.scenario.environment import check_environment, laid_over
from oneroom.trace.records import LifeChanged, StepTaken
from tests.explore.texts import HELD, scenario
from tests.project import SCENARIOS

SECOND = 1_000_000
CALLS = sorted((SCENARIOS / "sweep").glob("*.yaml"))
BUSY = """\
scenario: busy
why: a test
bus: {kind: storage-event, delay: 20ms..40ms}
windows:
  owner: {kind: main, opens: 0s, hidden: true}
  others: {kind: overlay, opens: 0s}
steps:
  - {at: 4s, stall: {window: owner, lasts: 1s}}
  - {at: 4s, hide: {window: others}}
  - {at: 5s, sleep: {lasts: 2s}}
"""
CRASHES = HELD.replace("at: 5s", "at: 2500ms") + "  - {at: 3s, crash: {window: main}}\n"


def over(text: str, environment: str = BUSY) -> Scenario:
    return laid_over(scenario(text), (scenario(environment),), "made.yaml", vocabulary())


def test_settings_and_steps_of_an_environment_are_laid_over() -> None:
    made = over(HELD)
    assert (made.bus.kind, str(made.bus.delay)) == ("storage-event", "20ms..40ms")
    assert made.windows["main"].hidden
    assert not made.windows["overlay"].hidden
    assert [step.name for step in made.steps] == ["connect", "gesture", "stall", "hide", "sleep"]
    about = [getattr(step.verb, "window", "") for step in made.steps]
    assert about == ["overlay", "main", "main", "overlay", ""]
    assert made.path == "made.yaml"


def test_a_scenarios_own_settings_stay_where_the_environment_says_nothing() -> None:
    text = HELD.replace("windows:", "bus: {loss: 0.1, kind: broadcast-channel}\nwindows:")
    made = over(text, BUSY.replace("bus: {kind: storage-event, delay", "bus: {delay"))
    assert (made.bus.kind, made.bus.loss_ratio) == ("broadcast-channel", 0.1)


def test_a_step_that_cannot_happen_is_left_out() -> None:
    names = [step.name for step in over(CRASHES).steps]
    assert names == ["connect", "gesture", "crash", "hide", "sleep"]


def test_a_contradiction_is_told() -> None:
    hidden = HELD + "  - {at: 6s, hide: {window: main}}\n"
    with pytest.raises(ScenarioError, match="hidden"):
        over(hidden)


def test_an_environment_has_placeholders_alone() -> None:
    with pytest.raises(ScenarioError, match="`overlay` is no window of an environment"):
        check_environment(scenario(HELD))


@pytest.mark.parametrize("name", environments.names())
def test_an_environment_that_comes_with_oneroom_changes_every_call(name: str) -> None:
    (environment,) = environments.find([name])
    for file in CALLS:
        call = parse(file.read_text(encoding="utf-8"), vocabulary(), str(file))
        made = environment.over(call, Path("reports"))
        assert made.text != call.text
        plain, laid = (run_judged(one, "web-lock-lease", 1) for one in (call, made))
        assert plain.result.digest != laid.result.digest
        assert laid.result.unexpected == ()


def test_the_busy_owner_is_busy() -> None:
    (environment,) = environments.find(["hidden-chrome+busy-owner"])
    made = environment.over(scenario(HELD), Path("reports"))
    trace = run_judged(made, "web-lock-lease", 1).run.trace
    steps = [one for one in trace.records if isinstance(one, StepTaken)]
    assert len(steps) == len(made.steps) == 2 + 2 + 3
    assert sum(isinstance(one, LifeChanged) for one in trace.records) > 4


def test_an_unknown_environment_and_a_broken_file_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(HELD.replace("overlay:", "other:"), encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        environments.find(["hidden-crome", str(tmp_path / "mine.yaml")])
    assert "did you mean `hidden-chrome`?" in str(raised.value)
    assert "unknown window `overlay`" in str(raised.value)


def test_a_grid_has_the_ends_and_no_point_twice() -> None:
    made = points.grid({"lease": Range(SECOND, 2 * SECOND), "probe": Range(5, 5)}, 3)
    assert made == [{"lease": us, "probe": 5} for us in (1_000_000, 1_500_000, 2_000_000)]
    assert points.grid({"claim": Range(0, 1_000)}, 5) == [{"claim": 0}, {"claim": 1_000}]
    assert points.grid({}, 6) == [{}]


def test_drawn_points_repeat_themselves_by_seed() -> None:
    ranges = {"lease": Range(SECOND, 6 * SECOND), "heartbeat": Range(1_000, SECOND)}
    made = points.drawn(ranges, 20, 1)
    assert made == points.drawn(ranges, 20, 1)
    assert made != points.drawn(ranges, 20, 2)
    assert all(SECOND <= point["lease"] <= 6 * SECOND for point in made)
    assert all(us % 1_000 == 0 for point in made for us in point.values())


def test_every_setting_has_a_share_of_a_sweep_that_ends_early() -> None:
    settings = [Setting("web-lock-lease", {"lease": s * SECOND}) for s in (2, 4)]
    plan = sweep_plan([(scenario(HELD), "none"), (scenario(CRASHES), "none")], settings, range(3))
    cells = {(place, policy): cell for place, policy, cell in plan.cells}
    jobs = plan.jobs()
    assert len(jobs) == 2 * 2 * 3
    assert {cells[job.scenario, job.policy].setting for job in jobs[:4]} == {0, 1}
    leases = {plan.scenarios[place].timings_us["lease"] for place, _, _ in plan.cells}
    assert leases == {2 * SECOND, 4 * SECOND}
    assert {cell.setting for _, _, cell in plan.only_setting(1, range(9, 10)).cells} == {1}


def test_costs_are_counted() -> None:
    settings = [Setting("web-lock-lease", {"lease": 1_000_000}), Setting("naive", {})]
    plan = sweep_plan([(scenario(CRASHES), "none")], settings, range(1, 4))
    tally = Tally(settings)
    for job in plan.jobs():
        result = plan.play(plan.scenarios[job.scenario], job.policy, job.seed)
        tally.add(Cell(0 if job.policy == "web-lock-lease" else 1, "none"), result)
    good, naive = tally.rows()
    assert (good.runs, good.violations, good.torn_per_100) == (3, 0, 100.0)
    assert good.messages_per_s > 1
    assert good.no_owner_p50_ms <= good.no_owner_p99_ms
    assert naive.violations > 0
    assert "oneroom run test.yaml --policy naive" in naive.first_violation


def row(lease: int, violations: int, p99_ms: int, torn: float, messages: float = 1.0) -> SweepRow:
    setting = Setting("web-lock-lease", {"lease": lease * SECOND})
    return SweepRow(setting, "none", 1_000, violations, 0, p99_ms, torn, 0.0, messages)


def test_the_recommended_setting_is_safe_calm_and_quick_in_this_order() -> None:
    made = recommendation(
        [
            row(1, 3, 1_000, 0.0),
            row(2, 0, 2_000, 9.0),
            row(3, 0, 3_000, 2.5),
            row(4, 0, 4_000, 2.0),
        ],
        tolerated=1.0,
    )
    assert made.settings[made.recommended].setting.timings_us == {"lease": 3 * SECOND}
    assert made.settings[made.quicker].setting.timings_us == {"lease": 2 * SECOND}
    assert made.front == (0, 1, 2, 3)
    strict = recommendation([row(3, 0, 3_000, 2.5), row(4, 0, 4_000, 2.0)], tolerated=0.0)
    assert strict.settings[strict.recommended].setting.timings_us == {"lease": 4 * SECOND}


def test_a_setting_that_another_beats_is_not_on_the_front() -> None:
    made = recommendation([row(2, 0, 2_000, 1.0), row(5, 0, 5_000, 1.0, messages=2.0)], 1.0)
    assert made.front == (0,)
    assert made.quicker == -1


def test_of_several_environments_the_worst_counts() -> None:
    hidden = row(2, 1, 9_000, 0.0)
    calm = row(2, 0, 1_000, 3.0)
    made = recommendation([hidden, calm], 1.0)
    (whole,) = made.settings
    assert (whole.runs, whole.violations) == (2_000, 1)
    assert (whole.no_owner_p99_ms, whole.torn_per_100) == (9_000, 3.0)
