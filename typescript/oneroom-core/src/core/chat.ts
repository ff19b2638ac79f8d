/**
 * Chat: the one socket and the one cache of a window.
 *
 * Every window has its own, owner or not: who holds the Room does not matter here. The machine
 * keeps one socket open, asks history for what was said while there was none, and sends what the
 * user writes until it sees it stored. The table below is the socket's life; nothing is shown twice
 * or before its time (`chat_cache.ts`); a message that may have been stored is sent again only
 * after history has been looked at, and under the same id.
 */

import { ChannelCache } from './chat_cache.js';
import {
  ChatTimer,
  type ChatAction,
  type ChatEvent,
  type ChatMessage,
  type Latest,
  type SocketEvent,
} from './chat_events.js';
import type { Config } from './config.js';
import { step, type Transitions } from './transitions.js';

/** How many messages one answer of history has, and with how many an empty cache begins. */
export const PAGE = 50;

/** States of the socket. */
export enum State {
  IDLE = 0,
  OPENING = 1,
  CATCHING_UP = 2, // it is open, and something that exists is not shown
  LIVE = 3,
  PAUSING = 4, // it broke; the next one comes after a pause
}

/** Events that move the socket. */
export enum On {
  START = 1,
  OPENED = 2,
  BEHIND = 3, // a gap shows
  LEVEL = 4, // everything that exists is shown
  BROKE = 5,
  DUE = 6, // the pause is over
  LEAVE = 7, // pagehide
}

export const TRANSITIONS: Transitions<State, On> = {
  [State.IDLE]: { [On.START]: State.OPENING },
  [State.OPENING]: {
    [On.OPENED]: State.CATCHING_UP,
    [On.BROKE]: State.PAUSING,
    [On.LEAVE]: State.IDLE,
  },
  [State.CATCHING_UP]: {
    [On.LEVEL]: State.LIVE,
    [On.BROKE]: State.PAUSING,
    [On.LEAVE]: State.IDLE,
  },
  [State.LIVE]: {
    [On.BEHIND]: State.CATCHING_UP,
    [On.BROKE]: State.PAUSING,
    [On.LEAVE]: State.IDLE,
  },
  [State.PAUSING]: { [On.DUE]: State.OPENING, [On.LEAVE]: State.IDLE },
};

/**
 * A message of this window's user that nobody has been seen to store. `epoch` is the socket it was
 * last sent on.
 */
export interface Unconfirmed {
  readonly number: number;
  readonly channel: string;
  readonly text: string;
  epoch: number;
}

/**
 * One window's chat. Drive it with `handle`, as the coordinator; times are monotonic microseconds.
 */
export class Chat {
  state: State = State.IDLE;
  epoch = 0;
  readonly channels = new Map<string, ChannelCache>();
  unconfirmed: Unconfirmed[] = [];
  private out: ChatAction[] = [];
  private number = 0;
  private requests = 0;
  private failures = 0; // sockets that broke since one was of use
  private heardUs = 0;
  private begun = false; // the channels that were there before this window are known

  constructor(readonly config: Config) {}

  /** One turn: an event in, all its actions out, in order. `nowUs` never goes backwards. */
  handle(event: ChatEvent, nowUs: number): readonly ChatAction[] {
    this.out = [];
    switch (event.type) {
      case 'SocketOpened':
      case 'SocketBeat':
      case 'SocketReceived':
      case 'SocketClosed':
        if (this.current(event.epoch)) this.socket(event, nowUs);
        break;
      case 'HistoryLoaded':
        this.answered(event.channel, event.request);
        for (const message of event.messages) this.take(message);
        this.catchUp();
        break;
      case 'HistoryFailed':
        if (this.answered(event.channel, event.request)) {
          this.arm(ChatTimer.HISTORY, nowUs + this.config.timings.chat_retry_us);
        }
        break;
      case 'Written':
        this.write(event.channel, event.text);
        break;
      case 'ChatTimerFired':
        this.timer(event.timer, nowUs);
        break;
      case 'WallClockJumped':
        this.slept(event.by_us, nowUs);
        break;
      case 'Started':
        if (this.step(On.START)) this.open(nowUs);
        break;
      case 'PageHide':
        this.leave();
        break;
    }
    return this.out;
  }

  // -- the socket ---------------------------------------------------------------------------------

  /**
   * Whether an event of the socket `epoch` means anything: what an older one says does not, and its
   * `close` event may come a minute late.
   */
  private current(epoch: number): boolean {
    return epoch === this.epoch;
  }

  private socket(event: SocketEvent, nowUs: number): void {
    this.heardUs = nowUs;
    switch (event.type) {
      case 'SocketOpened':
        if (this.step(On.OPENED)) this.opened(event.latest, nowUs);
        break;
      case 'SocketBeat':
        this.out.push({ type: 'AnswerBeat', epoch: this.epoch });
        this.hearOf(event.latest);
        this.catchUp();
        break;
      case 'SocketReceived':
        this.take(event.message);
        this.catchUp();
        break;
      case 'SocketClosed':
        this.broke(nowUs);
        break;
    }
  }

  /**
   * The socket is open. History comes first: a message that may be stored already is sent again
   * only after history was looked at, because servers forget ids.
   */
  private opened(latest: readonly Latest[], nowUs: number): void {
    this.failures = 0;
    this.arm(ChatTimer.SILENCE, nowUs + this.config.timings.chat_silence_us);
    this.hearOf(latest);
    this.begun = true;
    this.catchUp();
  }

  private open(nowUs: number): void {
    this.epoch += 1;
    this.heardUs = nowUs;
    this.out.push({ type: 'OpenSocket', epoch: this.epoch });
    this.arm(ChatTimer.SILENCE, nowUs + this.config.timings.chat_connect_us);
  }

