/**
 * An ownership: what a window does because it owns.
 *
 * It keeps the call as the user intends it: applies commands, opens and closes the Room, publishes
 * and mutes, numbers and posts snapshots, sends heartbeats. Nothing here decides who owns; every
 * effect carries the term of this ownership; intent reaches storage before its effect.
 */

import { Applier, intend, type Sender } from './commands.js';
import type { Config } from './config.js';
import * as devices from './devices.js';
import { same } from './equality.js';
import { Timer, type MachineEvent, type RoomEvent, type TokenEvent } from './events.js';
import { CommandVerb, type Removed, type Silenced } from './messages.js';
import type { Mirror } from './mirror.js';
import * as moderation from './moderation.js';
import type { Outbox } from './outbox.js';
import { OwnTracks } from './own_tracks.js';
import { FINAL, NOT_ADMITTED, Reason } from './reasons.js';
import * as session from './session.js';
import {
  ALL_SOURCES,
  ConnectionState,
  Source,
  type Lease,
  type Participant,
  type VoiceState,
} from './state.js';
import type { Timings } from './timings.js';

export const NO_TOKEN = 'no token';
export const NO_CONNECTION = 'no connection';

/**
 * What the user reads while a device that was captured is not there (mediacapture-main,
 * NotFoundError).
 */
const LOST = 'NotFoundError';

/** Why somebody ended the call of which ownership. */
interface Removal {
  readonly reason: Reason;
  readonly roomTerm: number;
}

/**
 * One for each window; idle while the window does not own. Times are monotonic microseconds of it.
 */
export class Ownership extends OwnTracks {
  readonly applier = new Applier();
  number = 0;
  beatNumber = 0;
  signUs = 0;
  private readonly timings: Timings;
  private readonly me: string;
  private participants: readonly Participant[] = [];
  private pausing = false;
  private retryUs: number;
  private reclaimed = false;
  private removal: Removal | undefined; // heard while this window did not own
  private baseTerm = 0; // the ownership whose call is gone on with, until the user decides anew

  constructor(
    private readonly config: Config,
    out: Outbox,
    private readonly mirror: Mirror,
    private readonly writesLease: boolean,
    private readonly solo: boolean,
  ) {
    super(out, new session.Session(out, config.timings));
    this.timings = config.timings;
    this.me = config.instance_id;
    this.retryUs = config.timings.retry_us;
  }

  // -- begin and end ------------------------------------------------------------------------------

  /** Begin an ownership with the state that the previous one, of `baseTerm`, left. */
  begin(term: number, baseTerm: number, base: VoiceState, nowUs: number): void {
    // Storage does not say whether the owner in between got into the call.
    const joined = base !== this.mirror.state || base.connection >= ConnectionState.CONNECTED;
    const asKnown = same(base.applied, this.applier.applied()) && !joined;
    // what others have decided counts if it is about the very call that would be opened now
    const isAbout = (roomTerm: number): boolean => roomTerm === baseTerm || asKnown;
    this.term = term;
    this.baseTerm = baseTerm;
    this.number = 0;
    this.reclaimed = false;
    this.pausing = false;
    this.retryUs = this.timings.retry_us;
    this.error = '';
    this.participants = [];
    this.applier.inherit(base.applied);
    this.intent = base.intent;
    this.share = new devices.ScreenShare();
    if (base.intent.share) this.offerShareAgain();
    if (this.removal && isAbout(this.removal.roomTerm)) this.giveUp(this.removal.reason);
    this.removal = undefined;
    for (const { source, roomTerm } of this.silenced) if (isAbout(roomTerm)) this.silence(source);
    this.silenced = [];
    this.clicked = new Set();
    this.dirty = true;
    this.sendHeartbeat(nowUs);
  }

  private offerShareAgain(): void {
    this.intent = intend(this.intent, CommandVerb.TOGGLE_SCREEN_SHARE, false, '');
    this.share.move(devices.On.FORGET);
    const text = 'screen sharing stopped with the window that shared: start it again?';
    this.out.add({ type: 'UserNotice', text });
  }

  /** Stop owning: close the Room and everything that captures. */
  end(): void {
    for (const timer of [Timer.HEARTBEAT, Timer.RETRY, Timer.RECLAIM]) {
      this.out.add({ type: 'Disarm', timer });
    }
    this.pausing = false;
    this.share.move(devices.On.STOP);
    // also while it is still connecting: the SDK ignores a kick during `connect()`
    this.session.unwant();
  }

