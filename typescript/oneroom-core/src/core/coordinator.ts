/**
 * The owner machine of one window: `Coordinator.handle(event, nowUs) -> actions`.
 *
 * It joins the small machines: election and policy decide who owns, `Ownership` is what an owner
 * does, mirror and sender are what a follower has. One event goes in and all its actions come out,
 * in order; no event is an error; nothing here knows whether time is virtual.
 *
 * Each turn first checks whether the window may still act on what it knew: an owner that did not
 * run for a lease fences itself before it looks at the event, because the SDK may have healed its
 * Room meanwhile.
 */

import { Role, type Action } from './actions.js';
import { Sender, toggled } from './commands.js';
import type { Config } from './config.js';
import { Election, On } from './election.js';
import { isRoomEvent, Timer, type Event } from './events.js';
import {
  OF_ANY_TERM,
  type Command,
  type Heartbeat,
  type Message,
  type Probe,
  type Snapshot,
} from './messages.js';
import { Mirror, postedLongAgo } from './mirror.js';
import { Outbox } from './outbox.js';
import { Ownership } from './ownership.js';
import { OPEN_THE_MAIN_APP, type Policy, type PolicyClass } from './policy.js';
import { SelfCheck, State } from './self_check.js';
import { NO_LEASE, type Lease } from './state.js';
import type { Timings } from './timings.js';

const NOTHING: readonly Action[] = [];

/**
 * One window's machine. Drive it with `handle`; perform the returned actions in order, in the same
 * turn.
 */
export class Coordinator {
  readonly timings: Timings;
  readonly out = new Outbox();
  readonly election: Election;
  readonly policy: Policy;
  readonly mirror: Mirror;
  readonly sender: Sender;
  readonly ownership: Ownership;
  readonly selfCheck = new SelfCheck();
  lastLease: Lease = NO_LEASE;
  private role: Role = Role.FOLLOWER;
  private lastTurnUs = -1; // there was none
  private readonly silenceUs: number;
  private frozen = false;

  constructor(
    readonly config: Config,
    policy: PolicyClass,
  ) {
    this.timings = config.timings;
    this.election = new Election(config.instance_id);
    this.policy = new policy(config, this.election, this.out);
    this.mirror = new Mirror(this.policy.hasTerms);
    this.sender = new Sender(config.instance_id, this.out, config.timings);
    const { needsStorage, solo } = this.policy;
    this.ownership = new Ownership(config, this.out, this.mirror, needsStorage, solo);
    this.silenceUs = this.policy.silenceUs(config.timings);
  }

  /** One turn. `nowUs` never goes backwards; the returned list is to be read, not to be changed. */
  handle(event: Event, nowUs: number): readonly Action[] {
    if (event.type === 'Received' && this.nothingNew(event.message, nowUs)) return NOTHING;
    const { election } = this;
    const actions: Action[] = [];
    this.out.actions = actions;
    const owns = election.role === Role.OWNER || election.role === Role.HANDING_OVER;
    const aliveUs = owns ? this.ownership.signUs : this.lastTurnUs;
    const runs = election.role === Role.OWNER && !this.frozen;
    if (nowUs - aliveUs > (runs ? this.silenceUs : this.timings.lease_us)) this.afterGap(nowUs);
    this.lastTurnUs = nowUs;
    if (event.type === 'TimerFired') {
      this.timer(event.timer, nowUs);
    } else if (event.type === 'Received') {
      this.received(event.message, nowUs);
    } else if (isRoomEvent(event)) {
      this.ownership.reported(event, nowUs, election.role === Role.OWNER);
      this.maybeLeft(nowUs);
    } else {
      this.other(event, nowUs);
    }
    this.conclude(nowUs);
    return actions;
  }

