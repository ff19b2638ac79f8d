/** The owner machine of one window's call, sans-IO, and the policies that may decide who owns. */

export * from './core/actions.js';
export { BusChoice } from './core/bus_choice.js';
export { BUS_KINDS, type BusKind } from './core/bus_kind.js';
export { Chat } from './core/chat.js';
export * from './core/chat_events.js';
export { config, type Config } from './core/config.js';
export { Coordinator } from './core/coordinator.js';
export * from './core/events.js';
export * from './core/messages.js';
export { Policy, type PolicyClass } from './core/policy.js';
export { Reason } from './core/reasons.js';
export * from './core/state.js';
export { TIMINGS, type Timings } from './core/timings.js';
export { decode, encode, isMessage } from './core/wire.js';
export { MainOnly } from './policies/main_only.js';
export { POLICIES, RECOMMENDED } from './policies/registry.js';
export { WebLock } from './policies/web_lock.js';
export { WebLockLease } from './policies/web_lock_lease.js';
