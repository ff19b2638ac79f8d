/**
 * The token: what opens a Room, asked of the application's server, and kept fresh as long as the
 * user is in the call.
 *
 * The SDK keeps its own token fresh (the server sends it a new one every few minutes) and tells
 * nobody. This one is for the next Room: when the SDK gives up, because it was refused, away for
 * too long or sent out, the way back must not wait for a slow server, nor fail with a server that
 * fails just then. So a token is renewed ahead of its expiry, and an expired one is never tried. It
 * ages by the wall clock as well, because the monotonic clock may stand still while the machine
 * sleeps. Every step goes through the table; the text reaches `OpenRoom` and nothing else.
 */

import { Timer } from './events.js';
import type { Outbox } from './outbox.js';
import type { Timings } from './timings.js';
import { step, type Transitions } from './transitions.js';

/** States of the token. */
export enum State {
  NONE = 0, // none, and none wanted
  MINTING = 1, // asked for
  PAUSING = 2, // none to be had; asked for again after a pause
  READY = 3,
  RENEWING = 4, // still good, and the next one is asked for
}

/** Events that move it. */
export enum On {
  WANT = 1, // a Room is to be opened
  MINTED = 2,
  FAILED = 3,
  DUE = 4, // the pause is over
  AGED = 5, // soon to expire
  EXPIRED = 6,
  DROP = 7, // no longer wanted, or refused
}

export const TRANSITIONS: Transitions<State, On> = {
  [State.NONE]: { [On.WANT]: State.MINTING },
  [State.MINTING]: {
    [On.MINTED]: State.READY,
    [On.FAILED]: State.PAUSING,
    [On.DROP]: State.NONE,
  },
  [State.PAUSING]: { [On.DUE]: State.MINTING, [On.DROP]: State.NONE },
  [State.READY]: {
    [On.AGED]: State.RENEWING,
    [On.EXPIRED]: State.NONE,
    [On.DROP]: State.NONE,
  },
  [State.RENEWING]: {
    [On.MINTED]: State.READY,
    [On.FAILED]: State.READY,
    [On.EXPIRED]: State.MINTING,
    [On.DROP]: State.NONE,
  },
};

/**
 * One for each window, for the channel of its session. Times are monotonic microseconds of this
 * window.
 */
export class Token {
  state: State = State.NONE;
  private channel = '';
  private epoch = 0; // of the session that asked first: an answer to an older one means nothing
  private askedUs = 0;
  private text = '';
  private expiresUs = 0;
  private aheadUs = 0; // how long before its expiry it is renewed
  private pauseUs: number;
  private armed = false;

  constructor(
    private readonly out: Outbox,
    private readonly timings: Timings,
  ) {
    this.pauseUs = timings.retry_us;
  }

  /** A token for a Room in `channel`, or "" if it has to be waited for. */
  want(channel: string, epoch: number, nowUs: number): string {
    if (channel !== this.channel) this.drop();
    if (this.good(nowUs)) return this.text;
    this.step(On.EXPIRED);
    if (this.step(On.WANT)) {
      this.channel = channel;
      this.epoch = epoch;
      this.ask(nowUs);
    }
    return '';
  }

  /** Whether there is a token that has not expired: an expired one is not tried. */
  private good(nowUs: number): boolean {
    return nowUs < this.expiresUs;
  }

  /**
   * The answer; whether a Room can be opened with it. `validUs` counts from the question; 0 is good
   * for once. A longer one is kept, and renewed ahead of its expiry: the next Room does not wait
   * for the application's server. One that has expired on its way is asked for anew.
   */
  minted(epoch: number, text: string, validUs: number, nowUs: number): boolean {
    if (epoch !== this.epoch || !this.step(On.MINTED)) return false;
    this.pauseUs = this.timings.retry_us;
    this.text = text;
    this.expiresUs = this.askedUs + validUs;
    if (!validUs) return true;
    if (!this.good(nowUs)) {
      this.step(On.EXPIRED);
      this.step(On.WANT);
      this.ask(nowUs);
      return false;
    }
    this.aheadUs = Math.min(this.timings.token_ahead_us, Math.floor(validUs / 4));
    this.armRenewal(nowUs);
    return true;
  }

  /**
   * The wall clock is `byUs` further on than this window's clock says. A wall clock that was set
   * back makes nothing younger.
   */
  age(byUs: number, nowUs: number): void {
    if (byUs > 0) {
      this.askedUs -= byUs;
      this.expiresUs -= byUs;
      if (this.state === State.READY && this.armed) this.armRenewal(nowUs);
    }
  }

  /**
   * No token this time; whether there is none now. It is asked for again after a pause that grows.
   */
  failed(epoch: number, nowUs: number): boolean {
    if (epoch !== this.epoch || !this.step(On.FAILED)) return false;
    this.arm(nowUs + this.pauseUs);
    this.pauseUs = Math.min(2 * this.pauseUs, this.timings.retry_max_us);
    return this.state === State.PAUSING;
  }

  /** Ask now if there was a failure and a pause after it. */
  hurry(nowUs: number): void {
    if (this.state === State.PAUSING) {
      this.out.add({ type: 'Disarm', timer: Timer.TOKEN });
      this.due(nowUs);
    }
  }

  /** The timer: a pause is over, or the token is about to expire. */
  due(nowUs: number): void {
    this.armed = false;
    if (this.step(On.DUE) || this.step(On.AGED)) this.ask(nowUs);
  }

  /** Drop the token: it is not wanted any more, or the SFU does not take it. */
  drop(): void {
    if (this.step(On.DROP)) {
      this.text = '';
      this.expiresUs = 0;
      this.epoch = 0;
      this.pauseUs = this.timings.retry_us;
      if (this.armed) {
        this.armed = false;
        this.out.add({ type: 'Disarm', timer: Timer.TOKEN });
      }
    }
  }

  private ask(nowUs: number): void {
    this.askedUs = nowUs;
    this.out.add({ type: 'MintToken', epoch: this.epoch, channel: this.channel });
  }

  private armRenewal(nowUs: number): void {
    this.arm(Math.max(this.expiresUs - this.aheadUs, nowUs));
  }

  private arm(atUs: number): void {
    this.armed = true;
    this.out.add({ type: 'Arm', timer: Timer.TOKEN, at_us: atUs });
  }

  private step(on: On): boolean {
    const state = step(TRANSITIONS, this.state, on);
    if (state === undefined) return false;
    this.state = state;
    return true;
  }
}