  /** The common case: the owner that is known is there and has nothing new. */
  private nothingNew(message: Message, nowUs: number): boolean {
    const { election, mirror } = this;
    const nothing =
      election.role === Role.FOLLOWER &&
      nowUs - this.lastTurnUs <= this.timings.lease_us &&
      message.type === 'VOICE_OWNER_HEARTBEAT' &&
      message.instance_id === election.owner &&
      message.term === mirror.term &&
      message.term === election.term &&
      message.number === mirror.number;
    if (nothing) this.lastTurnUs = election.heardUs = nowUs;
    return nothing;
  }

  /** The end of a turn: what follows from the role and the state that it led to. */
  private conclude(nowUs: number): void {
    const { election, ownership, sender } = this;
    const renewed = election.role === Role.OWNER && ownership.term !== election.term;
    if (election.role !== this.role || renewed) this.followRole(nowUs);
    if (election.role === Role.OWNER) {
      if (ownership.dirty && this.selfCheck.state === State.VALID) {
        ownership.settle(nowUs);
        ownership.publish();
      }
    } else if (this.policy.abandoned && this.mirror.putOut()) {
      this.render();
    } else if (
      sender.waiting.length &&
      election.owner &&
      (sender.addressed.owner !== election.owner || sender.addressed.term !== election.term)
    ) {
      // there is a new owner: it gets at once what the old one has not answered
      sender.send(election.owner, election.term, nowUs);
    }
  }

  /**
   * Until when a follower's WATCH is put off: asked before it rings, so that no heartbeat has to
   * move it.
   */
  watchUs(): number {
    const { election } = this;
    if (election.role === Role.FOLLOWER && election.owner)
      return election.heardUs + this.timings.lease_us;
    return 0;
  }

  /** The number of the present session, from 1; 0 if there was none. */
  epoch(): number {
    return this.ownership.session.epoch;
  }

  /**
   * No sign of life for too long (a follower: no turn for a lease): what was true may be over. A
   * frozen page can be asked. Any other owner closes its Room in this turn, before it believes
   * anything; one of an election without terms goes on as if nothing had been.
   */
  private afterGap(nowUs: number): void {
    if (!this.policy.hasTerms || this.lastTurnUs < 0) return;
    const stoodStill = nowUs - this.lastTurnUs > this.timings.lease_us;
    const anew = stoodStill || this.selfCheck.state === State.VALID;
    if (this.frozen || this.election.role === Role.HANDING_OVER) this.selfCheck.begin(stoodStill);
    if (this.frozen || !anew) return;
    if (this.hasNothingToLeave()) {
      this.selfCheck.begin(stoodStill);
      this.confirm(nowUs);
    } else if (this.policy.gap(nowUs)) {
      this.followRole(nowUs);
    }
  }

  /**
   * Whether this owner can make sure while it owns: it has a lock to ask about, and no Room that
   * could be beside its successor's.
   */
  private hasNothingToLeave(): boolean {
    const owns = this.election.role === Role.OWNER && this.policy.needsLock;
    return owns && this.ownership.session.idle();
  }

  // -- roles --------------------------------------------------------------------------------------

  /** Do what follows from a change of role. */
  private followRole(nowUs: number): void {
    const before = this.role;
    const role = this.election.role;
    this.role = role;
    if (role === Role.OWNER) {
      this.beginOwnership(nowUs);
      return;
    }
    this.became(role);
    // to hand over, too: before the successor is told to go ahead
    if (before === Role.OWNER) this.ownership.end();
    if (role === Role.HANDING_OVER) this.maybeLeft(nowUs);
    else if (role === Role.FOLLOWER) this.policy.demoted(nowUs);
  }

  private beginOwnership(nowUs: number): void {
    const { term } = this.election;
    this.selfCheck.settle(); // whatever it doubted was an earlier ownership
    const base = this.mirror.newest(this.lastLease);
    this.became(Role.OWNER, base.term, base.number);
    this.ownership.begin(term, base.term, base.state, nowUs);
    this.applyWaiting(nowUs);
  }

