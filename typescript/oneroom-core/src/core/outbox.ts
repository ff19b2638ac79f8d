/** The outbox: what one turn of a window's machine wants done. */

import type { Action } from './actions.js';
import type { Message } from './messages.js';

/**
 * Collects the actions of one turn (a new list for each) and numbers messages and requests. `seq`
 * numbers this window's messages; requests are those to the lock manager and the counter of terms.
 */
export class Outbox {
  actions: Action[] = [];
  seq = 0;
  requests = 0;

  add(action: Action): void {
    this.actions.push(action);
  }

  /** Broadcast `message`. */
  post(message: Message): void {
    this.actions.push({ type: 'Post', message });
  }

  /** The `seq` of the next message. */
  nextSeq(): number {
    this.seq += 1;
    return this.seq;
  }

  /** The `number` of the next request, which its reply carries back; from 1. */
  nextRequest(): number {
    this.requests += 1;
    return this.requests;
  }
}
