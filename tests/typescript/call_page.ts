/** A page with a `Voice` in front of a Room of livekit-client that connects to a real server. */

import { Room } from 'LIVEKIT';
import { Voice } from 'BROWSER';

interface Token {
  url: string;
  token: string;
}

void (async () => {
  const { url, token }: Token = await (await fetch('token.json')).json();
  const voice = new Voice({
    url,
    mint: async () => ({ token, validSeconds: 3600 }),
    room: () => new Room(),
    user: 'ada',
  });
  Object.assign(globalThis, { voice });
})();