  /**
   * Write to storage that this window is about to own under `term`, beside the newest state that it
   * knows: a frozen owner that wakes from a stall reads it in its first turn, however slow the bus
   * is, and lets go.
   */
  claim(term: number, number: number, base: VoiceState): void {
    const { intent, applied } = base;
    const lease: Lease = { term, holder: this.me, counter: 0, seq: number, intent, applied };
    this.out.add({ type: 'WriteLease', lease });
  }

  /** Say "I am here" on the bus and, where the policy uses it, in storage. */
  sendHeartbeat(nowUs: number): void {
    if (this.solo) return;
    this.beatNumber += 1;
    this.postHeartbeat(nowUs);
    if (this.writesLease) this.writeLease(this.number);
    const at_us = nowUs + this.timings.heartbeat_us;
    this.out.add({ type: 'Arm', timer: Timer.HEARTBEAT, at_us });
  }

  /** One heartbeat now: the answer to a probe, and to a zombie. It is the owner's sign of life. */
  postHeartbeat(nowUs: number): void {
    this.signUs = nowUs;
    this.out.post({
      type: 'VOICE_OWNER_HEARTBEAT',
      ...this.head(this.number),
      preferred: this.config.main,
    });
  }

  /** The newest snapshot once more, for a mirror that missed it. */
  postSnapshot(): void {
    this.out.post({
      type: 'VOICE_STATE_SNAPSHOT',
      ...this.head(this.number),
      state: this.mirror.state,
    });
  }

  /**
   * A command that was applied before came again: its sender has missed the answer. A newer
   * snapshot that is about to go out is one, too.
   */
  answerAgain(): void {
    if (!this.dirty) this.postSnapshot();
  }

  // -- commands -----------------------------------------------------------------------------------

  /** Give effect to one command, exactly once: intent and storage first, then the Room. */
  apply(
    instance_id: string,
    number: number,
    verb: CommandVerb,
    value: boolean,
    channel: string,
    nowUs: number,
  ): void {
    this.applier.note(instance_id, number);
    this.intent = intend(this.intent, verb, value, channel);
    this.dirty = true;
    this.writeAhead();
    this.out.add({
      type: 'CommandApplied',
      instance_id,
      number,
      verb,
      value,
      term: this.term,
      snapshot_number: this.number + 1,
    });
    this.clicked.add(verb);
    switch (verb) {
      case CommandVerb.CONNECT:
      case CommandVerb.DISCONNECT:
        return this.decided(verb);
      case CommandVerb.TOGGLE_MUTE:
        return this.setMuted(value);
      case CommandVerb.TOGGLE_CAMERA:
        return this.switch(Source.CAMERA, value);
      default:
        return this.shareScreen(value, nowUs, instance_id === this.me);
    }
  }

  /** Apply a click of the user in this very window. */
  applyOwn(sender: Sender, nowUs: number): void {
    for (const command of [...sender.waiting]) {
      const { number, verb, value, channel } = command;
      if (this.applier.accepts(this.me, number, 0)) {
        this.apply(this.me, number, verb, value, channel, nowUs);
      }
      sender.resolveUpTo(number);
    }
  }

  /** The user said where to be: what was being retried for the old wish is over. */
  private decided(verb: CommandVerb): void {
    this.error = '';
    this.baseTerm = 0;
    this.resume();
    if (verb === CommandVerb.DISCONNECT) this.share.move(devices.On.STOP);
  }

  // -- the Room -----------------------------------------------------------------------------------

  /** Whether the user wants to be in a channel that this window has no Room for. */
  lacksRoom(): boolean {
    const { state, channel } = this.session;
    const inRoom = state === session.State.OPEN || state === session.State.HEALING;
    return this.intent.channel !== '' && !(inRoom && channel === this.intent.channel);
  }

  /** Make the session what the intent says. */
  settle(nowUs: number): void {
    const wanted = this.intent.channel;
    if (!this.session.idle() && this.session.channel !== wanted) this.cancel();
    // idle from the first, or because it only waited for a token
    if (this.session.idle()) {
      if (wanted && !this.pausing) {
        this.session.want(wanted, this.term, nowUs);
        this.dirty = true;
      } else if (!wanted) {
        this.session.token.drop();
      }
    }
  }

  /** End a session that the user no longer wants: whatever is in flight goes with it. */
  private cancel(): void {
    this.session.unwant();
    this.dirty = true;
  }

