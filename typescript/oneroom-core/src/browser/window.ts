/**
 * A window: one runtime of the app, the driver of one `Coordinator`.
 *
 * Its duties: before every turn, compare the owner's lease record in storage and deliver it first if
 * it changed; hand over the event; perform the actions in order. What the SDK reports while actions
 * are performed (`mute()` emits at once) waits until all of them are: a turn is atomic.
 */

import type { Action, Report } from '../core/actions.js';
import type { Coordinator } from '../core/coordinator.js';
import { Timer, type Event } from '../core/events.js';
import type { Lease } from '../core/state.js';
import type { Bus, LeaseRecord, Locks, Mint, Rooms, Terms } from './ports.js';
import { validSecondsOf } from './token_claims.js';

/** What a window is plugged into; `monotonicMs` and `wallMs` are its clocks. */
export interface WindowPorts {
  readonly bus: Bus;
  readonly locks: Locks;
  readonly terms: Terms;
  readonly lease: LeaseRecord;
  readonly rooms: Rooms;
  readonly mint: Mint;
  readonly monotonicMs: () => number;
  readonly wallMs: () => number;
}

/** A wall clock that is further on by less than this was only read late. */
const WALL_CLOCK_JUMP_MS = 1_000;

type Alarm = ReturnType<typeof setTimeout>;

/** Drives `coordinator`; what the application is told goes to `report`. */
export class Window {
  private readonly alarms = new Map<Timer | string, Alarm>();
  private readonly waiting: Event[] = [];
  private lease: Lease;
  private inTurn = false;
  private wallAheadMs: number;
  private readonly beganMs: number;

  constructor(
    readonly coordinator: Coordinator,
    private readonly ports: WindowPorts,
    private readonly report: (report: Report) => void,
  ) {
    this.lease = coordinator.lastLease;
    this.beganMs = ports.monotonicMs();
    this.wallAheadMs = ports.wallMs() - this.beganMs;
    ports.bus.listen((message) => this.deliver({ type: 'Received', message }));
  }

  /** Run a turn, or keep the event until the present one is over. */
  deliver(event: Event): void {
    this.waiting.push(event);
    if (this.inTurn) return;
    this.inTurn = true;
    try {
      for (let next = this.waiting.shift(); next; next = this.waiting.shift()) this.turn(next);
    } finally {
      this.inTurn = false;
    }
  }

  /** Another window wrote to storage: the lease record may have changed. */
  storageChanged(): void {
    const lease = this.ports.lease.read();
    if (lease !== this.lease) this.deliver({ type: 'LeaseSeen', lease });
  }

  /** Stop for good: nothing is performed any more. */
  end(): void {
    for (const alarm of this.alarms.values()) clearTimeout(alarm);
    this.alarms.clear();
    this.ports.bus.close();
  }

  private turn(event: Event): void {
    this.readWallClock();
    this.readLease();
    if (event.type === 'LeaseSeen') return; // that was it
    this.handle(event);
  }

  private handle(event: Event): void {
    for (const action of this.coordinator.handle(event, this.nowUs())) this.perform(action);
  }

  private readLease(): void {
    const lease = this.ports.lease.read();
    if (lease === this.lease) return;
    this.lease = lease;
    this.handle({ type: 'LeaseSeen', lease });
  }

  private readWallClock(): void {
    const aheadMs = this.ports.wallMs() - this.ports.monotonicMs();
    const byMs = aheadMs - this.wallAheadMs;
    if (Math.abs(byMs) < WALL_CLOCK_JUMP_MS) return;
    this.wallAheadMs = aheadMs;
    this.handle({ type: 'WallClockJumped', by_us: Math.round(byMs * 1_000) });
  }

  private nowUs(): number {
    return Math.round((this.ports.monotonicMs() - this.beganMs) * 1_000);
  }

  private perform(action: Action): void {
    const { bus, locks, terms, lease, rooms } = this.ports;
    switch (action.type) {
      case 'Post':
        return bus.post(action.message);
      case 'Arm':
        return this.arm(action.timer, action.at_us);
      case 'Disarm':
        return this.disarm(action.timer);
      case 'RequestLock':
        return locks.request(action.name, action.steal, action.if_available, action.shared);
      case 'ReleaseLock':
        return locks.release(action.name);
      case 'QueryLock':
        return locks.query(action.number);
      case 'TakeTerm':
        return terms.take(action.number, action.after);
      case 'ReadTerm':
        return terms.read(action.number);
      case 'WriteLease':
        lease.write(action.lease);
        this.lease = lease.read(); // its own record is no news to the coordinator
        return;
      case 'MintToken':
        return this.mint(action.epoch, action.channel);
      case 'OpenRoom':
        return rooms.open(action.epoch, action.channel, action.token);
      case 'CloseRoom':
        return rooms.close(action.epoch);
      case 'Publish':
        return rooms.publish(action.epoch, action.source, action.muted);
      case 'Unpublish':
        return rooms.unpublish(action.epoch, action.source);
      case 'SetMuted':
        return rooms.setMuted(action.epoch, action.muted);
      default:
        return this.report(action);
    }
  }

  // -- timers -------------------------------------------------------------------------------------

  private arm(timer: Timer | string, atUs: number): void {
    this.disarm(timer);
    const delayMs = Math.max(atUs - this.nowUs(), 0) / 1_000;
    this.alarms.set(
      timer,
      setTimeout(() => this.ring(timer), Math.ceil(delayMs)),
    );
  }

  private disarm(timer: Timer | string): void {
    clearTimeout(this.alarms.get(timer));
    this.alarms.delete(timer);
  }

  /** The owner's signs of life put WATCH off without an action. */
  private ring(timer: Timer | string): void {
    this.alarms.delete(timer);
    const laterUs = timer === Timer.WATCH ? this.coordinator.watchUs() : 0;
    if (laterUs > this.nowUs()) this.arm(timer, laterUs);
    else this.deliver({ type: 'TimerFired', timer });
  }

  // -- the application's server -------------------------------------------------------------------

  private mint(epoch: number, channel: string): void {
    this.ports.mint(channel).then(
      ({ token, validSeconds = validSecondsOf(token) }) => {
        const valid_us = Math.round(validSeconds * 1_000_000);
        this.deliver({ type: 'TokenReady', epoch, token, valid_us });
      },
      () => this.deliver({ type: 'TokenFailed', epoch }),
    );
  }
}