  /** Handing over: the successor is told to go ahead once the Room is closed. */
  private maybeLeft(nowUs: number): void {
    const { election } = this;
    if (election.role === Role.HANDING_OVER && this.ownership.session.left(this.frozen)) {
      this.policy.roomLeft(nowUs);
      if (election.role !== this.role) this.followRole(nowUs);
    }
  }

  private became(role: Role, base_term = 0, base_number = 0): void {
    this.out.add({ type: 'Became', role, term: this.election.term, base_term, base_number });
  }

  // -- the bus ------------------------------------------------------------------------------------

  private received(message: Message, nowUs: number): void {
    const { election } = this;
    // Tauri events come back to their sender
    if (message.instance_id === election.instanceId) return;
    if (message.term !== election.term && !this.sameFooting(message, nowUs)) return;
    switch (message.type) {
      case 'VOICE_OWNER_HEARTBEAT':
        return this.heartbeat(message, nowUs);
      case 'VOICE_STATE_SNAPSHOT':
        return this.snapshot(message);
      case 'VOICE_COMMAND':
        return this.command(message, nowUs);
      case 'VOICE_OWNER_PROBE':
        return this.probe(message, nowUs);
      case 'VOICE_REMOVED':
      case 'VOICE_SILENCED':
        return this.ownership.hearModeration(message, election.role === Role.OWNER);
      case 'VOICE_OWNER_HANDOFF_REQUEST':
        if (this.policy.keepsCall && !this.ownership.session.idle()) return;
        break;
      case 'VOICE_OWNER_RESIGN':
        election.forgetOwner();
        break;
    }
    this.policy.heard(message, nowUs);
  }

  /**
   * Settle a difference of terms. Messages of a lower term have no effect, a higher term makes an
   * owner step down. Returns whether the message may still have an effect.
   */
  private sameFooting(message: Message, nowUs: number): boolean {
    const { election } = this;
    if (!this.policy.hasTerms) {
      election.count(message.term);
      return true;
    }
    if (election.learn(message.term)) {
      this.outrankedIfInOffice(nowUs);
      return true;
    }
    if (OF_ANY_TERM.has(message.type)) return true; // who asks may know nothing yet
    if (
      election.role === Role.OWNER &&
      this.selfCheck.state === State.VALID &&
      message.type !== 'VOICE_COMMAND'
    ) {
      this.ownership.postHeartbeat(nowUs); // a zombie of a lower term: let it hear who owns
    }
    return false;
  }

  /**
   * A higher term was heard: an owner gives way, and so does who is about to be or just was one.
   */
  private outrankedIfInOffice(nowUs: number): void {
    const { role } = this.election;
    if (role === Role.OWNER || role === Role.CANDIDATE || role === Role.HANDING_OVER) {
      this.policy.outranked(nowUs);
    }
  }

  private heartbeat(message: Heartbeat, nowUs: number): void {
    const { election, mirror, policy } = this;
    const { instance_id, preferred } = message;
    if (election.role === Role.OWNER || election.role === Role.HANDING_OVER) {
      policy.rivalHeard(instance_id, preferred, nowUs);
      return;
    }
    const changed = election.owner !== instance_id || election.ownerPreferred !== preferred;
    election.heardUs = nowUs;
    if (changed || election.role === Role.CANDIDATE) {
      election.hearOwner(instance_id, preferred, nowUs);
      policy.ownerFound(nowUs);
    }
    if (mirror.wants(message.term, message.number, nowUs, this.timings.resend_us)) {
      policy.probe(true);
    }
  }

  /** An owner takes no snapshots: what the call looks like is what it says itself. */
  private snapshot(message: Snapshot): void {
    const { role } = this.election;
    if (role === Role.OWNER || role === Role.HANDING_OVER) return;
    if (this.mirror.take(message, this.out)) this.sender.answered(message.state.applied);
  }

  private command(message: Command, nowUs: number): void {
    if (this.election.role !== Role.OWNER || this.asksFirst()) return; // it will be repeated
    const { instance_id, number, verb, value, channel } = message;
    if (this.ownership.applier.accepts(instance_id, number, message.after)) {
      this.ownership.apply(instance_id, number, verb, value, channel, nowUs);
      if (this.frozen && this.ownership.lacksRoom()) this.policy.cannotOpen(instance_id, nowUs);
    } else {
      this.ownership.answerAgain();
    }
  }

