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
import type { RoomEvent } from './events.js';
import { ALL_SOURCES, Source, type Intent } from './state.js';

/** What others do to the user's tracks. */
export type Moderated = Extract<RoomEvent, { type: 'TrackMuted' | 'PermissionChanged' }>;

/** The click that switches a source. */
export const CLICKS: { readonly [Clicked in Source]: CommandVerb } = {
  [Source.MICROPHONE]: CommandVerb.TOGGLE_MUTE,
  [Source.CAMERA]: CommandVerb.TOGGLE_CAMERA,
  [Source.SCREEN_SHARE]: CommandVerb.TOGGLE_SCREEN_SHARE,
};

const NAMES: { readonly [Named in Source]: string } = {
  [Source.MICROPHONE]: 'microphone',
  [Source.CAMERA]: 'camera',
  [Source.SCREEN_SHARE]: 'screen share',
};

/** The intent after somebody else has silenced `source`: muted, or switched off. */
export function silenced(intent: Intent, source: Source): Intent {
  return intend(intent, CLICKS[source], source === Source.MICROPHONE, '');
}

/** The sources that others have switched off. */
export function switchedOff(event: Moderated): readonly Source[] {
  if (event.type === 'PermissionChanged') {
    return ALL_SOURCES.filter((one) => !event.sources.includes(one));
  }
  return event.muted ? [event.source] : [];
}

/** The text that the user of the owner window reads of it. */
export function notice(source: Source): string {
  return `a moderator has switched your ${NAMES[source]} off`;
}
