/** `oneroom-core` in a browser or a Tauri app, in front of livekit-client. */

export * from './buses.js';
export { IndexedDbTerms } from './indexed_db_terms.js';
export { JoinedBuses } from './joined_buses.js';
export { LocalStorageLease } from './lease_record.js';
export { LiveKitRooms } from './livekit_rooms.js';
export { listenToPage } from './page.js';
export * from './ports.js';
export { Voice, type VoiceOptions, type VoiceView } from './voice.js';
export { WebLocks } from './web_locks.js';
export { Window, type WindowPorts } from './window.js';
