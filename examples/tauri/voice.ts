// A Tauri app: the main window alone joins; the overlay sends what was clicked over Tauri's events, and draws what main says.
import { emit, listen } from '@tauri-apps/api/event';
import { getCurrentWindow } from '@tauri-apps/api/window';
import { user } from 'oneroom';
import { useVoice } from '../voice-store/voiceStore';

interface Click {
  action: 'join' | 'leave' | 'toggleMute';
  channel?: string;
}

if (getCurrentWindow().label === 'main') {
  void listen<Click>('voice-click', ({ payload: { action, channel } }) => {
    const { join, leave, toggleMute } = useVoice.getState();
    if (action === 'join') void join(channel!);
    else if (action === 'leave') void leave();
    else void toggleMute();
  });
}

const click = (action: Click['action'], channel?: string) => emit('voice-click', { action, channel });

user({
  connect: (channel: string) => click('join', channel),
  disconnect: () => click('leave'),
  toggleMute: () => click('toggleMute'),
});
