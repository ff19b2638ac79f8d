/**
 * The election: which part this window plays, and under which term.
 *
 * Every change of role goes through `TRANSITIONS`. When to stand, win or give way is the policy's
 * business (`policies/`); what follows for Room, commands and snapshots is the coordinator's. This
 * file only keeps the books.
 */

import { Role } from './actions.js';
import { step, type Transitions } from './transitions.js';

/** Events that move a window from role to role. */
export enum On {
  STAND = 1, // it wants to own and is making sure that it may
  WIN = 2, // it may
  OUTRANKED = 3, // somebody else owns, or it can no longer be sure of its own ownership
  ASKED = 4, // it was asked to hand over
  LEFT = 5, // it has left its Room for the successor
  RETIRE = 6, // pagehide
  RETURN = 7, // back out of the back/forward cache
}

export const TRANSITIONS: Transitions<Role, On> = {
  [Role.FOLLOWER]: {
    [On.STAND]: Role.CANDIDATE,
    [On.WIN]: Role.OWNER,
    [On.RETIRE]: Role.RETIRED,
  },
  [Role.CANDIDATE]: {
    [On.WIN]: Role.OWNER,
    [On.OUTRANKED]: Role.FOLLOWER,
    [On.RETIRE]: Role.RETIRED,
  },
  [Role.OWNER]: {
    [On.STAND]: Role.CANDIDATE, // fenced: it must make sure again
    [On.OUTRANKED]: Role.FOLLOWER,
    [On.ASKED]: Role.HANDING_OVER,
    [On.RETIRE]: Role.RETIRED,
  },
  [Role.HANDING_OVER]: {
    [On.LEFT]: Role.FOLLOWER,
    [On.OUTRANKED]: Role.FOLLOWER,
    [On.RETIRE]: Role.RETIRED,
  },
  [Role.RETIRED]: { [On.RETURN]: Role.FOLLOWER },
};

/**
 * Role and term of one window. Times are monotonic microseconds of this window.
 *
 * `term` is the highest term known, `owner` the instance that was last heard to own it ("" for
 * nobody), `heardUs` when it last gave a sign of life, on the bus or in storage.
 */
export class Election {
  role: Role = Role.FOLLOWER;
  term = 0;
  owner = '';
  ownerPreferred = false;
  heardUs = 0;

  constructor(readonly instanceId: string) {}

  /** Follow the table; false if `on` means nothing in the present role. */
  move(on: On): boolean {
    const role = step(TRANSITIONS, this.role, on);
    if (role === undefined) return false;
    this.role = role;
    return true;
  }

  /**
   * Begin an ownership under `term`, or under one that nobody has used as far as this window knows.
   */
  win(nowUs: number, term = 0): void {
    if (this.move(On.WIN)) {
      this.term = term || this.term + 1;
      this.owner = this.instanceId;
      this.heardUs = nowUs;
    }
  }

  /** Hear of `term` from anywhere; true if it is higher than what was known. */
  learn(term: number): boolean {
    if (term <= this.term) return false;
    this.term = term;
    this.owner = '';
    return true;
  }

  /**
   * Hear of a term where nobody compares terms: they are counted in good faith, since mirrors need
   * a number.
   */
  count(term: number): void {
    if (this.role === Role.FOLLOWER || this.role === Role.CANDIDATE) this.learn(term);
  }

  /** A sign of life of the present term's owner. */
  hearOwner(instanceId: string, preferred: boolean, nowUs: number): void {
    this.owner = instanceId;
    this.ownerPreferred = preferred;
    this.heardUs = nowUs;
  }

  /** The owner resigned: nobody owns as far as this window knows. */
  forgetOwner(): void {
    this.owner = '';
  }
}
