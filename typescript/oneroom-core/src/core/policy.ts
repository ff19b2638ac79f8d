/**
 * The small interface behind which every election policy stands.
 *
 * A policy decides when its window stands, wins, asks and gives way. It sees election events only,
 * never the Room; it acts through its `Election` and by appending actions. The coordinator calls
 * the hooks below and then acts on the role it finds.
 */

import { OWNER_LOCK, Role } from './actions.js';
import type { Config } from './config.js';
import { On, type Election } from './election.js';
import { Timer, type ElectionEvent, type Event } from './events.js';
import type { Claim, Gossip, HandoffRequest, Message, Resign } from './messages.js';
import type { Outbox } from './outbox.js';
import type { Timings } from './timings.js';

/** What the user of an overlay is told where only a main window may own and none is there. */
export const OPEN_THE_MAIN_APP = 'open the main app';

export type LockQueried = Extract<ElectionEvent, { type: 'LockQueried' }>;
export type TermTaken = Extract<ElectionEvent, { type: 'TermTaken' }>;
export type TermSeen = Extract<ElectionEvent, { type: 'TermSeen' }>;

/**
 * Base of all policies: a window that never owns. Subclasses override hooks; all times are `nowUs`
 * of this window.
 *
 * `needsLock` and `needsStorage` say what the platform must offer; `mayOwn` is "any" or "main";
 * `solo` marks a policy whose windows do not coordinate at all, `keepsCall` one whose owner hands
 * nothing over during a call. `hasTerms` is false for an election that fences nothing.
 */
export class Policy {
  readonly policyName: string = '';
  readonly needsLock: boolean = false;
  readonly needsStorage: boolean = false;
  readonly mayOwn: 'any' | 'main' = 'any';
  readonly solo: boolean = false;
  readonly keepsCall: boolean = false;
  readonly hasTerms: boolean = true;
  readonly timings: Timings;
  successor = '';
  visible: boolean;
  focused = false;
  frozen = false;
  /** Nobody owns, and nobody will until another window is opened: there is no call to draw. */
  abandoned = false;
  /** It is about to own under the election's term, once nobody has contradicted it. */
  claimDue = false;

  constructor(
    readonly config: Config,
    readonly election: Election,
    readonly out: Outbox,
  ) {
    this.timings = config.timings;
    this.visible = !config.hidden;
  }

  /**
   * The time for which an owner may give no sign of life before another window may own. An owner
   * that was silent for longer fences itself before it does anything else.
   */
  silenceUs(timings: Timings): number {
    return timings.lease_us;
  }

  // -- hooks --------------------------------------------------------------------------------------

  /** The window's script begins to run. */
  started(_nowUs: number): void {}

  /** A timer fired: WATCH, PROBE, CLAIM, HANDOFF, or one of the policy's own by its name. */
  timer(_timer: Timer | string, _nowUs: number): void {}

  /**
   * Another window than before is heard to own, or one is heard while this window stands for owner
   * itself.
   */
  ownerFound(_nowUs: number): void {}

  /** Another window claims to own the very term that this window owns. */
  rivalHeard(_instanceId: string, _preferred: boolean, _nowUs: number): void {}

  /** The owner has left its Room. */
  resigned(_message: Resign, _nowUs: number): void {}

  /** Another window claims the ownership. */
  claimed(_message: Claim, _nowUs: number): void {}

  /** Another window says what it knows of the others. */
  told(_message: Gossip, _nowUs: number): void {}

  /** `visible` or `focused` changed; `gained` says that one of them was not before. */
  attentionChanged(_gained: boolean, _nowUs: number): void {}

  /** A window that this policy prefers asks for the ownership. */
  handoffRequested(_message: HandoffRequest, _nowUs: number): void {}

  /**
   * This window owns, and is frozen: the Room that `askedBy` has asked for would be opened when it
   * runs again.
   */
  cannotOpen(_askedBy: string, _nowUs: number): void {}

  /** This window is handing over and its Room is closed now. */
  roomLeft(_nowUs: number): void {}

  /** A higher term was heard while this window was owner, candidate or handing over. */
  outranked(_nowUs: number): void {
    this.election.move(On.OUTRANKED);
  }

  /** The owner lock is this window's. */
  lockGranted(_nowUs: number): void {}

  /** The owner lock was to be had at once or not at all, and is not. */
  lockBusy(_nowUs: number): void {}

  /** The owner lock was stolen. */
  lockLost(_nowUs: number): void {}

  /** The lock `name`, not the owner lock, is this window's. */
  otherLockGranted(_name: string, _nowUs: number): void {}

  /** The lock `name` was to be had at once or not at all, and is not. */
  otherLockBusy(_name: string, _nowUs: number): void {}

  /** The lock `name` was stolen. */
  otherLockLost(_name: string, _nowUs: number): void {}

  /** Answer to a query of this policy's, the newest or an earlier one. */
  lockQueried(_reply: LockQueried, _nowUs: number): void {}

  /** The page was frozen and runs again. */
  resumed(_nowUs: number): void {}

  /** This window is a follower again; its Room, if there was one, is closed or closing. */
  demoted(_nowUs: number): void {}

  /** The shared counter gave this window a term. */
  termTaken(_reply: TermTaken, _nowUs: number): void {}

