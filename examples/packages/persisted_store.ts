// What the user has chosen, in zustand's `persist`: the main window joins it, others write it and say so on a BroadcastChannel.
import { user, windowName } from 'oneroom';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useVoice } from '../voice-store/voiceStore';

const useChoice = create(persist(() => ({ channel: '' }), { name: 'voice' }));
const bus = new BroadcastChannel('voice');
bus.onmessage = () => void useChoice.persist.rehydrate();

function follow({ channel }: { channel: string }): void {
  const { join, leave } = useVoice.getState();
  if (windowName === 'main') void (channel ? join(channel) : leave());
}
useChoice.subscribe(follow);
follow(useChoice.getState());

const choose = (channel: string): void => {
  useChoice.setState({ channel });
  bus.postMessage('changed');
};
user({ connect: choose, disconnect: () => choose('') });
