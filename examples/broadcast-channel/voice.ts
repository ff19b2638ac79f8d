// The store of ../voice-store behind the leader election of npm `broadcast-channel`: the leader joins, the others send it
// what was clicked.
import { BroadcastChannel, createLeaderElection } from 'broadcast-channel';
import { owner, user } from 'oneroom';
import { useVoice } from '../voice-store/voiceStore';

interface Message {
  click?: 'join' | 'leave' | 'toggleMute';
  channel?: string;
}

const bus = new BroadcastChannel<Message>('voice');
const elector = createLeaderElection(bus);
let channel = ''; // of the call, in every window

function act({ click, channel: wanted }: Message): void {
  if (click === 'join') channel = wanted!;
  if (click === 'leave') channel = '';
  if (!elector.isLeader) return;
  const { join, leave, toggleMute } = useVoice.getState();
  if (click === 'join') void join(wanted!);
  else if (click === 'leave') void leave();
  else if (click === 'toggleMute') void toggleMute();
}

bus.onmessage = act;
void elector.awaitLeadership().then(() => {
  owner();
  if (channel) void useVoice.getState().join(channel);
});

function click(message: Message): void {
  void bus.postMessage(message);
  act(message);
}

user({
  connect: (wanted: string) => click({ click: 'join', channel: wanted }),
  disconnect: () => click({ click: 'leave' }),
  toggleMute: () => click({ click: 'toggleMute' }),
});
