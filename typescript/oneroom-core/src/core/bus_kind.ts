/** The kinds of bus, in order: a window that has several speaks on the first. */

export type BusKind = 'broadcast-channel' | 'storage-event' | 'tauri-event';

export const BUS_KINDS: readonly BusKind[] = ['broadcast-channel', 'storage-event', 'tauri-event'];
