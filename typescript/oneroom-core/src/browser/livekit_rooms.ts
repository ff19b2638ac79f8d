/**
 * The Rooms of a window on livekit-client. Its events are translated and nothing is decided here.
 *
 * A Room is made by the application (`new Room(options)`), so that this package imports no SDK: only
 * its types. `DisconnectReason` and `TrackSource` of LiveKit are `Reason` and `Source` of the core.
 */

import type {
  LocalTrack,
  LocalTrackPublication,
  Participant as SdkParticipant,
  Room,
  TrackPublication,
} from 'livekit-client';
import type { RoomEvent } from '../core/events.js';
import { Reason } from '../core/reasons.js';
import { ALL_SOURCES, Source, type Participant } from '../core/state.js';
import type { Deliver, Rooms } from './ports.js';

/** Sources by the SDK's names (`Track.Source`). */
const SOURCES: { readonly [name: string]: Source } = {
  camera: Source.CAMERA,
  microphone: Source.MICROPHONE,
  screen_share: Source.SCREEN_SHARE,
};

/** Events of the SDK after which the list of participants may be another. */
const ROSTER_EVENTS = [
  'participantConnected',
  'participantDisconnected',
  'trackPublished',
  'trackUnpublished',
  'trackMuted',
  'trackUnmuted',
  'localTrackPublished',
  'localTrackUnpublished',
  'activeSpeakersChanged',
] as const;

export class LiveKitRooms implements Rooms {
  private readonly rooms = new Map<number, LiveKitRoom>();

  constructor(
    private readonly url: string,
    private readonly make: () => Room,
    private readonly deliver: Deliver,
  ) {}

  /** The Room of the present call, for the tracks of others; undefined without one. */
  get current(): Room | undefined {
    return [...this.rooms.values()].at(-1)?.room;
  }

  open(epoch: number, _channel: string, token: string): void {
    const ended = (): void => void this.rooms.delete(epoch);
    const room = new LiveKitRoom(epoch, this.make(), this.deliver, ended);
    this.rooms.set(epoch, room);
    void room.connect(this.url, token);
  }

  close(epoch: number): void {
    void this.rooms.get(epoch)?.close();
  }

  publish(epoch: number, source: Source, muted: boolean): void {
    void this.rooms.get(epoch)?.publish(source, muted);
  }

  unpublish(epoch: number, source: Source): void {
    void this.rooms.get(epoch)?.unpublish(source);
  }

  setMuted(epoch: number, muted: boolean): void {
    void this.rooms.get(epoch)?.setMuted(muted);
  }
}

/** The Room of one epoch. */
class LiveKitRoom {
  private closed = false;
  private ended = false;
  private muted = false; // what this window asked for
  private readonly captures = new Set<Source>(); // under way
  private readonly unwanted = new Set<Source>(); // of these, unpublished meanwhile

  constructor(
    private readonly epoch: number,
    readonly room: Room,
    private readonly deliver: Deliver,
    private readonly onEnd: () => void,
  ) {
    room.on('reconnecting', () => this.tell({ type: 'RoomLost', epoch }));
    room.on('reconnected', () => this.tell({ type: 'RoomHealed', epoch, sid: this.sid() }));
    room.on('disconnected', (reason) => this.end(reason ?? Reason.UNKNOWN));
    room.on('trackMuted', (publication, who) => this.mutedByOthers(publication, who, true));
    room.on('trackUnmuted', (publication, who) => this.mutedByOthers(publication, who, false));
    room.on('participantPermissionsChanged', (_, who) => this.permitted(who));
    for (const name of ROSTER_EVENTS) room.on(name, () => this.roster());
  }

  async connect(url: string, token: string): Promise<void> {
    try {
      await this.room.connect(url, token);
    } catch {
      this.end(Reason.JOIN_FAILURE); // unless `disconnected` has said why
      return;
    }
    this.tell({ type: 'RoomConnected', epoch: this.epoch, sid: this.sid() });
    this.roster();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.room.disconnect();
    this.end(Reason.CLIENT_INITIATED);
  }

