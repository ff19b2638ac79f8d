/**
 * The session: one Room's life inside one window. States and what may happen in them are the table
 * below. Nothing here reads a clock or performs I/O.
 *
 * Why a session has an `epoch`: the SDK reports late. A Room that was closed a second ago still
 * says "reconnected". Every event of a Room carries the epoch of the session that opened it, and
 * `current` tells those of an older one apart.
 */

import type { Outbox } from './outbox.js';
import { ConnectionState } from './state.js';
import type { Timings } from './timings.js';
import { Token } from './token.js';
import { step, type Transitions } from './transitions.js';

/** States of the Room. */
export enum State {
  IDLE = 0, // no Room, none wanted
  MINTING = 1, // waiting for a token
  OPENING = 2, // connect() is pending; a kick is ignored by the SDK here, so only we can end it
  OPEN = 3,
  HEALING = 4, // the SDK reconnects by itself
  CLOSING = 5, // CloseRoom is out, its confirmation is not
}

/** Events that move a session. */
export enum On {
  WANT = 1, // we own, and the user wants to be in a channel
  UNWANT = 2, // the user left, or we lost ownership: the same to a Room
  TOKEN = 3,
  CONNECTED = 4,
  LOST = 5,
  ENDED = 6, // terminal for the SDK: kicked, removed, gave up, or closed by us
}

export const TRANSITIONS: Transitions<State, On> = {
  [State.IDLE]: { [On.WANT]: State.MINTING },
  [State.MINTING]: {
    [On.TOKEN]: State.OPENING,
    [On.ENDED]: State.IDLE,
    [On.UNWANT]: State.IDLE,
  },
  [State.OPENING]: {
    [On.CONNECTED]: State.OPEN,
    [On.ENDED]: State.IDLE,
    [On.UNWANT]: State.CLOSING,
  },
  [State.OPEN]: {
    [On.LOST]: State.HEALING,
    [On.ENDED]: State.IDLE,
    [On.UNWANT]: State.CLOSING,
  },
  [State.HEALING]: {
    [On.CONNECTED]: State.OPEN,
    [On.ENDED]: State.IDLE,
    [On.UNWANT]: State.CLOSING,
  },
  [State.CLOSING]: { [On.ENDED]: State.IDLE },
};

export const SHOWN: { readonly [Shown in State]: ConnectionState } = {
  [State.IDLE]: ConnectionState.IDLE,
  [State.MINTING]: ConnectionState.CONNECTING,
  [State.OPENING]: ConnectionState.CONNECTING,
  [State.OPEN]: ConnectionState.CONNECTED,
  [State.HEALING]: ConnectionState.RECONNECTING,
  [State.CLOSING]: ConnectionState.IDLE,
};

/** `epoch` counts from 1; `channel` and `term` are those of the present session. */
export class Session {
  readonly token: Token;
  state: State = State.IDLE;
  epoch = 0;
  channel = '';
  term = 0;

  constructor(
    private readonly out: Outbox,
    timings: Timings,
  ) {
    this.token = new Token(out, timings);
  }

  /** True if an event of `epoch` is about the present session. */
  current(epoch: number): boolean {
    return epoch === this.epoch;
  }

  /** Open a Room in `channel` under `term`: the token comes first, unless a good one is in hand. */
  want(channel: string, term: number, nowUs: number): void {
    if (this.step(On.WANT)) {
      this.epoch += 1;
      this.channel = channel;
      this.term = term;
      const token = this.token.want(channel, this.epoch, nowUs);
      if (token) this.open(token);
    }
  }

  /** End the session in whatever state it is. */
  unwant(): void {
    this.token.drop();
    const hasRoom =
      this.state !== State.IDLE && this.state !== State.MINTING && this.state !== State.CLOSING;
    if (this.step(On.UNWANT) && hasRoom) {
      this.out.add({ type: 'CloseRoom', epoch: this.epoch, term: this.term });
    }
  }

  /** The token is there. */
  open(token: string): void {
    if (this.step(On.TOKEN)) {
      const { epoch, term, channel } = this;
      this.out.add({ type: 'OpenRoom', epoch, term, channel, token });
    }
  }

  /** The Room is connected, or healed; false if that means nothing now. */
  connected(): boolean {
    return this.step(On.CONNECTED);
  }

  /** The SDK is reconnecting. */
  lost(): void {
    this.step(On.LOST);
  }

  /**
   * The SDK is through with this Room, or no token could be had; return whether this session had
   * closed it.
   */
  ended(): boolean {
    const closed = this.state === State.CLOSING;
    this.step(On.ENDED);
    return closed;
  }

  /** No Room and none being opened. */
  idle(): boolean {
    return this.state === State.IDLE;
  }

  /**
   * True if there is no Room that others could still see. A `frozen` page learns of its end when it
   * runs again, since the SDK waits for its WebSocket; the Leave has been sent.
   */
  left(frozen: boolean): boolean {
    return this.state === State.IDLE || (frozen && this.state === State.CLOSING);
  }

  private step(on: On): boolean {
    const state = step(TRANSITIONS, this.state, on);
    if (state === undefined) return false;
    this.state = state;
    return true;
  }
}
