// A Zustand store that npm `use-broadcast-ts` shares between windows. State is shared, and so each window follows it.
import { user } from 'oneroom';
import { shared } from 'use-broadcast-ts';
import { createStore } from 'zustand/vanilla';
import { useVoice } from '../voice-store/voiceStore';

interface Call {
  channel: string;
}

const call = createStore<Call>()(shared(() => ({ channel: '' }), { name: 'voice' }));
call.subscribe(({ channel }) => {
  const { join, leave } = useVoice.getState();
  void (channel ? join(channel) : leave());
});

user({
  connect: (channel: string) => call.setState({ channel }),
  disconnect: () => call.setState({ channel: '' }),
});
