"""Time and chance come with the turn, and from the seed."""

from __future__ import annotations

from tests.javascript.page_rig import BOOT, Page


def test_time_stands_still_in_a_turn_and_moves_with_the_next():
    page = Page(now_us=2_000_000)
    assert page.value("[performance.now(), Date.now(), performance.timeOrigin]") == [
        0,
        BOOT["wallMs"],
        BOOT["wallMs"],
    ]
    page.turn("lifecycle", "focus", at_us=2_001_500)
    assert page.value("[performance.now(), Date.now()]") == [1.5, BOOT["wallMs"] + 1]
    assert page.value("[new Date().getTime(), new Date(5).getTime()]") == [BOOT["wallMs"] + 1, 5]


def test_a_wall_clock_that_is_set_moves_date_alone():
    page = Page()
    page.turn("wall", -60_000)
    assert page.value("[performance.now(), Date.now()]") == [0, BOOT["wallMs"] - 60_000]


def test_date_is_one_type_also_for_who_asks_a_date():
    page = Page()
    expression = "[new Date() instanceof Date, new Date().constructor === Date, typeof Date()]"
    assert page.value(expression) == [True, True, "string"]
    assert page.value("new (new Date(1).constructor)().getTime()") == BOOT["wallMs"]


def test_chance_is_of_the_seed():
    drawn = "[Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]]"
    first, again, other = (Page(seed=seed).value(drawn) for seed in ([1] * 4, [1] * 4, [2] * 4))
    assert first == again
    assert all(one != two for one, two in zip(first, other, strict=True))
    assert 0 <= first[0] < 1
    assert first[1][14] == "4"


def test_a_task_that_waits_for_a_clock_is_busy_until_then():
    page = Page()
    wait = "const end = %s + 250; while (%s < end); console.log('after');"
    for clock in ("performance.now()", "Date.now()"):
        ops = page.run("{" + wait.replace("%s", clock) + "}")
        assert ops == [["busy", 250], ["console", "log", "after"]]
        page.turn("wall", 0)


def test_a_task_that_reads_a_clock_now_and_then_is_not_busy():
    page = Page()
    for _ in range(3):
        assert page.turn("wall", 0) == []
        assert page.run("for (let i = 0; i < 900; i++) Date.now()") == []
