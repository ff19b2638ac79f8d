/**
 * Commands: from a click in any window to one effect in the owner, across losses, repeats and
 * changes of owner.
 *
 * A sender numbers its commands from 1 and repeats those without an answer, in order. An owner
 * applies a sender's numbers in order, each once, and publishes the highest one in every snapshot:
 * that is the answer, and what the next owner inherits. A toggle carries what the user meant
 * (`value`), so that applying it can be repeated by an owner that could not know.
 */

import { CommandOutcome } from './actions.js';
import { Timer } from './events.js';
import { CommandVerb, type Command } from './messages.js';
import type { Outbox } from './outbox.js';
import type { Applied, Intent } from './state.js';
import type { Timings } from './timings.js';

/** Events that end a command for the window that issued it. */
export enum On {
  ANSWERED = 1, // a snapshot says that it was applied
  TIMED_OUT = 2,
  NO_OWNER = 3, // there is no owner and there will be none
}

/**
 * A command waits until the first of these; after that it is gone from the sender's list, and
 * nothing moves it any more.
 */
export const TRANSITIONS: { readonly [Event in On]: CommandOutcome } = {
  [On.ANSWERED]: CommandOutcome.APPLIED,
  [On.TIMED_OUT]: CommandOutcome.EXPIRED,
  [On.NO_OWNER]: CommandOutcome.REFUSED,
};

/** A command that its sender still repeats. */
export interface Waiting {
  readonly number: number;
  readonly verb: CommandVerb;
  readonly value: boolean;
  readonly channel: string;
  readonly issuedUs: number;
}

/**
 * The issuing side, one for each window. `waiting` is what has no answer, `addressed` to which
 * owner of which term it was sent last.
 */
export class Sender {
  number = 0;
  waiting: Waiting[] = [];
  addressed: { readonly owner: string; readonly term: number } = { owner: '', term: 0 };

  constructor(
    private readonly instanceId: string,
    private readonly out: Outbox,
    private readonly timings: Timings,
  ) {}

  /** A click becomes a command. */
  issue(verb: CommandVerb, value: boolean, channel: string, nowUs: number): void {
    this.number += 1;
    this.waiting.push({ number: this.number, verb, value, channel, issuedUs: nowUs });
    this.out.add({ type: 'CommandIssued', number: this.number, verb, value });
  }

  /** The bus message for a waiting command. */
  message(command: Waiting, term: number): Command {
    let after = 0;
    for (const earlier of this.waiting) {
      if (earlier.number < command.number) after = earlier.number;
    }
    return {
      type: 'VOICE_COMMAND',
      instance_id: this.instanceId,
      term,
      seq: this.out.nextSeq(),
      number: command.number,
      after,
      verb: command.verb,
      value: command.value,
      channel: command.channel,
    };
  }

  /**
   * Send what is unanswered, in order, to an `owner` that is known; look again after `resend_us`.
   */
  send(owner: string, term: number, nowUs: number): void {
    if (owner) {
      this.addressed = { owner, term };
      for (const command of this.waiting) {
        this.out.post(this.message(command, term));
      }
    }
    this.out.add({ type: 'Arm', timer: Timer.RESEND, at_us: nowUs + this.timings.resend_us });
  }

  /** A snapshot says what was applied, of each sender. */
  answered(applied: readonly Applied[]): void {
    for (const entry of applied) {
      if (entry.instance_id === this.instanceId) this.resolveUpTo(entry.number);
    }
  }

  /** The owner has applied everything up to `number`. */
  resolveUpTo(number: number): void {
    for (let first = this.waiting[0]; first && first.number <= number; first = this.waiting[0]) {
      this.waiting.shift();
      this.resolve(first, On.ANSWERED);
    }
  }

  /** Tell the user about what did not get through. A disconnect is never given up. */
  expire(nowUs: number): void {
    const kept: Waiting[] = [];
    for (const command of this.waiting) {
      const late = nowUs - command.issuedUs >= this.timings.command_ttl_us;
      const endless = command.verb === CommandVerb.DISCONNECT;
      if (late && !endless) this.resolve(command, On.TIMED_OUT);
      else kept.push(command);
    }
    this.waiting = kept;
  }

  /** There is no owner and there will be none: say so at once. */
  refuseAll(): void {
    for (const command of this.waiting) this.resolve(command, On.NO_OWNER);
    this.waiting = [];
  }

  /**
   * The intent as the user of this window sees it: the owner's, with the own clicks on top that are
   * on their way.
   */
  foresee(intent: Intent): Intent {
    for (const command of this.waiting) {
      intent = intend(intent, command.verb, command.value, command.channel);
    }
    return intent;
  }

  private resolve(command: Waiting, on: On): void {
    this.out.add({ type: 'CommandResolved', number: command.number, outcome: TRANSITIONS[on] });
  }
}

/** The owner's side: the highest number applied, for each sender. */
export class Applier {
  private highest = new Map<string, number>();

  /** Start from what the previous owner had applied. */
  inherit(applied: readonly Applied[]): void {
    this.highest = new Map(applied.map((entry) => [entry.instance_id, entry.number]));
  }

  /**
   * True if this command is new and nothing of its sender must come before it. Lost commands are
   * repeated first.
   */
  accepts(instanceId: string, number: number, after: number): boolean {
    const applied = this.highest.get(instanceId) ?? 0;
    return after <= applied && applied < number;
  }

  /** `number` of this sender has taken effect. */
  note(instanceId: string, number: number): void {
    this.highest.set(instanceId, Math.max(number, this.highest.get(instanceId) ?? 0));
  }

  /** For the snapshot, in the order in which senders were first heard. */
  applied(): Applied[] {
    return Array.from(this.highest, ([instance_id, number]) => ({ instance_id, number }));
  }
}

/**
 * The value that a click on a toggle asks for, given the `intent` its user sees. False for a verb
 * that is no toggle.
 */
export function toggled(intent: Intent, verb: CommandVerb): boolean {
  if (verb === CommandVerb.TOGGLE_MUTE) return !intent.muted;
  if (verb === CommandVerb.TOGGLE_CAMERA) return !intent.camera;
  return verb === CommandVerb.TOGGLE_SCREEN_SHARE && !intent.share;
}

/**
 * The intent after a command. Leaving a call keeps the mute: a user who muted is not unmuted by
 * joining again.
 */
export function intend(intent: Intent, verb: CommandVerb, value: boolean, channel: string): Intent {
  switch (verb) {
    case CommandVerb.CONNECT:
      return { ...intent, channel };
    case CommandVerb.DISCONNECT:
      return { channel: '', muted: intent.muted, camera: false, share: false };
    case CommandVerb.TOGGLE_MUTE:
      return { ...intent, muted: value };
    case CommandVerb.TOGGLE_CAMERA:
      return { ...intent, camera: value };
    default:
      return { ...intent, share: value };
  }
}
