/** The buses of a window as one: it listens on all, and `BusChoice` says on which it speaks. */

import { BusChoice } from '../core/bus_choice.js';
import type { Message } from '../core/messages.js';
import type { Bus } from './ports.js';

/** A message that arrives on several buses is heard several times, which changes nothing. */
export class JoinedBuses implements Bus {
  private readonly choice: BusChoice;

  constructor(private readonly buses: readonly Bus[]) {
    this.choice = new BusChoice(buses.length);
  }

  post(message: Message): void {
    for (const bus of this.choice.of(message)) this.buses[bus]?.post(message);
  }

  listen(hear: (message: Message) => void): void {
    this.buses.forEach((bus, number) => {
      bus.listen((message) => {
        this.choice.heard(number);
        hear(message);
      });
    });
  }

  close(): void {
    for (const bus of this.buses) bus.close();
  }
}
