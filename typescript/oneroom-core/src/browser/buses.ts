/**
 * The buses of a browser and of a Tauri shell. Whatever arrives and is no message is passed over:
 * others may use the same channel.
 */

import type { Message } from '../core/messages.js';
import { decode, encode, isMessage } from '../core/wire.js';
import type { Bus } from './ports.js';

/** BroadcastChannel: one origin, one storage partition. A closed window hears nothing more. */
export class BroadcastChannelBus implements Bus {
  private readonly channel: BroadcastChannel;

  constructor(name: string) {
    this.channel = new BroadcastChannel(name);
  }

  post(message: Message): void {
    this.channel.postMessage(message);
  }

  listen(hear: (message: Message) => void): void {
    this.channel.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (isMessage(event.data)) hear(event.data);
    });
  }

  close(): void {
    this.channel.close();
  }
}

/**
 * `storage` events: every write of a key is told to the other windows of the origin. Equal values
 * in a row are not told, so each has a number.
 */
export class StorageEventBus implements Bus {
  private count = 0;
  private readonly from = crypto.randomUUID();
  private readonly ended = new AbortController();

  constructor(private readonly key: string) {}

  post(message: Message): void {
    this.count += 1;
    try {
      localStorage.setItem(this.key, `${this.from}/${this.count}/${encode(message)}`);
    } catch {
      // over quota: lost, as on any bus
    }
  }

  listen(hear: (message: Message) => void): void {
    const { signal } = this.ended;
    const told = ({ key, newValue }: StorageEvent): void => {
      if (key !== this.key || newValue === null) return;
      const message = decode(newValue.slice(newValue.indexOf('{')));
      if (message) hear(message);
    };
    addEventListener('storage', told, { signal });
  }

  close(): void {
    this.ended.abort();
  }
}

/** What the bus needs of `@tauri-apps/api/event`. */
export interface TauriEvents {
  emit(name: string, payload: string): Promise<void>;
  listen(name: string, hear: (event: { payload: string }) => void): Promise<() => void>;
}

/** Events of a Tauri app: they reach every window of it, the sender's own too. */
export class TauriEventBus implements Bus {
  private unlisten: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly events: TauriEvents,
    private readonly name: string,
  ) {}

  post(message: Message): void {
    // the shell that does not take it has gone
    void this.events.emit(this.name, encode(message)).catch(() => {});
  }

  listen(hear: (message: Message) => void): void {
    const told = (event: { payload: string }): void => {
      const message = decode(event.payload);
      if (message && !this.closed) hear(message);
    };
    void this.events.listen(this.name, told).then((unlisten) => {
      if (this.closed) unlisten();
      else this.unlisten = unlisten;
    });
  }

  close(): void {
    this.closed = true;
    this.unlisten?.();
  }
}
