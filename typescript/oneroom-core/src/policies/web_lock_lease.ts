/**
 * The recommended policy: the lock decides, a lease bounds how long a silent holder may keep it,
 * terms fence what is late.
 *
 * Three witnesses of an owner's life: its heartbeat on the bus, its row in storage, its hold on the
 * lock. A crash or a close frees the lock: that needs no time-out. A holder that is silent on the
 * bus and in storage for a lease is asked; a page that is only frozen answers and keeps its call
 * (Chromium 156 runs BroadcastChannel handlers of a frozen page, and its media goes on). Only a
 * holder that does not answer either is stolen from, by the first in the lock's queue; the others
 * wait one lease longer for each place behind. A deaf window cannot depose a healthy owner: it sees
 * the row change.
 *
 * What it costs: a page whose main thread stands still for longer than lease + probe loses the
 * call, which goes on elsewhere.
 */

import { Role } from '../core/actions.js';
import { Timer } from '../core/events.js';
import type { LockQueried, TermTaken } from '../core/policy.js';
import type { Timings } from '../core/timings.js';
import { On, State } from './lock_election.js';
import { WebLock } from './web_lock.js';

/**
 * The holder of the lock owns while it gives signs of life; terms fence what is late. The states
 * are those of `lock_election.ts`; here is what that table cannot say.
 */
export class WebLockLease extends WebLock {
  override readonly policyName = 'web-lock-lease';

  /**
   * A lease, and the time for the answer of an owner that is asked: until then nobody takes its
   * lock.
   */
  override silenceUs(timings: Timings): number {
    return timings.lease_us + timings.probe_us;
  }

  override started(nowUs: number): void {
    super.started(nowUs);
    this.election.heardUs = nowUs;
    this.arm(Timer.WATCH, nowUs + this.timings.lease_us);
  }

  override demoted(nowUs: number): void {
    super.demoted(nowUs);
    this.arm(Timer.WATCH, nowUs + this.timings.lease_us);
  }

  override timer(timer: Timer | string, nowUs: number): void {
    if (timer === Timer.WATCH) this.watch(nowUs);
    else if (timer === Timer.PROBE) this.unanswered(nowUs);
    else if (timer === Timer.CLAIM) this.lock.step(On.UNCONTESTED, nowUs);
    else super.timer(timer, nowUs);
  }

  // -- suspicion ----------------------------------------------------------------------------------

  /** Look whether the owner has been heard within a lease. */
  private watch(nowUs: number): void {
    if (this.lock.state !== State.QUEUED) return;
    const dueUs = this.election.heardUs + this.timings.lease_us;
    if (dueUs > nowUs) this.arm(Timer.WATCH, dueUs);
    else this.suspect(nowUs);
  }

  /** The owner is asked before anything is done to it: a page that is only frozen answers. */
  private suspect(nowUs: number): void {
    this.lock.step(On.SILENCE, nowUs);
    this.askOwner(nowUs);
  }

  /**
   * Ask a silent owner over the bus before it is deposed; meanwhile its row in storage may change,
   * too.
   */
  private askOwner(nowUs: number): void {
    this.probe();
    this.arm(Timer.PROBE, nowUs + this.timings.probe_us);
  }

  /** The time for an answer is over. */
  private unanswered(nowUs: number): void {
    if (this.lock.state === State.PROBING && !this.heardAfterAll(nowUs)) {
      this.lock.step(On.NO_ANSWER, nowUs);
    }
  }

  /**
   * True if the owner gave a sign of life since this window suspects it: it is watched again.
   */
  private heardAfterAll(nowUs: number): boolean {
    const { heardUs } = this.election;
    if (heardUs < this.lock.sinceUs) return false;
    this.lock.step(On.SIGN, nowUs);
    this.arm(Timer.WATCH, heardUs + this.timings.lease_us);
    return true;
  }

  /**
   * As a candidate: may I go on? As a follower whose owner did not answer: am I the next successor?
   */
  override lockQueried(reply: LockQueried, nowUs: number): void {
    if (this.election.role !== Role.FOLLOWER) {
      super.lockQueried(reply, nowUs);
    } else if (this.answers(reply.number, State.RANKING)) {
      if (reply.mine) this.lock.step(On.MINE, nowUs);
      else if (!this.heardAfterAll(nowUs)) this.succeed(reply.rank, nowUs);
    }
  }

  /** The first in the queue steals; the others wait one lease longer for each place behind. */
  private succeed(rank: number, nowUs: number): void {
    if (rank === 0) {
      this.yieldLockTo = '';
      this.lock.step(On.NEXT, nowUs);
      this.requestLock(true);
    } else {
      this.lock.step(On.NOT_NEXT, nowUs);
      if (rank < 0) this.requestLock();
    }
    this.arm(Timer.WATCH, nowUs + this.timings.lease_us * Math.max(rank, 1));
  }

  /** The holder that this window asked about is gone: the next one is watched. */
  protected override letPass(nowUs: number): void {
    if (this.lock.step(On.PASSED, nowUs)) {
      this.arm(Timer.WATCH, nowUs + this.timings.lease_us);
    }
    super.letPass(nowUs);
  }

  // -- a stolen lock ------------------------------------------------------------------------------

  /**
   * A stolen lock is not used at once. First the victim is told, with a term of its own: it may run
   * again by now.
   */
  override lockGranted(nowUs: number): void {
    if (this.lock.state !== State.STEALING) super.lockGranted(nowUs);
    else this.lock.step(On.GRANTED, nowUs);
  }

  /**
   * While claiming: say it and wait. Two windows that suspect the same holder may both steal, one
   * from the other. In `claim_us` the loser is told, the victim hears of a higher term and lets go,
   * and whoever was granted the lock in between is heard with the term that it took.
   */
  override termTaken(reply: TermTaken, nowUs: number): void {
    if (this.lock.state !== State.CLAIMING) {
      super.termTaken(reply, nowUs);
    } else if (this.answers(reply.number, State.CLAIMING)) {
      this.lock.step(On.TERM, nowUs);
      this.election.learn(reply.term);
      this.claimDue = true;
      this.probe();
      this.arm(Timer.CLAIM, nowUs + this.timings.claim_us);
    }
  }
}
