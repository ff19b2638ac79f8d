// The same store, with the Room in oneroom-core: one window owns it, the others mirror what it says.
import { Room } from 'livekit-client';
import { ConnectionState } from 'oneroom-core';
import { Voice } from 'oneroom-core/browser';
import { windowKind } from 'oneroom';
import { create } from 'zustand';

export interface VoiceStore {
  channel: string;
  connected: boolean;
  muted: boolean;
  error: string;
  join(channel: string): void;
  leave(): void;
  toggleMute(): void;
}

// In a simulator all windows have one URL, and their kind from the scenario.
const kind = windowKind || new URLSearchParams(location.search).get('window') || 'main';

export const voice = new Voice({
  url: 'wss://livekit.example',
  user: 'ada',
  main: kind === 'main',
  room: () => new Room({ adaptiveStream: true, dynacast: true }),
  async mint(channel) {
    const response = await fetch(`/api/voice/token?room=${encodeURIComponent(channel)}`);
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  },
});

export const useVoice = create<VoiceStore>((set) => {
  voice.subscribe(({ state }) => set({
    channel: state.channel,
    connected: state.connection === ConnectionState.CONNECTED,
    muted: state.intent.muted,
    error: state.error,
  }));
  return {
    channel: '',
    connected: false,
    muted: false,
    error: '',
    join: (channel) => voice.connect(channel),
    leave: () => voice.disconnect(),
    toggleMute: () => voice.toggleMute(),
  };
});
