/**
 * Moderation: what others may do to the user's tracks, and what becomes of the user's wishes.
 *
 * A moderator who mutes the user, or withdraws the permission to publish, decides for the present
 * session alone: the next Room, in this window or another, knows nothing of it. So the decision
 * becomes the user's own state (muted, camera off, no share), which snapshots and storage carry on,
 * and from which the user's next click leads back. Nobody but the user unmutes (LiveKit refuses it
 * too, unless the server has `enable_remote_unmute`).
 */

import { intend } from './commands.js';
import { CommandVerb } from './messages.js';
import { Source, type Intent } from './state.js';

const NAMES: { readonly [Named in Source]: string } = {
  [Source.MICROPHONE]: 'microphone',
  [Source.CAMERA]: 'camera',
  [Source.SCREEN_SHARE]: 'screen share',
};

/** The intent after somebody else has silenced `source`: muted, or switched off. */
export function silenced(intent: Intent, source: Source): Intent {
  if (source === Source.MICROPHONE) return intend(intent, CommandVerb.TOGGLE_MUTE, true, '');
  if (source === Source.CAMERA) return intend(intent, CommandVerb.TOGGLE_CAMERA, false, '');
  return intend(intent, CommandVerb.TOGGLE_SCREEN_SHARE, false, '');
}

/** The text that the user of the owner window reads of it. */
export function notice(source: Source): string {
  return `a moderator has switched your ${NAMES[source]} off`;
}
