/**
 * The chat cache of one channel in one window: what it shows, in the server's order.
 *
 * Live messages and history come by different ways and overtake each other. The cache shows a
 * message when everything before it is shown, and once: what lies behind a gap is held until
 * history has filled the gap. So what is shown only ever grows at its end, and `cursor` says all
 * there is to know about it.
 */

import type { ChatMessage } from './chat_events.js';

/**
 * `cursor` is the `seq` up to which everything is shown, `latest` the highest one that is known to
 * exist, `request` the number of the question to history that is out, 0 for none.
 */
export class ChannelCache {
  latest: number;
  request = 0;
  readonly messages: ChatMessage[] = [];
  private readonly held = new Map<number, ChatMessage>();

  constructor(
    readonly name: string,
    public cursor: number,
  ) {
    this.latest = cursor;
  }

  /** A message `seq` exists. */
  hearOf(seq: number): void {
    this.latest = Math.max(this.latest, seq);
  }

  /** True if a message that exists is not shown. */
  isBehind(): boolean {
    return this.cursor < this.latest;
  }

  /** Take a message from wherever it came; what is shown from now on because of it, in order. */
  take(message: ChatMessage): readonly ChatMessage[] {
    const { seq } = message;
    this.hearOf(seq);
    // shown once, however often it comes: live, from history, in answer to a resend
    if (seq <= this.cursor || this.held.has(seq)) return [];
    this.held.set(seq, message);
    const ready = this.inPlace();
    this.messages.push(...ready);
    return ready;
  }

  /** The held messages that have their place now. Behind a gap there are none. */
  private inPlace(): ChatMessage[] {
    const ready: ChatMessage[] = [];
    for (let next = this.held.get(this.cursor + 1); next; next = this.held.get(this.cursor + 1)) {
      this.cursor += 1;
      this.held.delete(this.cursor);
      ready.push(next);
    }
    return ready;
  }
}
