/**
 * Choice of the bus to speak on, when windows do not have the same buses.
 *
 * A window listens on every bus that it has, and speaks on the first. It also speaks on every bus
 * on which it has ever received a message, because a window there may hear nothing else. A probe
 * that is repeated with nothing heard in between, and a command that is repeated, go out on every
 * bus: the first one may have died without an error.
 */

import type { Message } from './messages.js';

/** The choice of one window. Buses are numbered from 0, the preferred one, to `count` - 1. */
export class BusChoice {
  private readonly all: readonly number[];
  private used: readonly number[] = [0];
  private asked = false;
  private commanded = 0;

  constructor(count: number) {
    this.all = Array.from({ length: count }, (_, bus) => bus);
  }

  /** Note a message received on `bus`. */
  heard(bus: number): void {
    this.asked = false;
    if (!this.used.includes(bus)) this.used = [...this.used, bus].sort((a, b) => a - b);
  }

  /** The buses on which to post `message`. */
  of(message: Message): readonly number[] {
    return this.repeats(message) ? this.all : this.used;
  }

  private repeats(message: Message): boolean {
    if (message.type === 'VOICE_COMMAND') {
      const again = message.number <= this.commanded;
      this.commanded = Math.max(this.commanded, message.number);
      return again;
    }
    if (message.type === 'VOICE_OWNER_PROBE' || message.type === 'VOICE_OWNER_HANDOFF_REQUEST') {
      const again = this.asked;
      this.asked = true;
      return again;
    }
    return false;
  }
}
