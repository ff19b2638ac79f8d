// One window has the lock, and with it the Room; what the user wants is in localStorage, so it outlives windows.
const { Room, RoomEvent } = LivekitClient;
const bus = new BroadcastChannel('voice');
const wanted = () => JSON.parse(localStorage.getItem('voice') ?? '{"channel":"","muted":false}');
let owns = false, room = null, joined = '', opening = null;

async function obey() {
    if (!owns) return;
    const { channel, muted } = wanted();
    if (room !== null && joined !== channel) { const old = room; room = null; await old.disconnect(); }
    if (channel === '') return;
    if (room === null) {
        if (opening !== null) return;
        opening = (async () => {
            const answer = await fetch(`/api/voice/token?room=${channel}`);
            const { token, url } = await answer.json();
            if (wanted().channel !== channel) return;
            const made = new Room();
            made.on(RoomEvent.Disconnected, (reason) => {
                if (room === made) { room = null; if (reason === 4 || reason === 5) leave(); else setTimeout(obey, 1000); }
            });
            room = made; joined = channel;
            await made.connect(url, token);
        })();
        try { await opening; } catch { room = null; setTimeout(obey, 1000); opening = null; return; }
        opening = null;
        return obey();
    }
    if (room.state === 'connected') await room.localParticipant.setMicrophoneEnabled(!muted);
}
function leave() { write({ channel: '' }); }
function write(change) {
    localStorage.setItem('voice', JSON.stringify({ ...wanted(), ...change }));
    bus.postMessage('changed');
    return obey();
}
bus.onmessage = () => obey();
addEventListener('storage', () => obey());
navigator.locks.request('voice', () => { owns = true; obey(); return new Promise(() => {}); });
oneroom.user({
    connect: (channel) => write({ channel }),
    disconnect: () => leave(),
    toggleMute: () => write({ muted: !wanted().muted }),
});
