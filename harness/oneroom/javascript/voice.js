// A voice app as apps are before anybody thinks of windows: each of them has this store, and connects.
const { Room, RoomEvent } = LivekitClient;

let room = null;
let muted = false;

async function connect(channel) {
    if (room !== null) return;
    room = new Room();
    room.on(RoomEvent.Disconnected, () => { room = null; });
    const answer = await fetch(`/api/voice/token?room=${channel}`);
    const { token, url } = await answer.json();
    await room.connect(url, token);
    await room.localParticipant.setMicrophoneEnabled(!muted);
}

const bus = new BroadcastChannel('voice');
bus.onmessage = ({ data }) => connect(data.channel);

// What the user can click, by the names of the steps of a scenario.
oneroom.user({
    async connect(channel) {
        bus.postMessage({ channel });
        await connect(channel);
    },
    async disconnect() { await room?.disconnect(); },
    async toggleMute() {
        muted = !muted;
        await room?.localParticipant.setMicrophoneEnabled(!muted);
    },
});
