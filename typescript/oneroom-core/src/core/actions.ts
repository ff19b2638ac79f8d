/**
 * Actions of a window: the outputs of `Coordinator.handle`.
 *
 * Imperatives for the world (`OpenRoom`), past participles for reports to the application
 * (`Became`, `CommandApplied`). A driver performs them in order, in the same turn, and reports
 * results as events. A request to the lock manager or to the counter of terms carries a `number`,
 * and its reply carries it back: a reply may be late, and one to an earlier request says what was
 * true then.
 */

import type { Timer } from './events.js';
import type { CommandVerb, Message } from './messages.js';
import type { Lease, Source, VoiceState } from './state.js';

/** The name of the lock that the owner holds; policies may have others beside it. */
export const OWNER_LOCK = 'owner';

/** A window's part in the election. */
export enum Role {
  FOLLOWER = 0,
  CANDIDATE = 1,
  OWNER = 2,
  HANDING_OVER = 3,
  RETIRED = 4,
}

/** The end of a command for the window that issued it. */
export enum CommandOutcome {
  APPLIED = 1,
  EXPIRED = 2,
  REFUSED = 3,
}

/** What is asked of the lock manager and of the counter of terms. */
export type ElectionAction =
  /**
   * Queue for a lock; with `steal` take it at once and withdraw a request that is still queued.
   * With `if_available` take it only if nobody has it or waits for it, else be told `LockBusy`;
   * `shared` holds it beside others who share it.
   */
  | {
      readonly type: 'RequestLock';
      readonly steal: boolean;
      readonly if_available: boolean;
      readonly name: string;
      readonly shared: boolean;
    }
  /** Release a lock, or withdraw the queued request. */
  | { readonly type: 'ReleaseLock'; readonly name: string }
  /** Ask who holds and waits for the owner lock: `LockQueried`. */
  | { readonly type: 'QueryLock'; readonly number: number }
  /**
   * Draw the next term from the counter that all windows share: `TermTaken`. With `after` >= 0 it
   * is drawn only if no other has been drawn since that one; else the answer is `TermSeen`.
   */
  | { readonly type: 'TakeTerm'; readonly number: number; readonly after: number }
  /** Ask for the highest term that was taken so far: `TermSeen`. */
  | { readonly type: 'ReadTerm'; readonly number: number };

/** What is asked of the SDK. `term` is the ownership under which it happens. */
export type RoomAction =
  /** `room.connect()`. */
  | {
      readonly type: 'OpenRoom';
      readonly epoch: number;
      readonly term: number;
      readonly channel: string;
      readonly token: string;
    }
  /** `room.disconnect()`, also while `connect()` is pending. Confirmed by `RoomEnded`. */
  | { readonly type: 'CloseRoom'; readonly epoch: number; readonly term: number }
  /** Capture `source` and publish it: `CaptureStarted`. A muted track is published muted. */
  | {
      readonly type: 'Publish';
      readonly epoch: number;
      readonly term: number;
      readonly source: Source;
      readonly muted: boolean;
    }
  /** Stop the capture of `source` and unpublish it. */
  | {
      readonly type: 'Unpublish';
      readonly epoch: number;
      readonly term: number;
      readonly source: Source;
    }
  /** Mute or unmute the published microphone. */
  | {
      readonly type: 'SetMuted';
      readonly epoch: number;
      readonly term: number;
      readonly muted: boolean;
    };

/** What the application is told. */
export type Report =
  /**
   * The role changed. For OWNER `base_term`, `base_number` name the snapshot whose state it started
   * from.
   */
  | {
      readonly type: 'Became';
      readonly role: Role;
      readonly term: number;
      readonly base_term: number;
      readonly base_number: number;
    }
  /** A user's click became command `number` of this window. */
  | {
      readonly type: 'CommandIssued';
      readonly number: number;
      readonly verb: CommandVerb;
      readonly value: boolean;
    }
  /**
   * This owner gave effect to a command; snapshot `snapshot_number` of `term` is the first that
   * contains it.
   */
  | {
      readonly type: 'CommandApplied';
      readonly instance_id: string;
      readonly number: number;
      readonly verb: CommandVerb;
      readonly value: boolean;
      readonly term: number;
      readonly snapshot_number: number;
    }
  /** The user who clicked is told how command `number` of this window ended. */
  | { readonly type: 'CommandResolved'; readonly number: number; readonly outcome: CommandOutcome }
  /** This window now draws this state: the owner its own, a follower the snapshot it adopted. */
  | {
      readonly type: 'Rendered';
      readonly term: number;
      readonly number: number;
      readonly state: VoiceState;
    }
  /** The user of this window is told something that is not state: "open the main app". */
  | { readonly type: 'UserNotice'; readonly text: string };

export type Action =
  /** Broadcast on the bus. Fire and forget. */
  | { readonly type: 'Post'; readonly message: Message }
  /** (Re)arm a timer for the time `at_us` of this window's clock; a policy's own is a name. */
  | { readonly type: 'Arm'; readonly timer: Timer | string; readonly at_us: number }
  /** A disarmed timer does not fire, even when it is already due. */
  | { readonly type: 'Disarm'; readonly timer: Timer | string }
  /**
   * Write the owner's row to storage; visible to this window at once, to others when it gets there.
   */
  | { readonly type: 'WriteLease'; readonly lease: Lease }
  /** Ask the application's server for a token for session `epoch`. */
  | { readonly type: 'MintToken'; readonly epoch: number; readonly channel: string }
  | ElectionAction
  | RoomAction
  | Report;
