/**
 * The simple mode: the main window owns while it is open; without it there is no RTC, and overlays
 * say so.
 *
 * How it fails: two main windows own both, because nothing but being "main" decides.
 */

import { Timer } from '../core/events.js';
import type { Resign } from '../core/messages.js';
import { OPEN_THE_MAIN_APP, Policy } from '../core/policy.js';

/** The main window owns; an overlay never does. */
export class MainOnly extends Policy {
  override readonly policyName = 'main-only';
  override readonly needsStorage = true;
  override readonly mayOwn = 'main';

  override started(nowUs: number): void {
    this.election.heardUs = nowUs;
    if (this.config.main) {
      this.election.win(nowUs);
    } else {
      this.probe(true);
      this.arm(Timer.WATCH, nowUs + this.timings.lease_us);
    }
  }

  override outranked(nowUs: number): void {
    super.outranked(nowUs);
    // an overlay remembers a higher term of a main window that is gone
    if (this.config.main) this.election.win(nowUs);
  }

  override ownerFound(_nowUs: number): void {
    this.abandoned = false;
  }

  override resigned(_message: Resign, _nowUs: number): void {
    this.nobody();
  }

  /** WATCH: check the main window, which may have crashed without a message. */
  override timer(timer: Timer | string, nowUs: number): void {
    if (timer !== Timer.WATCH || this.config.main) return;
    const dueUs = this.election.heardUs + this.timings.lease_us;
    if (dueUs > nowUs) {
      this.arm(Timer.WATCH, dueUs);
      return;
    }
    this.nobody();
    this.arm(Timer.WATCH, nowUs + this.timings.lease_us);
  }

  /** Show that there is no call, whatever was heard last; the user is told once what to do. */
  private nobody(): void {
    if (this.config.main) return;
    this.election.forgetOwner();
    if (!this.abandoned) {
      this.abandoned = true;
      this.out.add({ type: 'UserNotice', text: OPEN_THE_MAIN_APP });
    }
  }
}