  /** Capture and publish; a source that is published already is captured anew. */
  async publish(source: Source, muted: boolean): Promise<void> {
    this.unwanted.delete(source);
    if (this.captures.has(source)) return; // under way: it will be told
    this.captures.add(source);
    if (source === Source.MICROPHONE) this.muted = muted;
    try {
      const published = this.publication(source)?.track;
      if (published) await captureAnew(published);
      else await this.capture(source);
      this.tell({ type: 'CaptureStarted', epoch: this.epoch, source });
    } catch (error) {
      const name = error instanceof Error ? error.name : String(error);
      this.tell({ type: 'CaptureFailed', epoch: this.epoch, source, error: name });
    } finally {
      this.captures.delete(source);
      if (this.unwanted.delete(source)) void this.unpublish(source);
    }
  }

  private async capture(source: Source): Promise<void> {
    const { localParticipant: me } = this.room;
    const tracks =
      source === Source.SCREEN_SHARE
        ? await me.createScreenTracks()
        : await me.createTracks({
            audio: source === Source.MICROPHONE,
            video: source === Source.CAMERA,
          });
    try {
      for (const track of tracks) {
        if (this.closed) throw new Error('the Room was closed meanwhile');
        if (source === Source.MICROPHONE && this.muted) await track.mute();
        track.on('ended', () => this.tell({ type: 'CaptureEnded', epoch: this.epoch, source }));
        await me.publishTrack(track);
      }
    } catch (error) {
      for (const track of tracks) track.stop(); // only of a published track does the SDK take care
      throw error;
    }
  }

  async unpublish(source: Source): Promise<void> {
    if (this.captures.has(source)) this.unwanted.add(source);
    const track = this.publication(source)?.track;
    if (track) await this.room.localParticipant.unpublishTrack(track, true);
  }

  async setMuted(muted: boolean): Promise<void> {
    this.muted = muted;
    const publication = this.publication(Source.MICROPHONE);
    if (muted) await publication?.mute();
    else await publication?.unmute();
  }

  private publication(source: Source): LocalTrackPublication | undefined {
    const { trackPublications } = this.room.localParticipant;
    return [...trackPublications.values()].find((one) => SOURCES[one.source] === source);
  }

  private mutedByOthers(publication: TrackPublication, who: SdkParticipant, muted: boolean): void {
    const source = SOURCES[publication.source];
    if (!who.isLocal || source === undefined) return;
    if (source === Source.MICROPHONE && muted === this.muted) return; // as this window asked
    if (isEnded(publication)) return; // by the SDK itself: its device is gone
    this.tell({ type: 'TrackMuted', epoch: this.epoch, source, muted });
  }

  private permitted(who: SdkParticipant): void {
    const permissions = who.permissions;
    if (!who.isLocal || !permissions) return;
    const named: readonly number[] = permissions.canPublishSources;
    const all = ALL_SOURCES.filter((one) => !named.length || named.includes(one));
    const sources = permissions.canPublish ? all : [];
    this.tell({ type: 'PermissionChanged', epoch: this.epoch, sources });
  }

  private roster(): void {
    const { localParticipant, remoteParticipants } = this.room;
    const participants = [localParticipant, ...remoteParticipants.values()].map(listed);
    this.tell({ type: 'RosterChanged', epoch: this.epoch, participants });
  }

  private sid(): string {
    return this.room.localParticipant.sid;
  }

  private tell(event: RoomEvent): void {
    if (!this.ended) this.deliver(event);
  }

  private end(reason: number): void {
    this.tell({ type: 'RoomEnded', epoch: this.epoch, reason });
    this.closed = this.ended = true;
    this.onEnd();
  }
}

/** A track that runs, on the device that is the default one now. */
async function captureAnew(track: LocalTrack): Promise<void> {
  if ('restartTrack' in track && typeof track.restartTrack === 'function') {
    await (track.restartTrack as () => Promise<void>)();
  }
}

function isEnded(publication: TrackPublication): boolean {
  return publication.track?.mediaStreamTrack.readyState === 'ended';
}

function listed(one: SdkParticipant): Participant {
  return {
    identity: one.identity,
    speaking: one.isSpeaking,
    muted: !one.isMicrophoneEnabled,
    camera_track: one.isCameraEnabled,
    screen_share_track: one.isScreenShareEnabled,
  };
}
