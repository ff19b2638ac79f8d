/**
 * SelfCheck: whether a frozen or stalled owner may still act as owner.
 *
 * A frozen page runs nothing but bus handlers, so after a long silence it cannot tell "no message
 * was sent" from "I stood still", and it can ask neither lock nor storage. The first message that
 * it receives may be a probe from before it was deposed. So it answers a probe with a probe of its
 * own; only a reply to its own probe is known to be fresh, and a window that has deposed it answers
 * with a higher term instead. Every step goes through the table.
 */

import { step, type Transitions } from './transitions.js';

/** States of the owner's belief that it owns. */
export enum State {
  VALID = 0,
  STALE = 1, // the others may have given it up
  CONFIRMING = 2, // its own question is out
}

/** Events that move it. */
export enum On {
  SILENCE = 1, // it gave no sign of life for a lease
  GAP = 2, // it did not even run for a lease: an answer that comes now may be old
  QUESTION = 3, // somebody wants something of the owner
  // somebody answered the owner's own question, or the lock manager did once the page ran again
  ANSWER = 4,
}

export const TRANSITIONS: Transitions<State, On> = {
  [State.VALID]: { [On.SILENCE]: State.STALE, [On.GAP]: State.STALE },
  [State.STALE]: { [On.QUESTION]: State.CONFIRMING, [On.ANSWER]: State.VALID },
  [State.CONFIRMING]: { [On.GAP]: State.STALE, [On.ANSWER]: State.VALID },
};

/**
 * `probe` is the `seq` of the owner's own question on the bus, `query` the number of the one to the
 * lock manager; 0 if none is out.
 */
export class SelfCheck {
  state: State = State.VALID;
  probe = 0;
  query = 0;

  /**
   * The page is frozen, or hands over, and gave no sign of life for a lease; `stoodStill` if it did
   * not run either.
   */
  begin(stoodStill: boolean): void {
    this.step(stoodStill ? On.GAP : On.SILENCE);
    if (stoodStill) this.probe = 0; // an answer to the old question is as old as the question
  }

  /** The page runs again and the lock is still its own, or a new ownership begins. */
  settle(): void {
    this.query = 0;
    this.step(On.ANSWER);
  }

  /** Handle a request to the owner. True if it must ask first, with the message `seq`. */
  asks(seq: number): boolean {
    if (this.step(On.QUESTION)) this.probe = seq;
    return this.state !== State.VALID;
  }

  /**
   * A probe that answers the question `answered`, 0 for none. Only an answer to the newest question
   * counts: an older one may be from before the owner was deposed.
   */
  hear(answered: number): void {
    if (answered && answered === this.probe) this.step(On.ANSWER);
  }

  private step(on: On): boolean {
    const state = step(TRANSITIONS, this.state, on);
    if (state === undefined) return false;
    this.state = state;
    return true;
  }
}
