// The window of the click joins; the others draw the call from TanStack Query's cache, which the package broadcasts.
import { broadcastQueryClient } from '@tanstack/query-broadcast-client-experimental';
import { QueryClient } from '@tanstack/query-core';
import { draws, user } from 'oneroom';
import { useVoice } from '../voice-store/voiceStore';

const cache = new QueryClient();
broadcastQueryClient({ queryClient: cache, broadcastChannel: 'voice' });

useVoice.subscribe(({ channel, connected, muted }) => {
  cache.setQueryData(['call'], { channel, connection: connected ? 'connected' : 'idle', muted });
});
cache.getQueryCache().subscribe(({ type, query }) => {
  if (type === 'updated' && query.state.data) draws(query.state.data);
});

const { join, leave, toggleMute } = useVoice.getState();
user({ connect: join, disconnect: leave, toggleMute });
