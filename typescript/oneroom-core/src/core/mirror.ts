/**
 * The mirror: what a follower shows, fed by snapshots alone.
 *
 * Snapshots are ordered by (term, number). A mirror takes only newer ones; it notices by the
 * owner's heartbeat that it missed one. The table below is all of its life; what it shows is its
 * last snapshot in every state.
 */

import { same } from './equality.js';
import type { Snapshot } from './messages.js';
import type { Outbox } from './outbox.js';
import { ConnectionState, NO_STATE, type Lease, type VoiceState } from './state.js';
import { step, type Transitions } from './transitions.js';

/** Relation of a mirror to the owner's state. */
export enum Freshness {
  EMPTY = 0, // no snapshot yet
  CURRENT = 1,
  BEHIND = 2, // the owner has posted a newer one
}

/** Events that move a mirror. */
export enum On {
  SNAPSHOT = 1,
  MISSED = 2, // a heartbeat names a newer snapshot
}

export const TRANSITIONS: Transitions<Freshness, On> = {
  [Freshness.EMPTY]: { [On.SNAPSHOT]: Freshness.CURRENT, [On.MISSED]: Freshness.BEHIND },
  [Freshness.CURRENT]: { [On.SNAPSHOT]: Freshness.CURRENT, [On.MISSED]: Freshness.BEHIND },
  [Freshness.BEHIND]: { [On.SNAPSHOT]: Freshness.CURRENT, [On.MISSED]: Freshness.BEHIND },
};

/** A state, and the snapshot that it is of. */
export interface Numbered {
  readonly term: number;
  readonly number: number;
  readonly state: VoiceState;
}

/**
 * The last snapshot taken: `state`, ordered by (`term`, `number`); of the next one only newer ones
 * are taken. `hasTerms` is that of the election: without terms whoever speaks last is believed.
 */
export class Mirror {
  freshness: Freshness = Freshness.EMPTY;
  term = 0;
  number = 0;
  state: VoiceState = NO_STATE;
  /** Of which snapshot `state` is; (0, 0) for none, drawn without a call. */
  shown: { readonly term: number; readonly number: number } = { term: 0, number: 0 };
  private askedUs = -1;
  private sharers: readonly string[] = [];

  constructor(private readonly hasTerms: boolean) {}

  /** Adopt `snapshot` and draw it, if it is newer. Returns whether it was. */
  take(snapshot: Snapshot, out: Outbox): boolean {
    if (!this.newer(snapshot.term, snapshot.number)) return false;
    this.adopt(snapshot, out);
    return true;
  }

  private adopt(snapshot: Snapshot, out: Outbox): void {
    const { term, number, state } = snapshot;
    this.show(term, number, state);
    out.add({ type: 'Rendered', term, number, state });
    this.tellSharing(state, out);
  }

  /**
   * An overlay has no tracks to show, so it says who has begun to share, and who has stopped. A
   * Room that connects, heals or changes its owner lists nobody for a while: that is no news of
   * anybody. Oneself is always listed.
   */
  private tellSharing(state: VoiceState, out: Outbox): void {
    if (state.connection === ConnectionState.IDLE) {
      this.sharers = [];
    } else if (state.connection === ConnectionState.CONNECTED && state.participants.length) {
      const before = this.sharers;
      this.sharers = state.participants
        .filter((one) => one.screen_share_track)
        .map((one) => one.identity);
      for (const identity of before) {
        if (!this.sharers.includes(identity)) {
          out.add({ type: 'UserNotice', text: `${identity} stopped sharing` });
        }
      }
      for (const identity of this.sharers) {
        if (!before.includes(identity)) {
          out.add({ type: 'UserNotice', text: `${identity} shares the screen` });
        }
      }
    }
  }

  /**
   * Take a state as it is: the owner's own newest snapshot is its mirror too, so that a demotion
   * loses nothing.
   */
  show(term: number, number: number, state: VoiceState): void {
    this.term = term;
    this.number = number;
    this.state = state;
    this.shown = { term, number };
    this.step(On.SNAPSHOT);
  }

  /**
   * There is no owner, and no window that is here may become one: draw no call. Returns whether one
   * was drawn. The last snapshot counts as not seen: its owner may only have stood still, and come
   * back with nothing newer.
   */
  putOut(): boolean {
    if (same(this.state, NO_STATE)) return false;
    this.state = { ...NO_STATE };
    this.shown = { term: 0, number: 0 };
    this.number -= 1;
    this.step(On.MISSED);
    return true;
  }

  /**
   * The newest state known, with its term and number: this one, or what an owner wrote to storage
   * ahead of its snapshot.
   */
  newest(lease: Lease): Numbered {
    if (follows(lease.term, lease.seq, this.term, this.number)) {
      const state = { ...NO_STATE, intent: lease.intent, applied: lease.applied };
      return { term: lease.term, number: lease.seq, state };
    }
    return { term: this.term, number: this.number, state: this.state };
  }

  /**
   * True if a snapshot should be requested now, at most once in `pauseUs`. That is so when the
   * owner of `term`, whose newest one is `number` (0 for none yet), has posted one that is not
   * here.
   */
  wants(term: number, number: number, nowUs: number, pauseUs: number): boolean {
    if (number === this.number && term === this.term) return false;
    if (number > 0 && this.newer(term, number)) this.step(On.MISSED);
    const askedJustNow = this.askedUs >= 0 && this.askedUs > nowUs - pauseUs;
    if (this.freshness !== Freshness.BEHIND || askedJustNow) return false;
    this.askedUs = nowUs;
    return true;
  }

  private newer(term: number, number: number): boolean {
    if (term !== this.term && !this.hasTerms) return true;
    return follows(term, number, this.term, this.number);
  }

  private step(on: On): void {
    this.freshness = step(TRANSITIONS, this.freshness, on) ?? this.freshness;
  }
}

/** True if the snapshot (`term`, `number`) comes after the other one. */
function follows(term: number, number: number, otherTerm: number, otherNumber: number): boolean {
  return term > otherTerm || (term === otherTerm && number > otherNumber);
}

/**
 * Term and number of a snapshot that an owner had posted a heartbeat before it wrote `lease`, (0,
 * 0) for none known: it should be here, but for a bus that lost it, or that the owner does not know
 * to be the only one of this window.
 */
export function postedLongAgo(before: Lease, lease: Lease): { term: number; number: number } {
  const sameOwnership = before.term === lease.term && before.holder === lease.holder;
  return sameOwnership && 0 < before.counter && before.counter < lease.counter
    ? { term: before.term, number: before.seq }
    : { term: 0, number: 0 };
}