  /**
   * Handle a report of the SDK about the present session. A window that no longer owns only follows
   * it to its end.
   */
  reported(event: RoomEvent, nowUs: number, owns: boolean): void {
    if (!this.session.current(event.epoch)) return;
    this.dirty = true;
    switch (event.type) {
      case 'RoomConnected':
        if (this.session.connected() && owns) this.connected();
        break;
      case 'RoomHealed':
        this.session.connected();
        break;
      case 'RoomLost':
        this.session.lost();
        break;
      case 'RoomEnded':
        this.roomEnded(event.reason, nowUs, owns);
        break;
      case 'RosterChanged':
        this.participants = event.participants;
        break;
      case 'CaptureStarted':
        if (owns) this.captured(event.source);
        break;
      case 'CaptureFailed':
        this.captureEnded(event.source, event.error);
        break;
      case 'CaptureEnded':
        this.captureEnded(event.source, event.source === Source.SCREEN_SHARE ? '' : LOST);
        break;
      case 'TrackMuted':
        if (owns) this.mutedByOthers(event.source, event.muted);
        else this.silencedByOthers(moderation.switchedOff(event));
        break;
      case 'PermissionChanged':
        if (owns) this.permit(event.sources);
        else this.silencedByOthers(moderation.switchedOff(event));
        break;
    }
  }

  private roomEnded(reason: Reason, nowUs: number, owns: boolean): void {
    const closed = this.session.ended();
    if (owns && reason !== Reason.CLIENT_INITIATED) this.ended(reason, nowUs);
    // The SDK heard `beforeunload`: this document is about to go, or the user stays.
    else if (owns && !closed) this.pause(Timer.RETRY, nowUs + this.timings.retry_us);
    else if (FINAL.has(reason)) this.removed(reason);
  }

  /**
   * Handle the application server's answer to a token request. An owner in doubt opens nothing with
   * it: it starts anew once it knows.
   */
  answered(event: TokenEvent, nowUs: number, sure: boolean): void {
    const token = this.session.token;
    if (event.type === 'TokenReady') {
      if (token.minted(event.epoch, event.token, event.valid_us, nowUs)) {
        if (sure) {
          this.session.open(event.token);
        } else if (this.session.state === session.State.MINTING) {
          this.cancel();
        }
        this.noToken(false);
      }
    } else if (token.failed(event.epoch, nowUs)) {
      this.noToken(true);
      if (this.solo) {
        this.session.ended();
        this.ended(Reason.JOIN_FAILURE, nowUs);
      }
    }
  }

  private noToken(missing: boolean): void {
    if (missing !== (this.error === NO_TOKEN)) {
      this.error = missing ? NO_TOKEN : '';
      this.dirty = true;
    }
  }

  /** The Room is there: publish what the user had on. */
  private connected(): void {
    this.retryUs = this.timings.retry_us;
    this.permitted = ALL_SOURCES; // the token's, and it is new
    this.publishDevices();
  }

  /** The Room ended, and not because this owner closed it. */
  private ended(reason: Reason, nowUs: number): void {
    this.participants = [];
    this.share.move(devices.On.STOP);
    this.dirty = true;
    // in any case not worth a second try
    if (NOT_ADMITTED.has(reason)) this.session.token.drop();
    if (!this.intent.channel) return;
    if (this.solo || FINAL.has(reason)) {
      this.giveUp(reason);
    } else if (reason === Reason.DUPLICATE_IDENTITY) {
      this.evicted(nowUs);
    } else {
      // The SDK has given up, or never got through: the user is told, and it is tried again until
      // the user leaves.
      this.error = NO_CONNECTION;
      this.pause(Timer.RETRY, nowUs + this.retryUs);
      this.retryUs = Math.min(2 * this.retryUs, this.timings.retry_max_us);
    }
  }

  /** A report to a window that does not own: somebody ended the call. It tells the others. */
  private removed(reason: Reason): void {
    const roomTerm = this.session.term;
    this.removal = { reason, roomTerm };
    if (!this.solo) {
      this.out.post({ type: 'VOICE_REMOVED', ...this.head(0), reason, room_term: roomTerm });
    }
  }

  /** The same: somebody has switched `sources` off. */
  private silencedByOthers(sources: readonly Source[]): void {
    const roomTerm = this.session.term;
    this.silenced.push(...sources.map((source) => ({ source, roomTerm })));
    if (sources.length && !this.solo) {
      this.out.post({ type: 'VOICE_SILENCED', ...this.head(0), sources, room_term: roomTerm });
    }
  }

