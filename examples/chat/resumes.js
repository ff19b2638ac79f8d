// The same window, which asks for what it has missed: everything after the last message that it shows.
const shown = [];
let socket;

function open() {
    socket = new WebSocket(`wss://app.example/chat?after=${shown.at(-1)?.number ?? 0}`);
    socket.onmessage = ({ data }) => { shown.push(JSON.parse(data)); };
    socket.onclose = () => { setTimeout(open, 1000); };
}
open();

const room = new LivekitClient.Room();

oneroom.user({
    async connect(channel) {
        const answer = await fetch(`/api/voice/token?room=${channel}`);
        const { url, token } = await answer.json();
        await room.connect(url, token);
    },
    say: (text) => socket.send(text),
    report: () => oneroom.told(`${oneroom.windowName} shows ${shown.map(({ text }) => text).join(', ')}`),
});
