// The store of ../voice-store behind npm `tab-election`: the leader offers its actions, the others call them.
import { owner, user } from 'oneroom';
import { Tab } from 'tab-election';
import { useVoice } from '../voice-store/voiceStore';

const tab = new Tab<{ channel: string }>('voice');
const { join, leave, toggleMute } = useVoice.getState();

void tab.waitForLeadership(async () => {
  owner();
  const { channel = '' } = tab.getState() ?? {};
  if (channel) void join(channel);
  useVoice.subscribe(({ channel }) => tab.setState({ channel }));
  return { join, leave, toggleMute };
});
addEventListener('pagehide', () => tab.close());

user({
  connect: (channel: string) => tab.call('join', channel),
  disconnect: () => tab.call('leave'),
  toggleMute: () => tab.call('toggleMute'),
});
