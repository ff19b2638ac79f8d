/**
 * The browser's lock decides: its holder owns (w3c/web-locks).
 *
 * Freed by close and crash, so no time-out is needed. The main window asks a living owner to hand
 * over; the owner closes its Room, then releases (not in its first moments, when its state has not
 * reached the others yet). A waiting window that is granted the lock although another one was asked
 * for lets that one pass, once.
 *
 * How it fails: a holder that neither runs nor dies (stalled, stopped, an abandoned cached page)
 * keeps the lock for ever.
 */

import { Role } from '../core/actions.js';
import { Timer } from '../core/events.js';
import type { HandoffRequest, Resign } from '../core/messages.js';
import { Policy, type LockQueried, type TermTaken } from '../core/policy.js';
import { LockElection, On, State } from './lock_election.js';

/**
 * The window that holds the browser's lock owns; a crash or a close frees it at once. The states
 * are those of `lock_election.ts`; here is what that table cannot say.
 */
export class WebLock extends Policy {
  override readonly policyName: string = 'web-lock';
  override readonly needsLock = true;
  override readonly needsStorage = true;
  readonly lock = new LockElection(this.election, this.out);
  protected yieldLockTo = ''; // the successor that a grant is passed on to
  private asking = false; // for the ownership; it asks again when HANDOFF fires
  private unsureUntilUs = -1; // news of the lock may be from before a gap

  override started(nowUs: number): void {
    this.probe(true);
    this.lock.step(On.START, nowUs);
    this.requestLock();
  }

  override retiring(nowUs: number): void {
    super.retiring(nowUs);
    this.lock.step(On.RETIRE, nowUs);
    this.releaseLock();
  }

  // -- the main window comes back -----------------------------------------------------------------

  override ownerFound(nowUs: number): void {
    this.queueAgain();
    this.wantBack(nowUs);
  }

  override attentionChanged(_gained: boolean, nowUs: number): void {
    this.wantBack(nowUs);
  }

  override timer(timer: Timer | string, nowUs: number): void {
    if (timer === Timer.HANDOFF) {
      this.asking = false;
      this.queueAgain();
      this.wantBack(nowUs);
    }
  }

  /**
   * A main window asks for the ownership while its timers run on time: it would be asked for signs
   * of life that it cannot give, be deposed, and ask again.
   */
  private wantBack(nowUs: number): void {
    const { election } = this;
    if (!this.config.main || this.asking || !this.onTime()) return;
    if (election.role === Role.FOLLOWER && election.owner && !election.ownerPreferred) {
      this.asking = true;
      this.requestHandoff(nowUs);
    }
  }

  override handoffRequested(message: HandoffRequest, nowUs: number): void {
    if (this.config.main) return;
    if (this.election.role === Role.OWNER) {
      if (nowUs - this.lock.sinceUs >= this.timings.claim_us) {
        this.lock.step(On.ASKED, nowUs);
        this.startHandoff(message.instance_id);
      }
    } else if (this.election.role === Role.FOLLOWER) {
      this.yieldLockTo = message.instance_id;
    }
  }

  /** Hand over to the window that the user is in: nobody may look at this one for hours. */
  override cannotOpen(askedBy: string, nowUs: number): void {
    this.lock.step(On.ASKED, nowUs);
    this.startHandoff(askedBy);
  }

  override roomLeft(nowUs: number): void {
    this.resign(this.successor);
    this.releaseLock();
    this.lock.step(On.LEFT, nowUs);
  }

  override resigned(message: Resign, _nowUs: number): void {
    const { successor } = message;
    if (!this.config.main && successor && successor !== this.config.instance_id) {
      this.yieldLockTo = successor;
    }
  }

  // -- the lock -----------------------------------------------------------------------------------

  /**
   * Stand in the queue again: a follower that waits is the next owner's crash detector. After a
   * hand-over it waits for the successor to own: whose request for the lock may be slower than its
   * request to hand over, and a lock that a frozen page is granted is lost until it runs.
   */
  override demoted(nowUs: number): void {
    if (this.successor) this.arm(Timer.HANDOFF, nowUs + this.timings.resend_us);
    else this.requestLock();
  }

  /** Stand in the queue behind the successor. */
  private queueAgain(): void {
    if (this.successor && this.lock.state === State.QUEUED) {
      this.successor = '';
      this.requestLock();
    }
  }

  override lockGranted(nowUs: number): void {
    if (this.yieldLockTo) this.letPass(nowUs);
    else if (nowUs <= this.unsureUntilUs) this.lock.step(On.GRANTED_LATE, nowUs);
    else this.lock.step(On.GRANTED, nowUs);
  }

  /** The successor is next; then this window's turn comes again. */
  protected letPass(_nowUs: number): void {
    this.yieldLockTo = '';
    this.releaseLock();
    this.requestLock();
  }

  override lockLost(nowUs: number): void {
    this.lock.step(On.LOST, nowUs);
  }

  override lockQueried(reply: LockQueried, nowUs: number): void {
    if (!this.answers(reply.number, State.VERIFYING)) return;
    if (this.tooLate(nowUs)) this.lock.step(On.DOUBT, nowUs);
    else this.lock.step(reply.mine ? On.MINE : On.LOST, nowUs);
  }

  /**
   * The term comes from the counter, since news of the last owner may be slower than the lock. One
   * that others have passed meanwhile is of no use.
   */
  override termTaken(reply: TermTaken, nowUs: number): void {
    if (!this.answers(reply.number, State.TAKING_TERM)) return;
    if (this.tooLate(nowUs)) this.lock.step(On.DOUBT, nowUs);
    else if (reply.term > this.election.term) this.lock.own(reply.term, nowUs);
    else this.lock.step(On.TERM_PASSED, nowUs);
  }

  /**
   * True if the reply is to the request of this very candidacy, or suspicion: an earlier one says
   * what was true then.
   */
  protected answers(number: number, state: State): boolean {
    return this.lock.awaits(number, state);
  }

  /**
   * True if a reply took so long (this window stood still) that the lock may have been stolen in
   * the meantime.
   */
  private tooLate(nowUs: number): boolean {
    return nowUs - this.lock.sinceUs > this.timings.probe_us;
  }

  // -- doubt --------------------------------------------------------------------------------------

  /**
   * A higher term was heard. The lock is the truth: who still holds it goes on, under a higher term
   * yet. A candidate is making sure already; a window that hands over is leaving anyway.
   */
  override outranked(nowUs: number): void {
    if (this.lock.state === State.OWNING) this.lock.step(On.DOUBT, nowUs);
  }

  /**
   * After a gap nothing that this window believed about the lock is sure: a grant may be old, a
   * steal not yet told.
   */
  override gap(nowUs: number): boolean {
    this.unsureUntilUs = nowUs + this.timings.lease_us;
    return this.lock.step(On.DOUBT, nowUs);
  }

  override resumed(nowUs: number): void {
    this.unsureUntilUs = nowUs + this.timings.lease_us;
    this.wantBack(nowUs);
  }
}
