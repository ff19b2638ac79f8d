/**
 * What a window asks of its browser, its shell and its SDK. Everything is fire and forget: results
 * come back as events, in a later task.
 */

import type { Event } from '../core/events.js';
import type { Message } from '../core/messages.js';
import type { Lease, Source } from '../core/state.js';

/** Hands an event to the window. */
export type Deliver = (event: Event) => void;

/** A broadcast to the user's other windows. It may lose, delay and repeat messages. */
export interface Bus {
  post(message: Message): void;
  /** Call `hear` with every message of other windows from now on. */
  listen(hear: (message: Message) => void): void;
  close(): void;
}

/** Web Locks. Replies: `LockGranted`, `LockBusy`, `LockLost`, `LockQueried`. */
export interface Locks {
  request(name: string, steal: boolean, ifAvailable: boolean, shared: boolean): void;
  release(name: string): void;
  query(number: number): void;
}

/** One atomic counter for all windows. Replies: `TermTaken`, `TermSeen`. */
export interface Terms {
  take(number: number, after: number): void;
  read(number: number): void;
}

/** The owner's row, readable at once. */
export interface LeaseRecord {
  read(): Lease;
  write(lease: Lease): void;
}

/** The Rooms of this window, one for each `epoch`; their events carry it. */
export interface Rooms {
  open(epoch: number, channel: string, token: string): void;
  close(epoch: number): void;
  publish(epoch: number, source: Source, muted: boolean): void;
  unpublish(epoch: number, source: Source): void;
  setMuted(epoch: number, muted: boolean): void;
}

/** A token of the application's server, and for how many seconds it is good, if its claims do not say. */
export interface Minted {
  readonly token: string;
  readonly validSeconds?: number;
}

/** Asks the application's server for a token for a channel. */
export type Mint = (channel: string) => Promise<Minted>;
