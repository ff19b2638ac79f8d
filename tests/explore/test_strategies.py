"""Strategies of a search: deterministic by seed, each different, and each good at something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.explore.fuzz import Search, fuzz_once, fuzz_result
from oneroom.explore.judged_run import run_judged
from oneroom.explore.strategies.campaign import SearchJob
from oneroom.explore.strategies.corpus import FORMAT, Corpus, StoredTape
from oneroom.explore.strategies.coverage import Coverage, FollowedTape
from oneroom.explore.strategies.hypothesis import HypothesisRecipe, HypothesisSearch
from oneroom.explore.strategies.mutation import mutated, perturb, splice, truncate
from oneroom.explore.strategies.observed import ObservedResult
from oneroom.explore.strategies.priority import PriorityChoices
from oneroom.explore.strategies.registry import AUTO, NAMES, parse_strategies
from oneroom.explore.strategies.uniform import UniformChoices
from oneroom.explore.suite import run
from tests.ablation.bugs import SAFEGUARDS
from tests.explore.texts import HELD, scenario

BASE = scenario(HELD)
POLICY = "heartbeat"


def searched(strategies: tuple[str, ...], seed: int, runs: int = 10, processes: int = 1) -> Search:
    """A search that is over; its campaign has learnt from all runs."""
    plan = Search(
        (BASE,),
        (POLICY,),
        range(seed, seed + 1),
        fuzz_result,
        most_runs=runs,
        strategies=strategies,
        keeps_corpus=False,
    )
    digests.clear()
    for job, result in run(plan, processes, eager=True):
        plan.campaign.learn(job, result)
        digests.append(result.digest)
    return plan


digests: list[str] = []


@pytest.mark.parametrize("name", [*NAMES, AUTO])
def test_a_strategy_is_a_function_of_the_seed(name: str) -> None:
    turns = parse_strategies(name)
    searched(turns, 1)
    first = list(digests)
    searched(turns, 1)
    assert digests == first
    searched(turns, 2)
    assert digests != first


def test_strategies_differ_from_each_other() -> None:
    found = set()
    for name in ("uniform", "swarm", "priority"):
        searched((name,), 3)
        found.add(tuple(digests))
    assert len(found) == 3


def test_what_is_learnt_comes_back_from_other_processes() -> None:
    plan = searched(("coverage", "swarm", "priority"), 1, runs=30, processes=2)
    assert plan.campaign.runs == {"coverage": 10, "swarm": 10, "priority": 10}
    covered, priority, swarm = plan.campaign.told()
    assert "transitions covered" in covered
    assert "transitions" not in swarm + priority


def test_a_failure_of_any_strategy_is_made_again_from_its_recipe() -> None:
    turns = parse_strategies(AUTO)
    plan = replace(searched(turns, 1, runs=0), policies=("naive",), most_runs=16)
    failing = set()
    for job, result in run(plan, 1, eager=True):
        assert isinstance(job, SearchJob)
        plan.campaign.learn(job, result)
        if result.unexpected:
            again = fuzz_once(BASE, job.policy, job.seed, recipe=job.recipe)
            assert again.result.digest == result.digest
            failing.add(job.recipe.strategy)
    assert failing == set(turns)


# -- uniform and priority ------------------------------------------------------------------------


def test_uniform_enables_every_kind_of_step() -> None:
    choices = UniformChoices(1)
    assert [choices.draw(Label.SWARM_VERB, 8) for _ in range(5)] == [7] * 5
    assert len({choices.draw(Label.SWARM_STEP, 8) for _ in range(50)}) == 8


def overtaken(choices: Choices) -> bool:
    """A planted bug of order: ten messages of one window all arrive before ten of another one."""
    acting = [0]
    choices.watch(lambda: acting[0])
    arrivals: dict[int, list[int]] = {0: [], 1: []}
    for number in range(20):
        acting[0] = number % 2
        arrivals[acting[0]].append(choices.draw(Label.FATE, 1_000))
    return max(arrivals[0]) < min(arrivals[1])


def test_priority_finds_an_order_that_independent_draws_do_not() -> None:
    assert sum(overtaken(UniformChoices(seed)) for seed in range(500)) == 0
    assert sum(overtaken(PriorityChoices(seed)) for seed in range(500)) > 20


def test_priority_finds_a_lost_protection_more_often() -> None:
    (bug,) = [bug for bug in SAFEGUARDS if bug.name == "ask_overtaken"]
    (policy,) = bug.scenario.policies

    def caught(kind: type[Seeded]) -> int:
        runs = [run_judged(bug.scenario, policy, seed, kind(seed)) for seed in range(1, 61)]
        return sum(bug.shows_in(one.result) for one in runs)

    assert caught(PriorityChoices) >= 2 * max(1, caught(UniformChoices))


def test_a_priority_may_change_in_the_middle() -> None:
    changed = 0
    for seed in range(100):
        choices = PriorityChoices(seed)
        delays = [choices.draw(Label.LOCK_DELAY, 1_000) for _ in range(300)]
        changed += max(delays[:20]) < 100 and min(delays[-20:]) > 600
    assert changed


# -- coverage ------------------------------------------------------------------------------------

TAPE = [
    Draw(Label.TIE, 4, 1),
    Draw(Label.FATE, 9, 8),
    Draw(Label.TIE, 4, 2),
    Draw(Label.FATE, 9, 0),
]
OTHER = [Draw(Label.TIE, 4, 3), Draw(Label.LATENCY, 5, 4)]


def test_a_tape_is_followed_by_label_and_then_drawn_afresh() -> None:
    choices = FollowedTape(TAPE, 1)
    assert [choices.draw(Label.FATE, 9), choices.draw(Label.FATE, 9)] == [8, 0]
    assert [choices.draw(Label.TIE, 4), choices.draw(Label.TIE, 4)] == [1, 2]
    fresh = {tuple(fresh_draws(seed)) for seed in (1, 1, 2)}
    assert len(fresh) == 2
    assert [draw.value for draw in choices.drawn] == [8, 0, 1, 2]


def fresh_draws(seed: int) -> list[int]:
    choices = FollowedTape(TAPE, seed)
    return [choices.draw(Label.FATE, 1_000_000) for _ in range(5)][2:]


def test_changes_of_a_tape_keep_draws_below_their_bounds() -> None:
    made = set()
    for seed in range(200):
        draws = Seeded(seed)

        def pick(bound: int, draws: Seeded = draws) -> int:
            return draws.draw(Label.SWARM_STEP, bound)

        for tape in (
            mutated(TAPE, OTHER, pick),
            splice(TAPE, OTHER, pick),
            perturb(TAPE, pick),
            truncate(TAPE, pick),
            mutated([], [], pick),
        ):
            assert all(0 <= draw.value < draw.bound for draw in tape)
        made.add(tuple(mutated(TAPE, OTHER, pick)))
    assert len(made) > 50


def learnt(corpus: Corpus, runs: int = 6) -> Coverage:
    """A coverage strategy after some runs."""
    coverage = Coverage(corpus)
    for seed in range(1, runs + 1):
        recipe = coverage.recipe(seed)
        coverage.learn(recipe, fuzz_result(BASE, POLICY, seed, recipe=recipe))
    return coverage


def test_a_corpus_is_kept_and_replayed_first(tmp_path: Path) -> None:
    coverage = learnt(Corpus(BASE, POLICY, tmp_path))
    assert coverage.novel[0] > 0
    files = sorted(Corpus(BASE, POLICY, tmp_path).folder.glob("*.json"))
    assert files
    assert (tmp_path / ".gitignore").is_file()
    stored = msgspec.json.decode(files[0].read_bytes(), type=StoredTape)
    assert (stored.format, stored.policy) == (FORMAT, POLICY)
    again = Coverage(Corpus(BASE, POLICY, tmp_path))
    covered = set()
    for seed in range(100, 100 + len(files)):
        recipe = again.recipe(seed)  # another seed: what the runs do comes from the tapes
        result = fuzz_result(BASE, POLICY, seed, recipe=recipe)
        assert isinstance(result, ObservedResult)
        covered |= set(result.transitions)
        again.learn(recipe, result)
    assert len(covered) == sum(coverage.novel)
    assert len(sorted(Corpus(BASE, POLICY, tmp_path).folder.glob("*.json"))) == len(files)


def test_another_policy_or_scenario_has_another_corpus(tmp_path: Path) -> None:
    other = scenario(HELD.replace("2s", "3s", 1))
    folders = {
        Corpus(BASE, POLICY, tmp_path).folder,
        Corpus(BASE, "naive", tmp_path).folder,
        Corpus(other, POLICY, tmp_path).folder,
    }
    assert len(folders) == (3 if other.text != BASE.text else 2)
    assert other.text != BASE.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "truncated"),
        ('{"format": 1, "scenario": "a", "policy": "b", "tape": [[1, 2, 2]]}', "below its bound"),
        ('{"format": 9, "scenario": "a", "policy": "b", "tape": []}', "its format is 9"),
        ('{"format": 1}', "missing required field"),
    ],
)
def test_a_corrupt_file_is_told_and_nothing_is_lost(tmp_path: Path, text: str, why: str) -> None:
    learnt(Corpus(BASE, POLICY, tmp_path))
    folder = Corpus(BASE, POLICY, tmp_path).folder
    whole = len(list(folder.glob("*.json")))
    bad = folder / "0000.json"
    bad.write_text(text)
    tapes, unreadable = Corpus(BASE, POLICY, tmp_path).load()
    assert len(tapes) == whole
    (problem,) = map(str, unreadable)
    assert "0000.json: no tape of a search" in problem
    assert why in problem
    assert bad.read_text() == text


def test_a_disk_that_is_read_only_ends_no_search(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("in the way")
    coverage = learnt(Corpus(BASE, POLICY, tmp_path))
    assert len(coverage.problems) == 1
    assert sum(coverage.novel) > 0


# -- Hypothesis ----------------------------------------------------------------------------------


def hypothesis_run(search: HypothesisSearch, seed: int) -> bool:
    """Whether the next run fails under a policy that fails often."""
    recipe = search.recipe(seed)
    assert isinstance(recipe, HypothesisRecipe)
    assert recipe.numbers
    result = fuzz_result(BASE, "naive", seed, recipe=recipe)
    search.learn(recipe, result)
    return bool(result.unexpected)


def test_hypothesis_draws_one_example_at_a_time() -> None:
    search = HypothesisSearch(None)
    first = search.recipe(1)
    assert search.recipe(2) == HypothesisRecipe("hypothesis", 2, 2)
    search.learn(first, fuzz_result(BASE, POLICY, 1, recipe=first))
    assert search.recipe(3) not in (first, HypothesisRecipe("hypothesis", 3, 3))


def test_hypothesis_keeps_what_failed_and_begins_with_it(tmp_path: Path) -> None:
    corpus = Corpus(BASE, "naive", tmp_path)
    search = HypothesisSearch(corpus)
    failed = [hypothesis_run(search, seed) for seed in range(1, 12)]
    assert any(failed)
    assert any((corpus.folder / "hypothesis").rglob("*"))
    assert corpus.load() == ([], [])
    assert hypothesis_run(HypothesisSearch(corpus), 99)


# -- names ---------------------------------------------------------------------------------------


def test_strategies_are_named_in_turns() -> None:
    assert parse_strategies("swarm, priority") == ("swarm", "priority")
    assert set(parse_strategies(AUTO)) <= set(NAMES)
    with pytest.raises(ValueError, match="did you mean priority"):
        parse_strategies("swarm,priorty")
    with pytest.raises(ValueError, match="strategies: auto, uniform"):
        parse_strategies("zzz")
