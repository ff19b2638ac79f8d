// A React app that joins in an effect. In development StrictMode runs every effect twice: mount, unmount, mount.
import { Room } from 'livekit-client';
import { user } from 'oneroom';
import { StrictMode, useEffect, useState } from 'react';
import { create } from 'react-test-renderer';

let setChannel: (channel: string) => void;

function Call({ channel }: { channel: string }) {
  useEffect(() => {
    const room = new Room();
    async function join() {
      const response = await fetch(`/api/voice/token?room=${channel}`);
      const { url, token } = await response.json();
      await room.connect(url, token);
      await room.localParticipant.setMicrophoneEnabled(true);
    }
    void join();
    return () => void room.disconnect(); // too early: the token is not there yet, and then `connect` opens it after all
  }, [channel]);
  return null;
}

function App() {
  const [channel, set] = useState('');
  setChannel = set;
  return channel ? <Call channel={channel} /> : null;
}

create(<StrictMode><App /></StrictMode>);

user({
  connect: (channel: string) => setChannel(channel),
  disconnect: () => setChannel(''),
});
