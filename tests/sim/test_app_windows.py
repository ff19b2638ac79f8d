"""Windows that run an app's own JavaScript, in the simulator's world.

Rules: what a script sees of the browser is read off its console lines, in virtual time. Each run is
made in both isolations and must be the same.
"""

from __future__ import annotations

import pytest

from oneroom.checks.results import APP_RAISED
from oneroom.checks.verdict import Verdict
from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.explore.judged_run import run_judged
from oneroom.javascript import runtime
from oneroom.scenario.bundle import Bundle
from oneroom.sim.run import simulate
from oneroom.trace import records as r
from oneroom.trace.app_records import AppFailed, ConsoleWritten
from oneroom.trace.digest import digest
from tests.project import ROOT
from tests.sim.played import HEAD, scenario, steps

VOICE = (ROOT / "harness" / "oneroom" / "javascript" / "voice.js").read_text(encoding="utf-8")
ALONE = """\
scenario: a test
why: a test
windows:
  main: {kind: main, opens: 0s}
"""
SAY = "const say = (...all) => console.log(windowName, ...all); const {windowName} = oneroom;"


def played(source: str, *lines: str, head: str = HEAD, seed: int = 1) -> Run:
    """The run of an app, the same in both isolations."""
    made = steps(*lines, head=head) if lines else scenario("", head)
    made = made.with_bundle(Bundle("app.js", source))
    shared = simulate(made, "app.js", Seeded(seed))
    own = simulate(made, "app.js", Seeded(seed), isolation="own")
    assert digest(shared.trace) == digest(own.trace)
    return shared


def said(run: Run) -> list[str]:
    """The lines of all consoles."""
    names = run.trace.names
    return [names[one.text] for one in run.trace.records if isinstance(one, ConsoleWritten)]


def failed(run: Run) -> list[str]:
    """The errors of the app, each with where it was."""
    names = run.trace.names
    return [
        f"{names[one.where]} {names[one.during]}: {names[one.error]}"
        for one in run.trace.records
        if isinstance(one, AppFailed)
    ]


def lives(run: Run, window: str) -> list[r.Life]:
    """What happened to a window."""
    return [
        one.life
        for one in run.trace.records
        if isinstance(one, r.LifeChanged) and run.trace.names[one.where] == window
    ]


def violated(run: Run) -> list[str]:
    """The checks that the run broke."""
    return [violation.check for violation in run.judgement.violations]


# -- what is judged without a word from the app ---------------------------------------------------


def test_an_app_whose_windows_all_connect_is_red_without_a_word_from_it() -> None:
    run = played(VOICE, "at: 2s, connect: {window: overlay, channel: lobby}")
    assert violated(run) == ["single_room"]
    assert {"follower_never_connects", "owner_elected", "mirrors_converge"} <= set(
        run.judgement.vacuous
    )


def test_an_app_with_one_window_holds() -> None:
    run = played(VOICE, "at: 2s, connect: {window: main, channel: lobby}", head=ALONE)
    assert run.judgement.verdict is Verdict.HELD
    assert violated(run) == []


def test_two_seeds_differ() -> None:
    line = "at: 2s, connect: {window: overlay, channel: lobby}"
    first, second = (played(VOICE, line, seed=seed) for seed in (1, 2))
    assert digest(first.trace) != digest(second.trace)


def test_roles_that_an_app_tells_are_judged() -> None:
    both_own = "oneroom.owner(1)"
    assert violated(played(both_own)) == ["one_owner_per_term", "owner_elected"]
    one_owns = "oneroom.windowKind === 'main' ? oneroom.owner(1) : oneroom.follower(1)"
    assert violated(played(one_owns)) == []


def test_what_an_app_draws_is_judged() -> None:
    state = "{channel: '', connection: 'idle', muted: %s}"
    alike = f"oneroom.draws({state % 'false'})"
    assert violated(played(alike)) == []
    by_window = state % "oneroom.windowName === 'main'"
    assert violated(played(f"oneroom.draws({by_window})")) == ["mirrors_converge"]


def test_a_wrong_annotation_is_an_error_of_the_app() -> None:
    (error,) = failed(played("oneroom.draws({channel: 7})", head=ALONE))
    assert error.startswith("main oneroom.draws: Expected `str`, got `int`")


# -- actions of the app's own ---------------------------------------------------------------------

RAISE = "oneroom.user({raiseHand: (arg) => say('raised', JSON.stringify(arg)), connect() {}});"


def test_a_step_calls_an_action_that_the_app_has_registered() -> None:
    run = played(
        SAY + RAISE,
        "at: 2s, do: {window: main, action: raiseHand}",
        "at: 3s, do: {window: overlay, action: raiseHand, arg: {up: [true, 1.5, ä]}}",
    )
    assert said(run) == [
        "main raised undefined",
        'overlay raised {"up":[true,1.5,"ä"]}',
    ]
    assert failed(run) == []