  private probe(message: Probe, nowUs: number): void {
    const { election } = this;
    if (election.role === Role.OWNER) {
      this.selfCheck.hear(message.number);
      if (this.asksFirst()) return;
      this.applyWaiting(nowUs);
      this.ownership.postHeartbeat(nowUs);
      if (message.snapshot && this.ownership.number) this.ownership.postSnapshot();
    } else if (
      election.role === Role.FOLLOWER &&
      message.instance_id === election.owner &&
      !message.number
    ) {
      // the owner is there, and is not sure that it still is the owner
      election.heardUs = nowUs;
      this.policy.probe(false, message.seq);
    }
  }

  /** True if this owner has to hear from a peer now, before it may answer as the owner. */
  private asksFirst(): boolean {
    if (this.selfCheck.state === State.STALE) this.policy.probe();
    return this.selfCheck.asks(this.out.seq);
  }

  // -- timers -------------------------------------------------------------------------------------

  private timer(timer: Timer | string, nowUs: number): void {
    switch (timer) {
      case Timer.HEARTBEAT:
        return this.beat(nowUs);
      case Timer.RESEND:
        return this.resend(nowUs);
      case Timer.RETRY:
      case Timer.RECLAIM:
        return this.ownership.resume();
      case Timer.TOKEN:
        return this.ownership.session.token.due(nowUs);
      default:
        if (this.election.role !== Role.RETIRED) this.policy.timer(timer, nowUs);
    }
  }

  private beat(nowUs: number): void {
    if (this.election.role !== Role.OWNER) return;
    if (this.selfCheck.state === State.VALID) {
      this.ownership.sendHeartbeat(nowUs);
      return;
    }
    const at_us = nowUs + this.timings.heartbeat_us;
    this.out.add({ type: 'Arm', timer: Timer.HEARTBEAT, at_us });
  }

  // -- the user -----------------------------------------------------------------------------------

  private acted(event: Extract<Event, { type: 'UserCommand' }>, nowUs: number): void {
    const { election, sender } = this;
    const owns = election.role === Role.OWNER;
    const intent = sender.foresee(owns ? this.ownership.intent : this.mirror.state.intent);
    sender.issue(event.verb, toggled(intent, event.verb), event.channel, nowUs);
    if (owns) this.applyWaiting(nowUs);
    else sender.send(election.owner, election.term, nowUs);
  }

  /** The owner's own clicks. In doubt they wait for the answer, or for the next owner. */
  private applyWaiting(nowUs: number): void {
    if (this.selfCheck.state === State.VALID && this.election.role === Role.OWNER) {
      this.ownership.applyOwn(this.sender, nowUs);
    }
  }

  /** Send unanswered commands again, or tell their user that it cannot be done. */
  private resend(nowUs: number): void {
    const { election, policy, sender } = this;
    sender.expire(nowUs);
    if (!sender.waiting.length) return;
    if (!election.owner && policy.mayOwn === 'main' && !this.config.main) {
      sender.refuseAll();
      this.out.add({ type: 'UserNotice', text: OPEN_THE_MAIN_APP });
    } else {
      sender.send(election.owner, election.term, nowUs);
    }
  }

  // -- everything else ----------------------------------------------------------------------------

