/** The call of one user in this window: what an application makes, calls and draws. */

import type { Room } from 'livekit-client';
import { OWNER_LOCK, Role, type Report } from '../core/actions.js';
import { config } from '../core/config.js';
import { Coordinator } from '../core/coordinator.js';
import type { Event } from '../core/events.js';
import { CommandVerb } from '../core/messages.js';
import type { PolicyClass } from '../core/policy.js';
import { NO_STATE, type VoiceState } from '../core/state.js';
import { TIMINGS, type Timings } from '../core/timings.js';
import { WebLockLease } from '../policies/web_lock_lease.js';
import { BroadcastChannelBus, StorageEventBus, TauriEventBus, type TauriEvents } from './buses.js';
import { IndexedDbTerms } from './indexed_db_terms.js';
import { JoinedBuses } from './joined_buses.js';
import { LocalStorageLease } from './lease_record.js';
import { LiveKitRooms } from './livekit_rooms.js';
import { listenToPage } from './page.js';
import type { Bus, Mint } from './ports.js';
import { WebLocks } from './web_locks.js';
import { Window } from './window.js';

export interface VoiceOptions {
  /** The LiveKit server. */
  readonly url: string;
  /** Asks the application's server for a token; the identity in it is that of the user. */
  readonly mint: Mint;
  /** `() => new Room(options)` of livekit-client. */
  readonly room: () => Room;
  /** The user: windows of different users of one origin do not coordinate. */
  readonly user: string;
  /** True in the window that is to own while it is open and visible. */
  readonly main?: boolean;
  /** `@tauri-apps/api/event`, in a Tauri app. */
  readonly tauri?: TauriEvents;
  readonly policy?: PolicyClass;
  readonly timings?: Partial<Timings>;
  /** Called with a notice to the user of this window that is not state. */
  readonly notify?: (text: string) => void;
}

/** What this window draws. `role` is its own part, for debugging. */
export interface VoiceView {
  readonly state: VoiceState;
  readonly role: Role;
}

/**
 * One for each window. `subscribe` and `view` are what `useSyncExternalStore` and Zustand ask for;
 * a click goes to the owner, wherever that is. Raises a TypeError where the browser has no Web Locks
 * or no IndexedDB (an insecure origin).
 */
export class Voice {
  private readonly window: Window;
  private readonly rooms: LiveKitRooms;
  private readonly listeners = new Set<(view: VoiceView) => void>();
  private readonly ended = new AbortController();
  private current: VoiceView = { state: NO_STATE, role: Role.FOLLOWER };

  constructor(private readonly options: VoiceOptions) {
    const prefix = `oneroom/${options.user}`;
    const instanceId = crypto.randomUUID();
    const known = config(instanceId, {
      main: options.main ?? false,
      hidden: document.visibilityState === 'hidden',
      timings: { ...TIMINGS, ...options.timings },
    });
    const deliver = (event: Event): void => this.window.deliver(event);
    const leaseKey = `${prefix}/owner`;
    this.rooms = new LiveKitRooms(options.url, options.room, deliver);
    this.window = new Window(
      new Coordinator(known, options.policy ?? WebLockLease),
      {
        bus: new JoinedBuses(buses(prefix, options.tauri)),
        locks: new WebLocks(prefix, instanceId, OWNER_LOCK, deliver),
        terms: new IndexedDbTerms(prefix, deliver),
        lease: new LocalStorageLease(leaseKey),
        rooms: this.rooms,
        mint: options.mint,
        monotonicMs: () => performance.now(),
        wallMs: () => Date.now(),
      },
      (report) => this.told(report),
    );
    listenToPage(this.window, leaseKey, this.ended.signal);
    deliver({ type: 'Started' });
  }

  // -- what the application draws -----------------------------------------------------------------

  get view(): VoiceView {
    return this.current;
  }

  /** The Room, in the window that owns: its tracks stay there. */
  get room(): Room | undefined {
    return this.rooms.current;
  }

  /** Call `listener` at every change. Returns what ends that. */
  subscribe(listener: (view: VoiceView) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  // -- what its user clicks -----------------------------------------------------------------------

  connect(channel: string): void {
    this.command(CommandVerb.CONNECT, channel);
  }

  disconnect(): void {
    this.command(CommandVerb.DISCONNECT);
  }

  toggleMute(): void {
    this.command(CommandVerb.TOGGLE_MUTE);
  }

  toggleCamera(): void {
    this.command(CommandVerb.TOGGLE_CAMERA);
  }

  toggleScreenShare(): void {
    this.command(CommandVerb.TOGGLE_SCREEN_SHARE);
  }

  /** Leave the group of windows: as `pagehide`, while the page stays. */
  close(): void {
    this.ended.abort();
    this.window.deliver({ type: 'PageHide' });
    this.window.end();
  }

  private command(verb: CommandVerb, channel = ''): void {
    this.window.deliver({ type: 'UserCommand', verb, channel });
  }

  private told(report: Report): void {
    if (report.type === 'Rendered') this.show({ ...this.current, state: report.state });
    else if (report.type === 'Became') this.show({ ...this.current, role: report.role });
    else if (report.type === 'UserNotice') this.options.notify?.(report.text);
  }

  private show(view: VoiceView): void {
    this.current = view;
    for (const listener of this.listeners) listener(view);
  }
}

/** The buses that this window has, the preferred one first. */
function buses(prefix: string, tauri: TauriEvents | undefined): Bus[] {
  const found: Bus[] = [];
  if (typeof BroadcastChannel === 'function') found.push(new BroadcastChannelBus(prefix));
  found.push(new StorageEventBus(`${prefix}/bus`));
  // a Tauri event has a name of letters, digits, `-`, `/`, `:` and `_` alone
  if (tauri) found.push(new TauriEventBus(tauri, prefix.replace(/[^\w/:-]/g, '_')));
  return found;
}
