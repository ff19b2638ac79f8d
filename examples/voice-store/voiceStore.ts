// The store of a voice app, as apps are before anybody thinks of windows: each of them has one, and connects.
import { DisconnectReason, Room, RoomEvent } from 'livekit-client';
import { create } from 'zustand';

export interface VoiceStore {
  channel: string;
  connected: boolean;
  muted: boolean;
  error: string;
  join(channel: string): Promise<void>;
  leave(): Promise<void>;
  toggleMute(): Promise<void>;
}

let room: Room | undefined;

export const useVoice = create<VoiceStore>((set, get) => ({
  channel: '',
  connected: false,
  muted: false,
  error: '',

  async join(channel) {
    if (get().channel === channel) return;
    await get().leave();
    const joined = (room = new Room({ adaptiveStream: true, dynacast: true }));
    set({ channel, error: '' });
    joined.on(RoomEvent.Disconnected, (reason) => {
      if (room !== joined) return;
      room = undefined;
      const ours = reason === DisconnectReason.CLIENT_INITIATED;
      set({ channel: '', connected: false, error: ours ? '' : `disconnected: ${reason}` });
    });
    try {
      const response = await fetch(`/api/voice/token?room=${encodeURIComponent(channel)}`);
      const { url, token } = await response.json();
      if (room !== joined) return;
      await joined.connect(url, token);
      set({ connected: true });
      await joined.localParticipant.setMicrophoneEnabled(!get().muted);
    } catch (error) {
      if (room !== joined) return;
      room = undefined;
      set({ channel: '', connected: false, error: String(error) });
    }
  },

  async leave() {
    const left = room;
    room = undefined;
    set({ channel: '', connected: false });
    await left?.disconnect();
  },

  async toggleMute() {
    set({ muted: !get().muted });
    await room?.localParticipant.setMicrophoneEnabled(!get().muted);
  },
}));
