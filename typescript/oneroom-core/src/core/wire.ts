/**
 * Messages as JSON text, for a bus that carries text alone: storage events, Tauri events, sockets.
 *
 * The field `type` says which message it is. What comes in is somebody else's, so whatever is no
 * message is undefined and never an error.
 */

import { CommandVerb, type Message } from './messages.js';
import { Reason } from './reasons.js';
import { ConnectionState, Share, Source, type Lease } from './state.js';

type Check = (value: unknown) => boolean;
type Fields = { readonly [field: string]: Check };

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const whole: Check = (value) => Number.isSafeInteger(value);
const member =
  (numbers: object): Check =>
  (value) =>
    typeof value === 'number' && value in numbers;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const struct =
  (fields: Fields): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([field, check]) => check(value[field as never]));

const INTENT: Fields = { channel: text, muted: flag, camera: flag, share: flag };
const PARTICIPANT: Fields = {
  identity: text,
  speaking: flag,
  muted: flag,
  camera_track: flag,
  screen_share_track: flag,
};
const STATE: Fields = {
  intent: struct(INTENT),
  connection: member(ConnectionState),
  participants: listOf(struct(PARTICIPANT)),
  share: member(Share),
  error: text,
  applied: listOf(struct({ instance_id: text, number: whole })),
};

const HEAD: Fields = { instance_id: text, term: whole, seq: whole, number: whole };
const MESSAGES: { readonly [Type in Message['type']]: Check } = {
  VOICE_OWNER_HEARTBEAT: struct({ ...HEAD, preferred: flag }),
  VOICE_COMMAND: struct({
    ...HEAD,
    after: whole,
    verb: member(CommandVerb),
    value: flag,
    channel: text,
  }),
  VOICE_STATE_SNAPSHOT: struct({ ...HEAD, state: struct(STATE) }),
  VOICE_OWNER_PROBE: struct({ ...HEAD, snapshot: flag }),
  VOICE_OWNER_HANDOFF_REQUEST: struct(HEAD),
  VOICE_OWNER_RESIGN: struct({ ...HEAD, successor: text }),
  VOICE_OWNER_CLAIM: struct({ ...HEAD, candidate: text }),
  VOICE_WINDOW_GOSSIP: struct({ ...HEAD, known: listOf(text), owner: text, gone: text }),
  VOICE_REMOVED: struct({ ...HEAD, reason: member(Reason), room_term: whole }),
  VOICE_SILENCED: struct({ ...HEAD, sources: listOf(member(Source)), room_term: whole }),
  VOICE_POLICY_MESSAGE: struct({ ...HEAD, name: text, payload: text }),
};

const LEASE = struct({
  term: whole,
  holder: text,
  counter: whole,
  seq: whole,
  intent: struct(INTENT),
  applied: listOf(struct({ instance_id: text, number: whole })),
});

/** True if `value`, as storage has it, is a lease. */
export function isLease(value: unknown): value is Lease {
  return LEASE(value);
}

/** True if `value`, as a bus delivers it, is a message. */
export function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { type } = value as { type?: unknown };
  return typeof type === 'string' && Object.hasOwn(MESSAGES, type) && check(type as never, value);
}

function check(type: Message['type'], value: unknown): boolean {
  return MESSAGES[type](value);
}

/** The text of a message. */
export function encode(message: Message): string {
  return JSON.stringify(message);
}

/** The message that `text` is, if it is one. */
export function decode(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
