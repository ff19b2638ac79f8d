"""The nearest passing twin in words."""

from __future__ import annotations

from oneroom.report.twin import report
from oneroom.trace.variation import Twin
from tests.explore.test_twin import failing_run, twin


def test_the_sentence_names_what_decides() -> None:
    told = report(twin(), len(failing_run().run.tape))
    assert told.fails is not None
    assert told.fails.endswith("step crash main (line 12)")
    assert told.passes is not None
    assert told.passes.endswith("main heartbeat timer runs")
    assert told.sentence.startswith(
        "It fails if and only if this: step crash main (line 12); comes before: main heartbeat "
        "timer runs."
    )
    assert f"all {len(twin().variations)} runs" in told.sentence


def test_what_one_run_contradicts_is_not_said() -> None:
    found = twin()
    odd = found.variations[0]._replace(
        fails=not found.variations[0].fails, passes=odd_passes(found)
    )
    told = report(found._replace(variations=(odd, *found.variations[1:])), 120)
    assert told.sentence == ""
    assert told.lines()[-1].startswith("passes")


def odd_passes(found: Twin) -> bool:
    return not found.variations[0].passes


def test_runs_without_a_difference_in_words_have_no_sentence() -> None:
    found = twin()
    same = found._replace(passing=found.failing)
    told = report(same, 120)
    assert (told.fails, told.passes, told.sentence) == (None, None, "")
    assert "the run has ended" in "\n".join(told.lines())