  /** The shared counter stands at `reply.term`. */
  termSeen(_reply: TermSeen, _nowUs: number): void {}

  /** Another window wrote `value` to `key` of localStorage, "" for removed it. */
  itemChanged(_key: string, _value: string, _nowUs: number): void {}

  /** Another window posted a message of this policy's own: `payload` as JSON gives it back. */
  received(_name: string, _payload: unknown, _sender: string, _nowUs: number): void {}

  /**
   * This window did not run for longer than a lease. Returns true if its ownership is in doubt
   * because of that.
   */
  gap(_nowUs: number): boolean {
    return false;
  }

  /** `pagehide`: let go of everything that would survive in a cached page. */
  retiring(_nowUs: number): void {
    const wasOwner = this.election.owner === this.config.instance_id;
    this.election.move(On.RETIRE);
    if (wasOwner) this.resign('');
  }

  // -- from the coordinator to the hooks ----------------------------------------------------------

  /** A message that is none of the owner's own. */
  heard(message: Message, nowUs: number): void {
    switch (message.type) {
      case 'VOICE_OWNER_HANDOFF_REQUEST':
        return this.handoffRequested(message, nowUs);
      case 'VOICE_OWNER_RESIGN':
        return this.resigned(message, nowUs);
      case 'VOICE_OWNER_CLAIM':
        return this.claimed(message, nowUs);
      case 'VOICE_WINDOW_GOSSIP':
        return this.told(message, nowUs);
      case 'VOICE_POLICY_MESSAGE': {
        const payload: unknown = JSON.parse(message.payload);
        return this.received(message.name, payload, message.instance_id, nowUs);
      }
    }
  }

  /** An event that concerns the election alone. */
  happened(event: Event, nowUs: number): void {
    switch (event.type) {
      case 'LockGranted':
        if (event.name === OWNER_LOCK) this.lockGranted(nowUs);
        else this.otherLockGranted(event.name, nowUs);
        break;
      case 'LockLost':
        if (event.name === OWNER_LOCK) this.lockLost(nowUs);
        else this.otherLockLost(event.name, nowUs);
        break;
      case 'LockBusy':
        if (event.name === OWNER_LOCK) this.lockBusy(nowUs);
        else this.otherLockBusy(event.name, nowUs);
        break;
      case 'LockQueried':
        this.lockQueried(event, nowUs);
        break;
      case 'TermTaken':
        this.termTaken(event, nowUs);
        break;
      case 'TermSeen':
        this.termSeen(event, nowUs);
        break;
      case 'ItemChanged':
        this.itemChanged(event.key, event.value, nowUs);
        break;
      case 'AttentionChanged': {
        const { visible, focused } = event;
        const gained = (visible && !this.visible) || (focused && !this.focused);
        this.visible = visible;
        this.focused = focused;
        this.attentionChanged(gained, nowUs);
        break;
      }
    }
  }

  // -- what several policies do -------------------------------------------------------------------

  /**
   * True if this window's timers run on time, as far as it knows. They wake once a minute in a
   * hidden page, and never in a frozen one.
   */
  protected onTime(): boolean {
    return this.visible && !this.frozen;
  }

  /** Queue for the owner lock; with `steal` take it from its holder at once. */
  protected requestLock(steal = false): void {
    const request = { steal, if_available: false, name: OWNER_LOCK, shared: false };
    this.out.add({ type: 'RequestLock', ...request });
  }

  /** Release the owner lock, or withdraw the request for it. */
  protected releaseLock(): void {
    this.out.add({ type: 'ReleaseLock', name: OWNER_LOCK });
  }

  /** Arm one of the policy's timers; arming it again moves it. */
  protected arm(timer: Timer | string, at_us: number): void {
    this.out.add({ type: 'Arm', timer, at_us });
  }

  /** Disarm one of the policy's timers. */
  protected disarm(timer: Timer | string): void {
    this.out.add({ type: 'Disarm', timer });
  }

  /**
   * Ask whether there is an owner; `answers` is the `seq` of an owner's own probe that this one
   * answers.
   */
  probe(snapshot = false, answers = 0): void {
    this.out.post({ type: 'VOICE_OWNER_PROBE', ...this.head(answers), snapshot });
  }

  /** Say that this window's Room is closed and who comes next. */
  protected resign(successor: string): void {
    this.out.post({ type: 'VOICE_OWNER_RESIGN', ...this.head(), successor });
    this.election.forgetOwner();
  }

  /** The main window came back: ask the owner to hand over, again until it happens. */
  protected requestHandoff(nowUs: number): void {
    this.out.post({ type: 'VOICE_OWNER_HANDOFF_REQUEST', ...this.head() });
    this.arm(Timer.HANDOFF, nowUs + this.timings.resend_us);
  }

  /** Start a planned hand-over: the Room is closed first, and `roomLeft` goes on from there. */
  protected startHandoff(successor: string): void {
    if (this.election.role === Role.OWNER && this.election.move(On.ASKED)) {
      this.successor = successor;
    }
  }

  private head(number = 0): { instance_id: string; term: number; seq: number; number: number } {
    const { config, election, out } = this;
    return {
      instance_id: config.instance_id,
      term: election.term,
      seq: out.nextSeq(),
      number,
    };
  }
}

/** What a coordinator is made with. */
export type PolicyClass = new (config: Config, election: Election, out: Outbox) => Policy;
