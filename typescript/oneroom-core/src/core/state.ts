/**
 * The state of a call as its user sees it: the values that snapshots carry and overlays draw.
 * Values only, never changed once made. An overlay gets state, never tracks: a participant's
 * `camera_track` and `screen_share_track` say whether such a track is there.
 */

/** State of the owner's Room, as an overlay shows it. */
export enum ConnectionState {
  IDLE = 0,
  CONNECTING = 1,
  CONNECTED = 2,
  RECONNECTING = 3,
}

/**
 * The user's own screen share. One lost with its owner is offered again, never restarted: it needs
 * a gesture.
 */
export enum Share {
  OFF = 0,
  ON = 1,
  OFFERED_AGAIN = 2,
}

/** Track sources, numbered as LiveKit's `TrackSource`. */
export enum Source {
  CAMERA = 1,
  MICROPHONE = 2,
  SCREEN_SHARE = 3,
}

export const ALL_SOURCES: readonly Source[] = [
  Source.CAMERA,
  Source.MICROPHONE,
  Source.SCREEN_SHARE,
];

/** The user's wishes, whatever the Room is doing. `channel` is "" for no call. */
export interface Intent {
  readonly channel: string;
  readonly muted: boolean;
  readonly camera: boolean;
  readonly share: boolean;
}

/** One member of the call as the owner's Room lists it. */
export interface Participant {
  readonly identity: string;
  readonly speaking: boolean;
  readonly muted: boolean;
  readonly camera_track: boolean;
  readonly screen_share_track: boolean;
}

/**
 * The highest command number of one sender that has taken effect. Numbers of one sender are applied
 * in order.
 */
export interface Applied {
  readonly instance_id: string;
  readonly number: number;
}

/**
 * The content of a snapshot. `applied` travels with the state so that a new owner applies nothing
 * twice.
 */
export interface VoiceState {
  readonly intent: Intent;
  readonly connection: ConnectionState;
  readonly participants: readonly Participant[];
  readonly share: Share;
  readonly error: string;
  readonly applied: readonly Applied[];
}

/**
 * The row in shared storage that is the second witness of an owner's life, beside the bus.
 *
 * `counter` grows while the owner's event loop runs. Nobody compares clocks: a reader measures by
 * its own clock how long `counter` has stood still (w3c/hr-time#65). `intent` and `applied` are
 * written ahead of the effect, so that a mute or a leave survives a crash in the same instant.
 * `seq` is the number of the owner's newest snapshot when the row was written.
 */
export interface Lease {
  readonly term: number;
  readonly holder: string;
  readonly counter: number;
  readonly seq: number;
  readonly intent: Intent;
  readonly applied: readonly Applied[];
}

export const NO_INTENT: Intent = { channel: '', muted: false, camera: false, share: false };

export const NO_STATE: VoiceState = {
  intent: NO_INTENT,
  connection: ConnectionState.IDLE,
  participants: [],
  share: Share.OFF,
  error: '',
  applied: [],
};

export const NO_LEASE: Lease = {
  term: 0,
  holder: '',
  counter: 0,
  seq: 0,
  intent: NO_INTENT,
  applied: [],
};