  /** No socket any more: a pause, the longer the more often it happens. */
  private broke(nowUs: number): void {
    if (this.step(On.BROKE)) {
      const { chat_retry_us, chat_retry_max_us } = this.config.timings;
      const pauseUs = Math.min(chat_retry_us * 2 ** this.failures, chat_retry_max_us);
      this.failures = Math.min(this.failures + 1, 10);
      this.disarm(ChatTimer.SILENCE);
      this.arm(ChatTimer.RETRY, nowUs + pauseUs + this.config.jitter_us);
    }
  }

  private leave(): void {
    const hasSocket = this.hasSocket();
    if (this.step(On.LEAVE)) {
      this.disarm(ChatTimer.RETRY);
      this.disarm(ChatTimer.SILENCE);
      this.disarm(ChatTimer.HISTORY);
      if (hasSocket) this.out.push({ type: 'CloseSocket', epoch: this.epoch });
    }
  }

  private hasSocket(): boolean {
    return this.state !== State.IDLE && this.state !== State.PAUSING;
  }

  private timer(timer: ChatTimer, nowUs: number): void {
    if (timer === ChatTimer.RETRY) {
      if (this.step(On.DUE)) this.open(nowUs);
    } else if (timer === ChatTimer.HISTORY) {
      this.catchUp();
    } else {
      this.silent(nowUs);
    }
  }

  /**
   * The machine slept, and the socket has been silent for longer than this window's clock says: it
   * may have died meanwhile, and its `readyState` would still be OPEN.
   */
  private slept(byUs: number, nowUs: number): void {
    if (byUs > 0) {
      this.heardUs -= byUs;
      this.silent(nowUs);
    }
  }

  /** The socket may be dead, and nobody would say so: the server's beats are what tells. */
  private silent(nowUs: number): void {
    if (!this.hasSocket()) return;
    const { chat_connect_us, chat_silence_us } = this.config.timings;
    const patienceUs = this.state === State.OPENING ? chat_connect_us : chat_silence_us;
    if (nowUs - this.heardUs < patienceUs) {
      this.arm(ChatTimer.SILENCE, this.heardUs + patienceUs);
      return;
    }
    this.out.push({ type: 'CloseSocket', epoch: this.epoch });
    this.broke(nowUs);
  }

  // -- what there is to show ----------------------------------------------------------------------

  /**
   * Note what the server has. A channel that was there before this window begins with its last
   * page.
   */
  private hearOf(latest: readonly Latest[]): void {
    for (const { channel, seq } of latest) {
      const begins = this.begun ? 0 : Math.max(seq - PAGE, 0);
      this.cache(channel, begins).hearOf(seq);
    }
  }

  private cache(channel: string, cursor = 0): ChannelCache {
    let cache = this.channels.get(channel);
    if (!cache) {
      cache = new ChannelCache(channel, cursor);
      this.channels.set(channel, cache);
    }
    return cache;
  }

  /**
   * A message, live or from history, new or known. One of its own is confirmed when it has its
   * place.
   */
  private take(message: ChatMessage): void {
    for (const shown of this.cache(message.channel).take(message)) {
      this.out.push({ type: 'MessageShown', message: shown });
      if (shown.sender === this.config.instance_id) this.confirm(shown);
    }
  }

  /**
   * Ask history for what is missing; with nothing missing, send what was never seen to be stored.
   */
  private catchUp(): void {
    if (this.state !== State.CATCHING_UP && this.state !== State.LIVE) return;
    const behind = [...this.channels.values()].filter((cache) => cache.isBehind());
    if (!behind.length) {
      if (this.step(On.LEVEL)) this.sendUnsent();
      return;
    }
    this.step(On.BEHIND);
    for (const cache of behind) {
      if (!cache.request) {
        this.requests += 1;
        cache.request = this.requests;
        this.out.push({
          type: 'FetchHistory',
          request: cache.request,
          channel: cache.name,
          after: cache.cursor,
          limit: PAGE,
        });
      }
    }
  }

  private answered(channel: string, request: number): boolean {
    const cache = this.channels.get(channel);
    if (!cache || cache.request !== request) return false;
    cache.request = 0;
    return true;
  }

  // -- what the user writes -----------------------------------------------------------------------

  private write(channel: string, text: string): void {
    this.number += 1;
    this.unconfirmed.push({ number: this.number, channel, text, epoch: 0 });
    this.out.push({ type: 'MessageWritten', channel, number: this.number });
    if (this.state === State.LIVE) this.sendUnsent();
  }

  /**
   * Send what this socket has not carried yet, in the order in which it was written. What is sent
   * again keeps its number, so that the server stores it once.
   */
  private sendUnsent(): void {
    const { epoch } = this;
    for (const message of this.unconfirmed) {
      if (message.epoch !== epoch) {
        message.epoch = epoch;
        const { channel, number, text } = message;
        this.out.push({ type: 'SendMessage', epoch, channel, number, text });
      }
    }
  }

  private confirm(stored: ChatMessage): void {
    const at = this.unconfirmed.findIndex((message) => message.number === stored.number);
    if (at >= 0) {
      this.unconfirmed.splice(at, 1);
      this.out.push({ type: 'MessageConfirmed', number: stored.number, id: stored.id });
    }
  }

  // -- small change -------------------------------------------------------------------------------

  private arm(timer: ChatTimer, at_us: number): void {
    this.out.push({ type: 'ArmChat', timer, at_us });
  }

  private disarm(timer: ChatTimer): void {
    this.out.push({ type: 'DisarmChat', timer });
  }

  private step(on: On): boolean {
    const state = step(TRANSITIONS, this.state, on);
    if (state === undefined) return false;
    this.state = state;
    return true;
  }
}
