/**
 * Own tracks: the microphone, camera and share of the user in the owner's Room.
 *
 * What is published follows the intent; what others switch off changes it (`moderation.ts`). A Room
 * that is not connected is told nothing: what is decided earlier is said when it is.
 */

import type { RoomAction } from './actions.js';
import { intend } from './commands.js';
import * as devices from './devices.js';
import { same } from './equality.js';
import { CommandVerb } from './messages.js';
import * as moderation from './moderation.js';
import type { Outbox } from './outbox.js';
import * as session from './session.js';
import { ALL_SOURCES, NO_INTENT, Source, type Intent } from './state.js';

/**
 * How the microphone is published; what the user wants of it is said once its capture runs. A muted
 * user is never heard, not for one packet.
 */
const STARTS_MUTED = true;

/**
 * Base of an ownership: the part of it that is about tracks. `permitted` is what the Room may
 * publish, `silenced` what others switched off in the Room of which ownership, heard while this
 * window did not own.
 */
export abstract class OwnTracks {
  protected share = new devices.ScreenShare();
  term = 0;
  intent: Intent = NO_INTENT;
  protected error = '';
  protected missing = false; // a microphone or a camera
  protected permitted: readonly Source[] = ALL_SOURCES;
  protected silenced: { readonly source: Source; readonly roomTerm: number }[] = [];
  /** Sources whose capture is under way -> whether the devices have changed since it began. */
  private asked = new Map<Source, boolean>();
  protected clicked = new Set<CommandVerb>(); // by the user, in this ownership
  dirty = false;

  constructor(
    protected readonly out: Outbox,
    readonly session: session.Session,
  ) {}

  /** Write the intent to storage. */
  protected abstract writeAhead(): void;

  /** The microphone goes out muted until its capture is confirmed. */
  protected publishDevices(): void {
    this.error = '';
    this.asked = new Map();
    this.switch(Source.MICROPHONE, true, STARTS_MUTED);
    this.restoreCamera();
  }

  /** A camera that was on is on in the next Room, too. */
  private restoreCamera(): void {
    if (this.intent.camera) this.switch(Source.CAMERA, true);
  }

  /**
   * A capture runs. The microphone now becomes what the user wants at this moment, not what was
   * wanted before.
   */
  protected captured(source: Source): void {
    this.asked.delete(source);
    if (source === Source.MICROPHONE) {
      if (this.intent.muted !== STARTS_MUTED) this.setMuted(this.intent.muted);
    } else if (source === Source.SCREEN_SHARE) {
      this.share.move(devices.On.STARTED);
    }
  }

  /**
   * Ask again for what was lost, or was not there to begin with; else speak into the microphone
   * that is the default one now.
   */
  protected devicesChanged(owns: boolean): void {
    if (owns && this.missing) {
      this.missing = false;
      this.dirty = true;
      this.publishDevices();
    } else if (owns) {
      this.followDefault();
      for (const source of this.asked.keys()) this.asked.set(source, true);
    }
  }

  /**
   * A user who plugs a headset in speaks into that: neither Chromium nor livekit-client moves a
   * capture that runs (Room.ts selectDefaultDevices, element-call#1646).
   */
  private followDefault(): void {
    this.switch(Source.MICROPHONE, true, STARTS_MUTED);
  }

  /** Refused, unplugged, or "stop sharing" in the browser's own bar. */
  protected captureEnded(source: Source, error: string): void {
    if (this.overtaken(source)) {
      this.publishDevices();
      return;
    }
    this.error = error;
    this.missing = this.missing || source !== Source.SCREEN_SHARE;
    if (source === Source.SCREEN_SHARE && this.share.move(devices.On.STOP)) {
      this.intent = intend(this.intent, CommandVerb.TOGGLE_SCREEN_SHARE, false, '');
    }
  }

  /**
   * Whether the devices have changed while the capture that has failed was under way: what it was
   * refused may be there by now, and no other event will say so.
   */
  private overtaken(source: Source): boolean {
    const changed = this.asked.get(source) ?? false;
    this.asked.delete(source);
    return changed;
  }

  protected shareScreen(wanted: boolean, nowUs: number, here: boolean): void {
    if (!wanted) {
      if (this.share.move(devices.On.STOP)) this.switch(Source.SCREEN_SHARE, false);
    } else if (!this.permitted.includes(Source.SCREEN_SHARE)) {
      this.silence(Source.SCREEN_SHARE);
    } else if (this.share.want(nowUs, here)) {
      this.switch(Source.SCREEN_SHARE, true);
    } else {
      this.out.add({ type: 'UserNotice', text: 'click in the main window to start sharing' });
    }
  }

  /** The user clicked in this window: a waiting share may open its picker. */
  gestured(nowUs: number): void {
    if (this.share.gestured(nowUs)) this.switch(Source.SCREEN_SHARE, true);
  }

  // -- what others do: see `moderation.ts` --------------------------------------------------------

  protected mutedByOthers(source: Source, muted: boolean): void {
    if (muted) {
      this.silence(source);
      if (source !== Source.MICROPHONE) this.switch(source, false);
    } else if (source === Source.MICROPHONE && this.intent.muted) {
      this.setMuted(true);
    }
  }

  protected permit(sources: readonly Source[]): void {
    const before = this.permitted;
    this.permitted = sources;
    for (const source of before) {
      if (!sources.includes(source)) {
        this.silence(source);
        this.switch(source, false);
      }
    }
    const granted = (source: Source): boolean =>
      sources.includes(source) && !before.includes(source);
    if (granted(Source.MICROPHONE)) this.switch(Source.MICROPHONE, true, STARTS_MUTED);
    if (granted(Source.CAMERA) && this.intent.camera) this.switch(Source.CAMERA, true);
  }

  /** Take `source` as switched off by the user: somebody else has done it. */
  protected silence(source: Source): void {
    const before = this.intent;
    this.intent = moderation.silenced(before, source);
    if (source === Source.SCREEN_SHARE) this.share.move(devices.On.STOP);
    if (!same(this.intent, before)) {
      this.writeAhead();
      this.out.add({ type: 'UserNotice', text: moderation.notice(source) });
    }
  }

  // -- small change -------------------------------------------------------------------------------

  protected switch(source: Source, on: boolean, muted = false): void {
    const { epoch } = this.session;
    if (!on) this.toRoom({ type: 'Unpublish', epoch, term: this.term, source });
    else if (this.permitted.includes(source)) {
      if (source !== Source.SCREEN_SHARE) this.asked.set(source, false);
      this.toRoom({ type: 'Publish', epoch, term: this.term, source, muted });
    }
  }

  protected setMuted(muted: boolean): void {
    this.toRoom({ type: 'SetMuted', epoch: this.session.epoch, term: this.term, muted });
  }

  /**
   * Only a Room that is connected, or healing, can be told anything; what is decided earlier is
   * said at `connected`.
   */
  private toRoom(action: RoomAction): void {
    const { state } = this.session;
    if (state === session.State.OPEN || state === session.State.HEALING) this.out.add(action);
  }
}
