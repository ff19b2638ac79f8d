/**
 * Events of a window: the inputs of `Coordinator.handle`.
 *
 * Past participles, values only. An event of a Room carries the `epoch` of the session that opened
 * that Room, because an SDK reports late and a closed Room still talks.
 */

import type { CommandVerb, Message } from './messages.js';
import type { Reason } from './reasons.js';
import type { Lease, Participant, Source } from './state.js';

/** The timers of a window. Arming one again moves it. */
export enum Timer {
  HEARTBEAT = 0,
  WATCH = 1,
  PROBE = 2,
  CLAIM = 3,
  RESEND = 4,
  HANDOFF = 5,
  RETRY = 6,
  RECLAIM = 7,
  TOKEN = 8,
}

/** What the SDK reports about the Room of session `epoch`. */
export type RoomEvent =
  /** `connect()` resolved. `sid` is this session's participant sid. */
  | { readonly type: 'RoomConnected'; readonly epoch: number; readonly sid: string }
  /** The SDK says `reconnecting`: it heals by itself, before and without this machine. */
  | { readonly type: 'RoomLost'; readonly epoch: number }
  /** The SDK says `reconnected`. `sid` changed if it was a full reconnect. */
  | { readonly type: 'RoomHealed'; readonly epoch: number; readonly sid: string }
  /** Terminal for the SDK: left, kicked, removed, or given up. */
  | { readonly type: 'RoomEnded'; readonly epoch: number; readonly reason: Reason }
  /** The list of participants, oneself included, as the SDK has it now. */
  | {
      readonly type: 'RosterChanged';
      readonly epoch: number;
      readonly participants: readonly Participant[];
    }
  /**
   * `TrackMuted` or `TrackUnmuted` of an own track that this window did not ask for: a moderator
   * did it.
   */
  | {
      readonly type: 'TrackMuted';
      readonly epoch: number;
      readonly source: Source;
      readonly muted: boolean;
    }
  /** `ParticipantPermissionsChanged` of the own participant: it may publish `sources`. */
  | {
      readonly type: 'PermissionChanged';
      readonly epoch: number;
      readonly sources: readonly Source[];
    }
  /** A device or screen is captured and published. */
  | { readonly type: 'CaptureStarted'; readonly epoch: number; readonly source: Source }
  /** The user or the browser refused the capture, or a prompt was already up. */
  | {
      readonly type: 'CaptureFailed';
      readonly epoch: number;
      readonly source: Source;
      readonly error: string;
    }
  /** The capture ended from outside: "stop sharing", device unplugged. */
  | { readonly type: 'CaptureEnded'; readonly epoch: number; readonly source: Source };

/** Replies of the lock manager and of the counter of terms; `number` is that of the request. */
export type ElectionEvent =
  /** This window holds the lock `name`. */
  | { readonly type: 'LockGranted'; readonly name: string }
  /** Answer to a `RequestLock` with `if_available`: somebody holds the lock or waits for it. */
  | { readonly type: 'LockBusy'; readonly name: string }
  /** The lock was stolen: the released promise rejected with AbortError (w3c/web-locks, steal). */
  | { readonly type: 'LockLost'; readonly name: string }
  /**
   * Answer to `QueryLock`. `rank` is this window's place among the waiting ones, 0 the next, -1 not
   * waiting.
   */
  | {
      readonly type: 'LockQueried';
      readonly number: number;
      readonly mine: boolean;
      readonly rank: number;
    }
  /** Answer to `TakeTerm`: higher than every term that was taken before, and nobody else's. */
  | { readonly type: 'TermTaken'; readonly number: number; readonly term: number }
  /**
   * The highest term taken so far: answer to `ReadTerm`, and to a `TakeTerm` that came too late.
   */
  | { readonly type: 'TermSeen'; readonly number: number; readonly term: number }
  /**
   * The `storage` event: another window wrote this. What is there now may be newer than `value`.
   */
  | { readonly type: 'ItemChanged'; readonly key: string; readonly value: string }
  /** `visibilitychange`, `focus` or `blur`. A hint: covered WebView windows may never say so. */
  | { readonly type: 'AttentionChanged'; readonly visible: boolean; readonly focused: boolean };

/** Answer of the application's server. `token` must never reach a log, a message or a trace. */
export type TokenEvent =
  /**
   * `valid_us` is how long it is good for from the moment it was asked for; 0 if that is not known.
   */
  | {
      readonly type: 'TokenReady';
      readonly epoch: number;
      readonly token: string;
      readonly valid_us: number;
    }
  /** No token for session `epoch`; the session may ask again. */
  | { readonly type: 'TokenFailed'; readonly epoch: number };

/** The machine has changed: its wall clock, its network, its devices. */
export type MachineEvent =
  /**
   * The wall clock went `by_us` further than this window's clock since the last turn: it was set,
   * or the machine slept while the window's clock stood still. A driver compares `Date.now()` with
   * `performance.now()`.
   */
  | { readonly type: 'WallClockJumped'; readonly by_us: number }
  /** `online`: the machine has a network again (HTML, 8.1.8.3 Browser state). */
  | { readonly type: 'Online' }
  /**
   * `devicechange`: a microphone or a camera was plugged in, or is gone (W3C mediacapture-main).
   */
  | { readonly type: 'DevicesChanged' };

export type Event =
  /** The window's script runs for the first time, or comes back out of the back/forward cache. */
  | { readonly type: 'Started' }
  /** A message arrived on the bus. */
  | { readonly type: 'Received'; readonly message: Message }
  /** An armed timer is due, or overdue; a policy's own is a name. */
  | { readonly type: 'TimerFired'; readonly timer: Timer | string }
  /** The user clicked in this window. `channel` is read by CONNECT alone. */
  | { readonly type: 'UserCommand'; readonly verb: CommandVerb; readonly channel: string }
  /** Transient user activation in this window: what getDisplayMedia asks for. */
  | { readonly type: 'UserGesture' }
  /** `pagehide`: the page goes away for good or into the back/forward cache. */
  | { readonly type: 'PageHide' }
  /**
   * The `freeze` event of Page Lifecycle. In Chromium bus handlers still run afterwards, timers do
   * not.
   */
  | { readonly type: 'Froze' }
  /** The `resume` event of Page Lifecycle. */
  | { readonly type: 'Resumed' }
  /** `offline`: the machine has no network. */
  | { readonly type: 'Offline' }
  /**
   * The owner's row in storage differs from the one last seen. A driver compares the row before
   * every turn and delivers this ahead of the turn's own event.
   */
  | { readonly type: 'LeaseSeen'; readonly lease: Lease }
  | RoomEvent
  | ElectionEvent
  | TokenEvent
  | MachineEvent;

const ROOM_EVENTS: ReadonlySet<string> = new Set<RoomEvent['type']>([
  'RoomConnected',
  'RoomLost',
  'RoomHealed',
  'RoomEnded',
  'RosterChanged',
  'TrackMuted',
  'PermissionChanged',
  'CaptureStarted',
  'CaptureFailed',
  'CaptureEnded',
]);

export function isRoomEvent(event: Event): event is RoomEvent {
  return ROOM_EVENTS.has(event.type);
}
