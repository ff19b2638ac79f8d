/**
 * The messages between the windows of one user.
 *
 * Every message carries (`instance_id`, `term`, `seq`): who says it, under which ownership, and its
 * place among that window's messages. `VOICE_OWNER_HEARTBEAT`, `VOICE_COMMAND` and
 * `VOICE_STATE_SNAPSHOT` are the call's own; the next three are what a safe hand-over needs;
 * `VOICE_REMOVED` keeps a removed user out, `VOICE_SILENCED` a silenced one silent. The others are
 * what elections say to each other, and only policies read them. Values only; nothing secret may be
 * a field of a message.
 */

import type { Reason } from './reasons.js';
import type { Source, VoiceState } from './state.js';

/** The request of a command. */
export enum CommandVerb {
  CONNECT = 1,
  DISCONNECT = 2,
  TOGGLE_MUTE = 3,
  TOGGLE_CAMERA = 4,
  TOGGLE_SCREEN_SHARE = 5,
}

/**
 * Common head. `term` is the highest ownership the sender knows of; `seq` counts the sender's
 * messages from 1. `number` says which command or snapshot a message is about, 0 if about none.
 */
interface Head<Type extends string> {
  readonly type: Type;
  readonly instance_id: string;
  readonly term: number;
  readonly seq: number;
  readonly number: number;
}

/**
 * "I am the owner of `term`". `number` is its newest snapshot's, so that a mirror notices when it
 * missed one; `preferred` says that nobody need ask it to hand over.
 */
export interface Heartbeat extends Head<'VOICE_OWNER_HEARTBEAT'> {
  readonly preferred: boolean;
}

/**
 * Follower to owner. `number` counts the sender's commands from 1 and is the command's id together
 * with `instance_id`; `after` is the sender's command before this one that is still unanswered, 0
 * for none. A toggle carries in `value` what the user saw and meant: two windows that both click
 * "mute" want silence, not silence and noise again.
 */
export interface Command extends Head<'VOICE_COMMAND'> {
  readonly after: number;
  readonly verb: CommandVerb;
  readonly value: boolean;
  readonly channel: string;
}

/** Owner to followers. Ordered by (`term`, `number`), `number` from 1 in each term. */
export interface Snapshot extends Head<'VOICE_STATE_SNAPSHOT'> {
  readonly state: VoiceState;
}

/**
 * "Is there an owner?" Answered at once with a heartbeat, and with a snapshot if `snapshot` is set.
 *
 * A silent owner is asked before it is deposed: a frozen Chromium page answers within milliseconds
 * although its timers are dead (seen with Chromium 156). After a long silence a frozen owner asks
 * back first, and answers when it hears a probe whose `number` is the `seq` of its own
 * (`self_check.ts`).
 */
export interface Probe extends Head<'VOICE_OWNER_PROBE'> {
  readonly snapshot: boolean;
}

/** "Please hand over to me". Sent by a window that the policy prefers, again until it owns. */
export type HandoffRequest = Head<'VOICE_OWNER_HANDOFF_REQUEST'>;

/**
 * The owner of `term` has left its Room. `successor` is the window it hands over to, "" for
 * anybody.
 */
export interface Resign extends Head<'VOICE_OWNER_RESIGN'> {
  readonly successor: string;
}

/** "`candidate` wants to own"; "" asks whoever is entitled to claim. */
export interface Claim extends Head<'VOICE_OWNER_CLAIM'> {
  readonly candidate: string;
}

/**
 * What a window knows of the others. `known` are the windows that the sender counts with, `owner`
 * who it believes owns ("" for nobody), `gone` a window that it holds for dead ("" for none).
 * `number` is the `seq` of the gossip that this one answers, 0 for none.
 */
export interface Gossip extends Head<'VOICE_WINDOW_GOSSIP'> {
  readonly known: readonly string[];
  readonly owner: string;
  readonly gone: string;
}

/**
 * A window that does not own (any more) was told that somebody ended the call which the owner of
 * `room_term` had: whoever is about to take that call over leaves it at that.
 */
export interface Removed extends Head<'VOICE_REMOVED'> {
  readonly reason: Reason;
  readonly room_term: number;
}

/**
 * A window that does not own (any more) was told that somebody else has switched `sources` off in
 * the Room of `room_term`: whoever takes that call over keeps them off.
 */
export interface Silenced extends Head<'VOICE_SILENCED'> {
  readonly sources: readonly Source[];
  readonly room_term: number;
}

/** A message of one policy's own, under a name of its own. `payload` is JSON text. */
export interface PolicyMessage extends Head<'VOICE_POLICY_MESSAGE'> {
  readonly name: string;
  readonly payload: string;
}

export type Message =
  | Heartbeat
  | Command
  | Snapshot
  | Probe
  | HandoffRequest
  | Resign
  | Claim
  | Gossip
  | Removed
  | Silenced
  | PolicyMessage;

/** Messages that have an effect whatever term their sender knows of. */
export const OF_ANY_TERM: ReadonlySet<Message['type']> = new Set<Message['type']>([
  'VOICE_OWNER_PROBE',
  'VOICE_OWNER_HANDOFF_REQUEST',
  'VOICE_OWNER_CLAIM',
  'VOICE_WINDOW_GOSSIP',
  'VOICE_POLICY_MESSAGE',
  'VOICE_REMOVED',
  'VOICE_SILENCED',
]);