def test_an_action_that_the_app_does_not_have_is_its_error_with_those_that_it_has() -> None:
    scenario = steps("at: 2s, do: {window: main, action: raiseHnad}")
    judged = run_judged(scenario.with_bundle(Bundle("app.js", SAY + RAISE)), "app.js", 1)
    why = "Error: the app has registered no such action: raiseHnad; it has connect, raiseHand"
    assert failed(judged.run) == [f"main do: {why}"]
    assert [(one.check, one.message) for one in judged.result.violations] == [
        (APP_RAISED, f"main: {why}")
    ]


def test_an_error_of_the_app_does_not_control_the_terminal() -> None:
    source = r"throw new Error('\u001b[31mred\u0007')"
    scenario = steps("at: 2s, hide: {window: main}")
    judged = run_judged(scenario.with_bundle(Bundle("app.js", source)), "app.js", 1)
    (found,) = [one for one in judged.result.violations if one.check == APP_RAISED]
    assert found.message == "main: Error: ·[31mred· (app.js:1)"


def test_what_an_action_throws_is_told_and_the_run_goes_on() -> None:
    source = SAY + "oneroom.user({async raiseHand() { throw new Error('no') }})"
    run = played(source, "at: 2s, do: {window: main, action: raiseHand}")
    assert failed(run) == ["main action raiseHand: Error: no (app.js:1)"]


def test_an_action_can_ask_for_the_screen_as_after_a_click() -> None:
    source = """
        oneroom.user({async present() {
            await navigator.mediaDevices.getDisplayMedia(); console.log('shared');
        }})"""
    run = played(source, "at: 2s, do: {window: main, action: present}")
    assert said(run) == ["shared"]


# -- the browser, as the world has it -------------------------------------------------------------


def test_a_message_reaches_the_other_windows_and_not_its_sender() -> None:
    run = played(
        SAY + "const bus = new BroadcastChannel('b'); bus.onmessage = ({data}) => say(data);"
        "new BroadcastChannel('other').onmessage = () => say('never');"
        "oneroom.user({disconnect: () => bus.postMessage('hello')});",
        "at: 2s, disconnect: {window: main}",
    )
    assert said(run) == ["overlay hello"]


def test_a_channel_of_a_partitioned_window_hears_nothing_until_it_is_healed() -> None:
    run = played(
        SAY + "const open = () => { const bus = new BroadcastChannel('b');"
        " bus.onmessage = ({data}) => say(data); return bus };"
        "let bus = open();"
        "oneroom.user({disconnect: () => { bus = open(); bus.postMessage(performance.now()) }});",
        "at: 1s, partition: {window: overlay}",
        "at: 2s, disconnect: {window: overlay}",
        "at: 3s, disconnect: {window: main}",
        "at: 4s, heal: {}",
        "at: 5s, disconnect: {window: main}",
    )
    # a window hears itself by its older objects, a partitioned one not even so
    assert sorted(said(run)) == ["main 3000"] + ["main 5000"] * 2 + ["overlay 5000"] * 2


def test_a_lock_is_held_by_one_window_and_passes_on_with_a_crash() -> None:
    run = played(
        SAY + "navigator.locks.request('leader', () => { say('leads'); return new Promise(() => {})"
        "});",
        "at: 2s, crash: {window: main}",
    )
    assert said(run) == ["main leads", "overlay leads"]
    changes = [one.change for one in run.trace.records if isinstance(one, r.LockChanged)]
    assert changes.count(r.LockChange.GRANTED) == 2


def test_storage_is_shared_and_tells_of_the_writes_of_others() -> None:
    run = played(
        SAY + "addEventListener('storage', ({key, newValue}) => say(key, newValue));"
        "oneroom.user({disconnect: () => localStorage.setItem('k', windowName),"
        " toggleMute: () => say('reads', localStorage.k)});",
        "at: 2s, disconnect: {window: main}",
        "at: 3s, toggle_mute: {window: overlay}",
        "at: 4s, toggle_mute: {window: main}",
    )
    assert said(run) == ["overlay k main", "overlay reads main", "main reads main"]


def test_the_session_survives_a_reload() -> None:
    run = played(
        SAY + "say(sessionStorage.n ?? 'new'); sessionStorage.n = 'kept';",
        "at: 1s, reload: {window: main}",
        head=ALONE,
    )
    assert said(run) == ["main new", "main kept"]


def test_timers_keep_their_order_and_can_be_cleared() -> None:
    run = played(
        SAY + "setTimeout(() => say('b'), 20); setTimeout(() => say('a'), 10);"
        "const never = setTimeout(() => say('never'), 15); clearTimeout(never);"
        "let n = 0; const ticks = setInterval(() => { say('tick', ++n);"
        " if (n === 2) clearInterval(ticks) }, 30);",
        head=ALONE,
    )
    assert said(run) == ["main a", "main b", "main tick 1", "main tick 2"]


def test_the_clocks_are_virtual_and_part_when_the_wall_clock_is_set() -> None:
    run = played(
        SAY + "const now = () => [Date.now() - Date.UTC(2026, 0), performance.now()];"
        "say(...now()); oneroom.user({disconnect: () => say(...now())});",
        "at: 1s, step_clock: {by: 1h, direction: ahead}",
        "at: 2s, disconnect: {window: main}",
        head=ALONE,
    )
    assert said(run) == ["main 0 0", "main 3602000 2000"]


