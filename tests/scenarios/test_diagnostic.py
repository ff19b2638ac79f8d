"""Text of a problem: the place, the line, the caret under the right cells, the suggestion."""

from __future__ import annotations

import pickle

from oneroom.scenario import Problem, ScenarioError


def test_all_parts() -> None:
    problem = Problem("a.yaml", 12, 5, "wrong", "    mian: 3", "did you mean `main`?", 4)
    assert problem.render() == (
        "a.yaml:12:5: wrong\n  12 |     mian: 3\n     |     ^~~~\n  did you mean `main`?"
    )


def test_a_path_as_a_whole() -> None:
    assert (
        Problem("a.yaml", 0, 0, "there is no such file", "", "").render()
        == "a.yaml: there is no such file"
    )


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = "x" * 500 + "HERE" + "y" * 500
    _, shown, caret = Problem("a.yaml", 1, 501, "wrong", text, "", 4).render().splitlines()
    assert len(shown) <= 110
    assert shown[caret.index("^") :].startswith("HERE")
    assert shown.endswith("…")
    assert "| …" in shown


def test_the_end_of_a_long_line() -> None:
    _, shown, caret = (
        Problem("a.yaml", 1, 500, "wrong", "x" * 499 + "!", "", 900).render().splitlines()
    )
    assert shown.endswith("!")
    assert caret.rstrip("~").endswith("^")
    assert len(caret) == len(shown)


def test_wide_characters_take_two_cells() -> None:
    _, shown, caret = Problem("a.yaml", 1, 3, "wrong", "会议mian", "", 4).render().splitlines()
    assert shown == "  1 | 会议mian"
    assert caret == "    |     ^~~~"


def test_control_characters_do_not_reach_the_terminal() -> None:
    rendered = Problem("a.yaml", 1, 1, "wrong", "\x1b[2J\t\x00x", "").render()
    assert "·[2J→·x" in rendered


def test_an_error_sorts_its_problems_and_has_none_twice() -> None:
    late, early = Problem("a.yaml", 9, 1, "late"), Problem("a.yaml", 2, 7, "early")
    error = ScenarioError([late, early, late])
    assert error.problems == (early, late)
    assert str(error) == "a.yaml:2:7: early\na.yaml:9:1: late"
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
