/**
 * Relation of one window to the owner lock: the table behind `web-lock` and `web-lock-lease`.
 *
 * A state is what the window waits for: the lock, an owner's sign of life, a reply of the lock
 * manager or of the counter of terms, the end of a claim. `web-lock` never suspects an owner, so it
 * never enters PROBING, RANKING, STEALING, CLAIMING and CLAIMED.
 *
 * Every change goes through `TRANSITIONS`. The role that the others see follows from the state
 * (`ROLES`), and so do the requests made on entering it (`REQUESTS`). The policy decides when to
 * step.
 */

import { Role, type ElectionAction } from '../core/actions.js';
import * as election from '../core/election.js';
import type { Outbox } from '../core/outbox.js';
import { step, type Transitions } from '../core/transitions.js';

/** The event that a window waits for. */
export enum State {
  IDLE = 0, // nothing: its script has not run yet, or its page was left
  QUEUED = 1, // the lock
  PROBING = 2, // a sign of life of the owner, which was silent for a lease and is asked
  RANKING = 3, // the lock manager's word who is next in the queue: the owner did not answer
  STEALING = 4, // the lock, which it takes from the owner: a steal is always granted
  CLAIMING = 5, // a term to claim the ownership under, with a stolen lock
  CLAIMED = 6, // the end of the time in which somebody may contradict its claim
  VERIFYING = 7, // the lock manager's word that the lock is its own
  TAKING_TERM = 8, // a term to own under
  OWNING = 9, // nothing: it owns
  PASSING = 10, // the end of its Room: then it lets go of the lock
}

/** Events that move a window from one state to another. */
export enum On {
  START = 1, // its script runs, or its page is back out of the back/forward cache
  GRANTED = 2,
  GRANTED_LATE = 3, // granted soon after a gap: the news may be as old as the gap
  PASSED = 4, // granted, and let go of again for the successor
  SILENCE = 5, // no sign of life of the owner for a lease
  SIGN = 6, // the owner gave one after all
  NO_ANSWER = 7,
  NEXT = 8, // it is the first in the queue
  NOT_NEXT = 9,
  MINE = 10, // the lock manager says that the lock is this window's
  LOST = 11, // it was stolen, or the lock manager says that it is not this window's
  DOUBT = 12, // what the window believed about the lock may be over
  TERM = 13,
  TERM_PASSED = 14, // a term that others have passed already
  UNCONTESTED = 15, // nobody contradicted the claim
  ASKED = 16, // to hand over
  LEFT = 17, // its Room is closed
  RETIRE = 18, // pagehide
}

export const TRANSITIONS: Transitions<State, On> = {
  [State.IDLE]: { [On.START]: State.QUEUED },
  [State.QUEUED]: {
    [On.GRANTED]: State.TAKING_TERM,
    [On.GRANTED_LATE]: State.VERIFYING,
    [On.SILENCE]: State.PROBING,
    [On.RETIRE]: State.IDLE,
  },
  [State.PROBING]: {
    [On.SIGN]: State.QUEUED,
    [On.NO_ANSWER]: State.RANKING,
    [On.GRANTED]: State.TAKING_TERM,
    [On.GRANTED_LATE]: State.VERIFYING,
    [On.RETIRE]: State.IDLE,
  },
  [State.RANKING]: {
    [On.SIGN]: State.QUEUED,
    [On.NEXT]: State.STEALING,
    [On.NOT_NEXT]: State.QUEUED,
    [On.MINE]: State.TAKING_TERM,
    [On.GRANTED]: State.TAKING_TERM,
    [On.GRANTED_LATE]: State.VERIFYING,
    [On.PASSED]: State.QUEUED, // the holder is gone, and so is what was asked about it
    [On.RETIRE]: State.IDLE,
  },
  [State.STEALING]: { [On.GRANTED]: State.CLAIMING, [On.RETIRE]: State.IDLE },
  [State.CLAIMING]: {
    [On.TERM]: State.CLAIMED,
    [On.DOUBT]: State.CLAIMING, // it claims anew: nobody has been told yet
    [On.LOST]: State.QUEUED,
    [On.RETIRE]: State.IDLE,
  },
  [State.CLAIMED]: {
    [On.UNCONTESTED]: State.VERIFYING,
    [On.DOUBT]: State.VERIFYING,
    [On.LOST]: State.QUEUED,
    [On.RETIRE]: State.IDLE,
  },
  [State.VERIFYING]: {
    [On.MINE]: State.TAKING_TERM,
    [On.DOUBT]: State.VERIFYING,
    [On.LOST]: State.QUEUED,
    [On.RETIRE]: State.IDLE,
  },
  [State.TAKING_TERM]: {
    [On.TERM]: State.OWNING,
    [On.TERM_PASSED]: State.TAKING_TERM,
    [On.DOUBT]: State.VERIFYING,
    [On.LOST]: State.QUEUED,
    [On.RETIRE]: State.IDLE,
  },
  [State.OWNING]: {
    [On.DOUBT]: State.VERIFYING,
    [On.ASKED]: State.PASSING,
    [On.LOST]: State.QUEUED,
    [On.RETIRE]: State.IDLE,
  },
  [State.PASSING]: {
    [On.LEFT]: State.QUEUED,
    [On.LOST]: State.QUEUED,
    [On.RETIRE]: State.IDLE,
  },
};

