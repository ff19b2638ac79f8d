"""Windows that are closed to the tray, WebViews that suspend hidden pages, and browser profiles."""

from __future__ import annotations

import pytest

from oneroom.choices.labels import Label
from oneroom.driver.page import INTENSIVE_GRID_US, TimerGrid
from oneroom.sim.tabs import LOAD_LOW_US
from oneroom.trace import records as r
from oneroom.trace.records import Life
from oneroom_fakes.web_locks import GONE_US, HOP_US
from tests.sim.played import HEAD, JOIN, Played, steps
from tests.units import SECOND
from tests.virtual_time import Drawn

SUSPENDS = HEAD.replace("{kind: main, opens: 0s}", "{kind: main, opens: 0s, suspends: 8s}")
TRAY = "at: 5s, hide_to_tray: {window: main}"
PROFILES = HEAD + "  other:   {kind: main, opens: 200ms, profile: work}\n"


def frozen_us(played: Played) -> list[int]:
    """When the main window stopped running."""
    return [one.at_us for one in played.all(r.LifeChanged, "main") if one.life is Life.FROZEN]


def test_a_window_that_is_closed_to_the_tray_lives_on_hidden() -> None:
    played = Played(steps(JOIN, TRAY)).until(400 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.HIDDEN]
    assert played.world.windows.handles["main"].window.in_call()


@pytest.mark.parametrize("engine", ["chromium", "webkit"])
def test_its_web_view_suspends_it_until_it_is_shown(engine: str) -> None:
    head = SUSPENDS + f"engine: {engine}\n"
    played = Played(steps(TRAY, "at: 60s, show: {window: main}", head=head)).until(59 * SECOND)
    assert frozen_us(played) == [13 * SECOND]
    assert played.world.windows.handles["main"].window.frozen
    played.until(61 * SECOND)
    assert played.lives("main")[-2:] == [Life.RESUMED, Life.SHOWN]
    assert not played.world.windows.handles["main"].window.frozen


def test_a_window_that_is_shown_in_time_is_not_suspended() -> None:
    shown = "at: 12s, show: {window: main}"
    hidden_again = "at: 12500ms, hide_to_tray: {window: main}"
    played = Played(steps(TRAY, shown, hidden_again, head=SUSPENDS)).until(60 * SECOND)
    assert frozen_us(played) == [20_500_000]


def test_a_window_in_a_call_is_suspended_when_the_call_is_over() -> None:
    leaves = "at: 40s, disconnect: {window: overlay}"
    played = Played(steps(JOIN, TRAY, leaves, head=SUSPENDS)).until(60 * SECOND)
    assert [40 * SECOND < at_us <= 48 * SECOND for at_us in frozen_us(played)] == [True]


def test_heal_leaves_a_suspended_window_as_it_is() -> None:
    heals = ("at: 20s, partition: {window: overlay}", "at: 30s, heal: {}")
    played = Played(steps(TRAY, *heals, head=SUSPENDS)).until(60 * SECOND)
    assert played.world.windows.handles["main"].window.frozen


def test_another_profile_has_its_own_bus_lock_and_storage() -> None:
    played = Played(steps(JOIN, head=PROFILES)).until(20 * SECOND)
    heard = {
        played.name(played.trace.records[one.cause].where)
        for one in played.all(r.MessageDelivered, "other")
    }
    assert heard == set()
    owners = {
        played.name(one.where) for one in played.all(r.RoleChanged) if one.role == r.Role.OWNER
    }
    assert owners == {"main", "other"}


def test_a_second_tab_of_the_same_profile_shares_them() -> None:
    head = PROFILES.replace("profile: work", "profile: home").replace(
        "overlay: {kind: overlay", "overlay: {profile: home, kind: overlay"
    )
    played = Played(steps("at: 2s, connect: {window: other, channel: lobby}", head=head))
    played.until(20 * SECOND)
    assert played.all(r.MessageDelivered, "overlay")


@pytest.mark.parametrize("phase_us", [0, 700_000, 41_250_000])
def test_the_minute_of_the_grid_begins_anywhere(phase_us: int) -> None:
    grid = TimerGrid(Drawn({Label.PHASE: [phase_us]}))
    assert grid.align(90 * SECOND, INTENSIVE_GRID_US) == 60 * SECOND + phase_us + (
        INTENSIVE_GRID_US if phase_us < 30 * SECOND else 0
    )


def test_a_next_document_runs_after_the_release_of_the_one_before() -> None:
    assert GONE_US[-1] + HOP_US[-1] < LOAD_LOW_US
