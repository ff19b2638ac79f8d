// livekit-client in a simulated window: the names of version 2.23.0 over the host's fake SFU. An app's bundle has it in the place
// of the real one.
export * from './enums.js';
export * from './presets.js';
export * from './errors.js';
export {Track, RemoteTrack, RemoteAudioTrack, RemoteVideoTrack, attachToElement, detachTrack} from './track.js';
export {
    LocalTrack, LocalAudioTrack, LocalVideoTrack, createLocalTracks, createLocalAudioTrack, createLocalVideoTrack,
    createLocalScreenTracks,
} from './local_track.js';
export {TrackPublication, LocalTrackPublication, RemoteTrackPublication} from './publication.js';
export {Participant, RemoteParticipant} from './participant.js';
export {LocalParticipant} from './local_participant.js';
export {Room} from './room.js';
export * from './support.js';
export * from './unsupported.js';