  /**
   * Another window says what somebody has done to a call. A window that is about to go on with it
   * opens no Room if it was ended, and leaves off what was switched off. One that has its own Room
   * was not meant: that is another session, which others can moderate.
   */
  hearModeration(message: Removed | Silenced, owns: boolean): void {
    const { state } = this.session;
    const noRoomYet = state === session.State.IDLE || state === session.State.MINTING;
    const { room_term: roomTerm } = message;
    const goesOn = roomTerm === this.baseTerm && noRoomYet;
    if (message.type === 'VOICE_SILENCED') {
      const { sources } = message;
      if (!owns) this.silenced.push(...sources.map((source) => ({ source, roomTerm })));
      else if (goesOn) this.takeSilence(sources);
    } else if (!owns) {
      this.removal = { reason: message.reason, roomTerm };
    } else if (goesOn) {
      this.giveUp(message.reason);
      this.dirty = true;
    }
  }

  /** Take `sources` as switched off, but for what the user has clicked since. */
  private takeSilence(sources: readonly Source[]): void {
    for (const source of sources) {
      if (!this.clicked.has(moderation.CLICKS[source])) {
        this.silence(source);
        this.dirty = true;
      }
    }
  }

  /**
   * Handle a join of another session under our identity while we own. If it is a zombie of a lower
   * term it must hear of us; then we take the Room back, once. A second retry would create an
   * eviction loop, which only application code can build.
   */
  private evicted(nowUs: number): void {
    if (this.reclaimed) {
      this.giveUp(Reason.DUPLICATE_IDENTITY);
      return;
    }
    this.reclaimed = true;
    this.postHeartbeat(nowUs);
    this.pause(Timer.RECLAIM, nowUs + this.timings.reclaim_us);
  }

  private giveUp(reason: Reason): void {
    this.error = Reason[reason].toLowerCase();
    this.session.token.drop();
    this.intent = intend(this.intent, CommandVerb.DISCONNECT, false, '');
    this.writeAhead();
  }

  private pause(timer: Timer, untilUs: number): void {
    this.pausing = true;
    this.out.add({ type: 'Arm', timer, at_us: untilUs });
  }

  /** The machine has changed: its wall clock, its network, its devices. */
  noticed(event: MachineEvent, nowUs: number, owns: boolean): void {
    switch (event.type) {
      case 'WallClockJumped':
        return this.session.token.age(event.by_us, nowUs);
      case 'Online':
        return this.hurry(nowUs);
      case 'DevicesChanged':
        return this.devicesChanged(owns);
    }
  }

  /** There is a network again: what waits for its next try does not wait. */
  private hurry(nowUs: number): void {
    this.retryUs = this.timings.retry_us;
    if (this.error === NO_CONNECTION) this.resume();
    this.session.token.hurry(nowUs);
  }

  /** The pause before the next attempt is over. */
  resume(): void {
    if (this.pausing) {
      this.pausing = false;
      this.dirty = true;
      this.out.add({ type: 'Disarm', timer: Timer.RETRY });
      this.out.add({ type: 'Disarm', timer: Timer.RECLAIM });
    }
  }

  // -- snapshots ----------------------------------------------------------------------------------

  /** Post a snapshot if it says something else than the last one. */
  publish(): void {
    this.dirty = false;
    const state = this.state();
    if (this.number && same(state, this.mirror.state)) return;
    this.number += 1;
    this.mirror.show(this.term, this.number, state);
    this.out.add({ type: 'Rendered', term: this.term, number: this.number, state });
    if (!this.solo) this.postSnapshot();
  }

  private state(): VoiceState {
    return {
      intent: this.intent,
      connection: session.SHOWN[this.session.state],
      participants: this.participants,
      share: devices.SHOWN[this.share.state],
      error: this.error,
      applied: this.applier.applied(),
    };
  }

  // -- small change -------------------------------------------------------------------------------

  private head(number: number): { instance_id: string; term: number; seq: number; number: number } {
    return { instance_id: this.me, term: this.term, seq: this.out.nextSeq(), number };
  }

  /**
   * Write the intent to storage before its effect, so that it survives a crash in the same instant.
   */
  protected override writeAhead(): void {
    this.writeLease(this.number + 1);
  }

  private writeLease(seq: number): void {
    if (!this.writesLease) return;
    const lease: Lease = {
      term: this.term,
      holder: this.me,
      counter: this.beatNumber,
      seq,
      intent: this.intent,
      applied: this.applier.applied(),
    };
    this.out.add({ type: 'WriteLease', lease });
  }
}
