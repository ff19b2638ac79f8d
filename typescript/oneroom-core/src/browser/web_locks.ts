/**
 * Web Locks (w3c/web-locks). A page is not told its own client id, by which the snapshot names
 * holders: it reads it at a lock that nobody else asks for.
 */

import type { Deliver, Locks } from './ports.js';

/** A request that waits, or the lock that it was granted. */
interface Requested {
  readonly withdrawn: AbortController;
  release: (() => void) | undefined;
}

export class WebLocks implements Locks {
  private readonly requested = new Map<string, Requested>();
  private readonly own: string;

  /** `prefix` sets this app's locks apart from others of the origin. */
  constructor(
    private readonly prefix: string,
    instanceId: string,
    private readonly ownerLock: string,
    private readonly deliver: Deliver,
  ) {
    this.own = `${prefix}/${instanceId}`;
    this.identify();
  }

  /** Hold the own lock for as long as the page lives; WebKit takes it in the back/forward cache. */
  private identify(): void {
    navigator.locks
      .request(this.own, () => new Promise<void>(() => {}))
      .catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'AbortError') this.identify();
      });
  }

  request(name: string, steal: boolean, ifAvailable: boolean, shared: boolean): void {
    const before = this.requested.get(name);
    if (before?.release) return; // it is held
    if (before && !steal) return; // it is in the queue
    before?.withdrawn.abort();
    const requested: Requested = { withdrawn: new AbortController(), release: undefined };
    this.requested.set(name, requested);
    void this.hold(name, requested, { steal, ifAvailable, shared });
  }

  private async hold(
    name: string,
    requested: Requested,
    asked: { steal: boolean; ifAvailable: boolean; shared: boolean },
  ): Promise<void> {
    const { steal, ifAvailable, shared } = asked;
    const options: LockOptions = { mode: shared ? 'shared' : 'exclusive' };
    if (steal) options.steal = true;
    else if (ifAvailable) options.ifAvailable = true;
    else options.signal = requested.withdrawn.signal;
    const granted = (lock: Lock | null): Promise<void> | undefined => {
      if (this.requested.get(name) !== requested) return undefined; // withdrawn meanwhile
      if (!lock) {
        this.requested.delete(name);
        this.deliver({ type: 'LockBusy', name });
        return undefined;
      }
      const held = new Promise<void>((release) => {
        requested.release = release;
      });
      this.deliver({ type: 'LockGranted', name });
      return held;
    };
    try {
      await navigator.locks.request(`${this.prefix}/${name}`, options, granted);
    } catch {
      // withdrawn by this window, or stolen by another
      if (this.requested.get(name) !== requested) return;
      this.requested.delete(name);
      this.deliver({ type: 'LockLost', name });
    }
  }

  release(name: string): void {
    const requested = this.requested.get(name);
    this.requested.delete(name);
    requested?.withdrawn.abort();
    requested?.release?.();
  }

  query(number: number): void {
    void this.look(number);
  }

  private async look(number: number): Promise<void> {
    const { held = [], pending = [] } = await navigator.locks.query();
    const me = held.find((lock) => lock.name === this.own)?.clientId;
    const name = `${this.prefix}/${this.ownerLock}`;
    const mine = held.some((lock) => lock.name === name && lock.clientId === me);
    const queue = pending.filter((lock) => lock.name === name);
    const rank = queue.findIndex((lock) => lock.clientId === me);
    this.deliver({ type: 'LockQueried', number, mine, rank });
  }
}
