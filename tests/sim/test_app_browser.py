"""An app's page and its browser: IndexedDB, captures, Tauri, Electron, a task that waits."""

from __future__ import annotations

from oneroom.trace import records as r
from tests.sim.played import HEAD
from tests.sim.test_app_windows import ALONE, SAY, failed, lives, played, said

TAKE_A_TERM = (
    SAY
    + """
function take(db) {
    const transaction = db.transaction('terms', 'readwrite');
    const store = transaction.objectStore('terms');
    store.get('term').onsuccess = ({target}) => {
        const term = (target.result ?? 0) + 1;
        store.put(term, 'term');
        transaction.oncomplete = () => say('has term', term);
    };
}
const request = indexedDB.open('app', 1);
request.onupgradeneeded = () => { say('upgrades'); request.result.createObjectStore('terms'); };
request.onsuccess = () => take(request.result);
"""
)


def test_windows_take_terms_out_of_one_database() -> None:
    run = played(TAKE_A_TERM)
    assert failed(run) == []
    heard = said(run)
    assert sum("upgrades" in line for line in heard) == 1
    terms = sorted(line.split()[-1] for line in heard if "term" in line)
    assert terms == [str(one) for one in range(1, len(terms) + 1)]
    assert len(terms) >= 2


def test_a_page_captures_is_asked_once_and_stops() -> None:
    source = (
        SAY
        + """
        (async () => {
            const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
            say(...stream.getTracks().map(({kind, readyState}) => `${kind} ${readyState}`));
            for (const track of stream.getTracks()) track.stop();
            say((await navigator.permissions.query({name: 'camera'})).state);
            say(...(await navigator.mediaDevices.enumerateDevices()).map(({kind}) => kind));
        })();
        """
    )
    run = played(source, head=ALONE)
    assert failed(run) == []
    assert said(run) == [
        "main audio live video live",
        "main granted",
        "main audioinput videoinput",
    ]
    captures = [one for one in run.trace.records if isinstance(one, r.CaptureChanged)]
    assert [one.on for one in captures] == [True, True, False, False]


def test_a_device_that_is_unplugged_ends_the_pages_own_track() -> None:
    source = (
        SAY
        + """
        navigator.mediaDevices.ondevicechange = () => say('devices changed');
        navigator.mediaDevices.getUserMedia({audio: true}).then((stream) => {
            stream.getTracks()[0].onended = () => say('ended');
        });
        """
    )
    run = played(source, "at: 5s, unplug: {device: microphone}", head=ALONE)
    assert failed(run) == []
    assert set(said(run)) == {"main ended", "main devices changed"}


def test_a_task_that_waits_for_a_clock_holds_up_its_page() -> None:
    source = (
        SAY
        + """
        setTimeout(() => say('timer', performance.now() >= 300), 10);
        const end = performance.now() + 300;
        while (performance.now() < end);
        say('waited');
        """
    )
    run = played(source, head=ALONE)
    assert said(run) == ["main waited", "main timer true"]


def test_a_task_that_waits_for_a_clock_holds_up_the_windows_of_its_process() -> None:
    source = (
        SAY
        + """
        oneroom.user({disconnect() {
            const end = performance.now() + 300;
            while (performance.now() < end);
        }});
        if (windowName !== 'main') {
            let last = performance.now();
            setInterval(() => {
                const now = performance.now();
                if (now - last > 200) say('held up');
                last = now;
            }, 50);
        }
        """
    )
    at = "at: 3s, disconnect: {window: main}"
    head = HEAD.replace("opens: 100ms}", "opens: 100ms, opener: main}")
    assert head != HEAD
    assert said(played(source, at, head=head)) == ["overlay held up"]
    assert said(played(source, at, head=HEAD)) == []


def test_a_window_closes_itself() -> None:
    run = played("setTimeout(() => close(), 50)", head=ALONE)
    assert failed(run) == []
    assert r.Life.CLOSED in lives(run, "main")


def test_windows_of_a_tauri_app_hear_each_other_and_themselves() -> None:
    source = (
        SAY
        + """
        const {emit, emitTo, listen, once} = tauriEvent;
        const {getCurrentWindow} = tauriWindow;
        const me = getCurrentWindow();
        listen('hello', ({event, payload}) => say('hears', event, payload.from));
        me.listen('private', ({payload}) => say('alone hears', payload));
        setTimeout(() => { if (me.label === 'main') emit('hello', {from: me.label}); }, 1000);
        setTimeout(() => { if (me.label === 'main') emitTo('overlay', 'private', 7); }, 2000);
        tauriCore.invoke('ask').catch((error) => { if (me.label === 'main') say(error.message); });
        """
    )
    run = played(source)
    assert failed(run) == []
    assert sorted(said(run)) == [
        'main `invoke of "ask"` is not modelled: docs/limits',
        "main hears hello main",
        "overlay alone hears 7",
        "overlay hears hello main",
    ]


def test_what_a_step_does_to_the_bus_reaches_tauri_events() -> None:
    source = (
        SAY
        + """
        tauriEvent.listen('hello', ({payload}) => say('hears', payload));
        setTimeout(() => {
            if (windowName === 'main') tauriEvent.emit('hello', 'early');
        }, 1000);
        setTimeout(() => {
            if (windowName === 'main') tauriEvent.emit('hello', 'late');
        }, 4000);
        """
    )
    steps = ("at: 500ms, partition: {window: overlay}", "at: 3s, heal: {}")
    assert sorted(said(played(source, *steps))) == [
        "main hears early",
        "main hears late",
        "overlay hears late",
    ]


def test_windows_of_an_electron_app_hear_the_others() -> None:
    source = (
        SAY
        + """
        const {ipcRenderer} = electron;
        ipcRenderer.on('hello', (event, from, of) => say('hears', from, of.length));
        setTimeout(() => ipcRenderer.send('hello', windowName, [1, 2]), 1000);
        """
    )
    run = played(source)
    assert failed(run) == []
    assert sorted(said(run)) == ["main hears overlay 2", "overlay hears main 2"]
