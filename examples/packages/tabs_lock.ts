// The store behind npm `browser-tabs-lock`: who has the lock joins what was clicked last.
import Lock from 'browser-tabs-lock';
import { user } from 'oneroom';
import { useVoice } from '../voice-store/voiceStore';

const lock = new Lock();
let channel = '';
let holds = false;

function follow(wanted: string): void {
  channel = wanted;
  const { join, leave } = useVoice.getState();
  if (holds) void (channel ? join(channel) : leave());
}

async function hold(): Promise<void> {
  while (!(await lock.acquireLock('voice', 5000)));
  holds = true;
  follow(channel);
}
void hold();

const bus = new BroadcastChannel('voice');
bus.onmessage = ({ data }) => follow(data);
const click = (wanted: string): void => {
  bus.postMessage(wanted);
  follow(wanted);
};
user({ connect: click, disconnect: () => click('') });