  private other(event: Event, nowUs: number): void {
    switch (event.type) {
      case 'LeaseSeen':
        return this.leaseSeen(event.lease, nowUs);
      case 'UserCommand':
        return this.acted(event, nowUs);
      case 'UserGesture':
        return this.ownership.gestured(nowUs);
      case 'TokenReady':
      case 'TokenFailed':
        return this.ownership.answered(event, nowUs, this.selfCheck.state === State.VALID);
      case 'LockQueried':
        if (event.number === this.selfCheck.query && this.election.role === Role.OWNER) {
          return event.mine ? this.cleared(nowUs) : this.policy.lockLost(nowUs);
        }
        return this.happened(event, nowUs);
      case 'WallClockJumped':
      case 'Online':
      case 'DevicesChanged':
        this.ownership.noticed(event, nowUs, this.election.role === Role.OWNER);
        return this.policy.happened(event, nowUs);
      case 'Froze':
        this.frozen = this.policy.frozen = true;
        return this.maybeLeft(nowUs);
      case 'Resumed':
        this.frozen = this.policy.frozen = false;
        this.resumed(nowUs);
        return this.policy.resumed(nowUs);
      case 'PageHide':
        return this.hidden(nowUs);
      case 'Started':
        return this.started(nowUs);
      default:
        return this.happened(event, nowUs);
    }
  }

  private happened(event: Event, nowUs: number): void {
    this.policy.happened(event, nowUs);
    if (this.policy.claimDue) {
      this.policy.claimDue = false;
      const { number, state } = this.mirror.newest(this.lastLease);
      this.ownership.claim(this.election.term, number, state);
    }
  }

  private started(nowUs: number): void {
    if (this.election.move(On.RETURN) && this.mirror.shown.number) this.render();
    this.role = this.election.role;
    this.policy.started(nowUs);
  }

  private render(): void {
    this.out.add({ type: 'Rendered', ...this.mirror.shown, state: this.mirror.state });
  }

  /** Frozen no more. An owner that gave no sign of life keeps its Room while it finds out. */
  private resumed(nowUs: number): void {
    const owns = this.election.role === Role.OWNER;
    if (owns && this.selfCheck.state !== State.VALID) this.confirm(nowUs);
  }

  /** An owner in doubt asks the lock manager; without a lock there is nobody to ask. */
  private confirm(nowUs: number): void {
    if (this.policy.needsLock) {
      this.selfCheck.query = this.out.nextRequest();
      this.out.add({ type: 'QueryLock', number: this.selfCheck.query });
    } else {
      this.cleared(nowUs);
    }
  }

  /** It still owns, as far as anybody can know: it may say so again. */
  private cleared(nowUs: number): void {
    if (this.selfCheck.state === State.VALID) return;
    this.selfCheck.settle();
    this.ownership.sendHeartbeat(nowUs);
    this.applyWaiting(nowUs);
  }

  /**
   * `pagehide`: say goodbye, and release lock and Room. Without it others wait for a time-out, and
   * a cached page would keep both.
   */
  private hidden(nowUs: number): void {
    if (this.role === Role.OWNER || this.role === Role.HANDING_OVER) this.ownership.end();
    this.policy.retiring(nowUs);
    this.role = this.election.role;
    this.became(this.role);
  }

  /** The row in storage changed: the second witness of an owner's life, read at once. */
  private leaseSeen(lease: Lease, nowUs: number): void {
    const { election } = this;
    const before = this.lastLease;
    this.lastLease = lease;
    const mine = lease.holder === this.config.instance_id;
    if (election.learn(lease.term)) this.outrankedIfInOffice(nowUs);
    if (!mine && lease.term >= election.term && election.role === Role.FOLLOWER) {
      this.ownerWrote(before, lease, nowUs);
    }
  }

  /** A new row is a sign of life: a window whose bus is broken deposes no healthy owner. */
  private ownerWrote(before: Lease, lease: Lease, nowUs: number): void {
    const { election } = this;
    if (election.owner === lease.holder) {
      election.heardUs = nowUs;
    } else {
      // whether it is preferred, its heartbeat will say
      election.hearOwner(lease.holder, false, nowUs);
      this.policy.ownerFound(nowUs);
    }
    const missed = postedLongAgo(before, lease);
    if (this.mirror.wants(missed.term, missed.number, nowUs, this.timings.resend_us)) {
      this.policy.probe(true); // the bus may not carry heartbeats
    }
  }
}