def test_chance_is_of_the_seed() -> None:
    source = SAY + "say(Math.random(), crypto.randomUUID());"
    lines = [said(played(source, head=ALONE, seed=seed)) for seed in (1, 1, 2)]
    assert lines[0] == lines[1] != lines[2]


def test_a_token_is_fetched_and_other_routes_are_not_there() -> None:
    run = played(
        SAY + "const claims = (token) => JSON.parse(atob(token.split('.')[1]));"
        "const ask = async (...a) => { const r = await fetch(...a); const {token} = await r.json();"
        " say(r.status, token ? `${claims(token).sub} in ${claims(token).video.room}` : 'none') };"
        "ask('/api/token?room=lobby'); ask('/api/me');"
        "ask('/token', {method: 'POST', body: JSON.stringify({roomName: 'stage'})});",
        head=ALONE,
    )
    assert sorted(said(run)) == [
        "main 200 ada in lobby",
        "main 200 ada in stage",
        "main 404 none",
    ]


def test_a_token_of_somebody_else_is_refused() -> None:
    run = played(
        SAY + "new LivekitClient.Room().connect('wss://x', 'eyJhbGciOi').catch(e => say(e.name));",
        head=ALONE,
    )
    assert said(run) == ["main ConnectionError"]


def test_a_hidden_page_is_told_and_a_closing_one_says_goodbye() -> None:
    run = played(
        SAY + "document.addEventListener('visibilitychange', () => say(document.visibilityState));"
        "addEventListener('pagehide', () => say('pagehide'));",
        "at: 1s, hide: {window: overlay}",
        "at: 2s, show: {window: overlay}",
        "at: 3s, close: {window: overlay}",
    )
    assert said(run) == [f"overlay {what}" for what in ("hidden", "visible", "pagehide", "hidden")]


def test_a_page_that_reloads_itself_is_opened_again() -> None:
    run = played(
        SAY + "oneroom.user({disconnect: () => location.reload()}); say('loaded');",
        "at: 1s, disconnect: {window: main}",
        head=ALONE,
    )
    assert said(run) == ["main loaded", "main loaded"]
    assert r.Life.REPLACED in lives(run, "main")


# -- errors of the app ----------------------------------------------------------------------------


def test_an_error_of_the_app_is_recorded_with_its_line() -> None:
    run = played("setTimeout(() => {\n  null.x\n}, 5)", head=ALONE)
    assert failed(run) == ["main timer: TypeError: cannot read property 'x' of null (app.js:2)"]


def test_a_click_that_the_app_does_not_offer_is_an_error() -> None:
    (error,) = failed(played("", "at: 1s, toggle_mute: {window: main}", head=ALONE))
    assert "toggleMute" in error


def test_a_window_that_the_scenario_does_not_have_is_an_error_that_says_so() -> None:
    (error,) = failed(played("open('/other', 'popup')", head=ALONE))
    assert error == "main window.open: the scenario has no window `popup` with `opener: main`"


def test_an_endless_loop_ends_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "CALL_SECONDS", 0.05)
    endless = "if (oneroom.windowName === 'main') for (;;); else console.log('runs')"
    run = played(endless)
    assert said(run) == ["runs"]
    (error,) = failed(run)
    assert error.startswith("main script: ran for more than 0.05 s without an end (app.js:1)")


HARMED = "setInterval(() => say('alive'), 10_000); oneroom.user({disconnect() { %s }});"
HARM = ("at: 2s, disconnect: {window: main}", "at: 25s, hide: {window: overlay}")


def test_microtasks_without_an_end_end_their_window_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "TURN_JOBS", 1_000)
    endless = "(function again() { Promise.resolve().then(again) })()"
    run = played(SAY + HARMED % endless, *HARM)
    assert lives(run, "main") == [r.Life.OPENED, r.Life.CRASHED]
    assert "overlay alive" in said(run)
    assert "main alive" not in said(run)
    assert failed(run) == ["main task: queued microtasks without an end"]


def test_a_full_heap_harms_its_window_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # How far a script gets in a full heap depends on the system, so this is one run of its own.
    monkeypatch.setattr(runtime, "MEMORY_BYTES", 8 << 20)
    monkeypatch.setattr(runtime, "SHARED_MEMORY_BYTES", 8 << 20)
    hoard = "for (const all = [];;) all.push('x'.repeat(999) + all.length)"
    made = steps(*HARM).with_bundle(Bundle("app.js", SAY + HARMED % hoard))
    run = simulate(made, "app.js", Seeded(1))
    assert "overlay alive" in said(run)
    assert [line.split()[0] for line in failed(run)] == ["main"]


def test_a_window_without_web_locks_has_none() -> None:
    old = "  old: {kind: overlay, opens: 0s, locks: none}\n"
    head = ALONE.replace("windows:", "policy: heartbeat\nwindows:") + old
    run = played(SAY + "say(typeof navigator.locks, typeof LockManager)", head=head)
    assert sorted(said(run)) == ["main object function", "old undefined undefined"]