/**
 * The role in a state. IDLE has none of its own: before it starts a window is a follower, after
 * `pagehide` it is retired.
 */
export const ROLES: { readonly [In in State]?: Role } = {
  [State.QUEUED]: Role.FOLLOWER,
  [State.PROBING]: Role.FOLLOWER,
  [State.RANKING]: Role.FOLLOWER,
  [State.STEALING]: Role.FOLLOWER,
  [State.CLAIMING]: Role.CANDIDATE,
  [State.CLAIMED]: Role.CANDIDATE,
  [State.VERIFYING]: Role.CANDIDATE,
  [State.TAKING_TERM]: Role.CANDIDATE,
  [State.OWNING]: Role.OWNER,
  [State.PASSING]: Role.HANDING_OVER,
};

const queryLock = (number: number): ElectionAction => ({ type: 'QueryLock', number });
const takeTerm = (number: number): ElectionAction => ({ type: 'TakeTerm', number, after: -1 });

/** The request that is made on entering a state; its reply is what the state waits for. */
export const REQUESTS: { readonly [In in State]?: (number: number) => ElectionAction } = {
  [State.RANKING]: queryLock,
  [State.CLAIMING]: takeTerm,
  [State.VERIFYING]: queryLock,
  [State.TAKING_TERM]: takeTerm,
};

/**
 * The state of one window. `sinceUs` is when it was entered, and `request` the number of the newest
 * request: only the reply of that number answers what the window asks now.
 */
export class LockElection {
  state: State = State.IDLE;
  sinceUs = 0;
  request = 0;

  constructor(
    private readonly election: election.Election,
    private readonly out: Outbox,
  ) {}

  /**
   * Follow the table, move the role along and ask what the new state asks; false if `on` means
   * nothing in the present state. (An ownership begins with `own`; a handover and `pagehide` move
   * the role in `Policy`.)
   */
  step(on: On, nowUs: number): boolean {
    const state = step(TRANSITIONS, this.state, on);
    if (state === undefined) return false;
    this.state = state;
    this.sinceUs = nowUs;
    const role = ROLES[state];
    if (role === Role.CANDIDATE) this.election.move(election.On.STAND);
    else if (role === Role.FOLLOWER) this.election.move(election.On.OUTRANKED);
    const request = REQUESTS[state];
    if (request) {
      this.request = this.out.nextRequest();
      this.out.add(request(this.request));
    }
    return true;
  }

  /** The lock and a term of its own: that is an ownership. */
  own(term: number, nowUs: number): void {
    if (this.step(On.TERM, nowUs)) this.election.win(nowUs, term);
  }

  /** True if a reply of this `number` is what the window waits for in `state`. */
  awaits(number: number, state: State): boolean {
    return this.state === state && this.request === number;
  }
}
