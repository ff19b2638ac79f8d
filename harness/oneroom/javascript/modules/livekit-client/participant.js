// Participants: who is in the room, oneself and the others.
import {ConnectionQuality, ParticipantEvent, ParticipantKind, TrackEvent} from './enums.js';
import {Emitter} from './emitter.js';
import {host, refuse} from './host.js';
import {RemoteTrackPublication, TrackPublication} from './publication.js';
import {RemoteAudioTrack, RemoteVideoTrack, Track} from './track.js';

export class Participant extends Emitter {
    trackPublications = new Map();
    audioTrackPublications = new Map();
    videoTrackPublications = new Map();
    audioLevel = 0;
    isSpeaking = false;
    lastSpokeAt = undefined;
    permissions = undefined;
    metadata = undefined;
    attributes = Object.freeze({});
    kind = ParticipantKind.STANDARD;
    connectionQuality = ConnectionQuality.Excellent;
    isEncrypted = false;
    joinedAt = undefined;

    constructor(sid, identity) {
        super();
        this.sid = sid;
        this.identity = identity;
        this.name = identity;
    }
    get isLocal() { return false; }
    get isAgent() { return false; }
    get isActive() { return true; }
    get isMicrophoneEnabled() { return this.#isEnabled(Track.Source.Microphone); }
    get isCameraEnabled() { return this.#isEnabled(Track.Source.Camera); }
    get isScreenShareEnabled() { return this.getTrackPublication(Track.Source.ScreenShare) !== undefined; }
    #isEnabled(source) { return !(this.getTrackPublication(source)?.isMuted ?? true); }
    getTrackPublications() { return [...this.trackPublications.values()]; }
    getTrackPublication(/** @type {string} */ source) {
        return this.getTrackPublications().find((publication) => publication.source === source);
    }
    getTrackPublicationByName(/** @type {string} */ name) {
        return this.getTrackPublications().find((publication) => publication.trackName === name);
    }
    async waitUntilActive() {}
    setIsSpeaking(/** @type {boolean} */ speaking) {
        if (speaking === this.isSpeaking) return;
        this.isSpeaking = speaking;
        this.audioLevel = speaking ? 1 : 0;
        if (speaking) this.lastSpokeAt = new Date();
        this.emit(ParticipantEvent.IsSpeakingChanged, speaking);
    }
    addTrackPublication(publication) {
        publication.on(TrackEvent.Muted, () => this.emit(ParticipantEvent.TrackMuted, publication));
        publication.on(TrackEvent.Unmuted, () => this.emit(ParticipantEvent.TrackUnmuted, publication));
        for (const map of this.#mapsOf(publication)) map.set(publication.trackSid, publication);
    }
    removeTrackPublication(publication) {
        for (const map of this.#mapsOf(publication)) map.delete(publication.trackSid);
    }
    #mapsOf({kind}) {
        const ofKind = kind === Track.Kind.Audio ? this.audioTrackPublications : this.videoTrackPublications;
        return [this.trackPublications, ofKind];
    }
}
refuse(Participant, [
    'updateInfo', 'setPermissions', 'setConnectionQuality', 'setDisconnected', 'setAudioContext',
]);

const {Subscribed: SUBSCRIBED, Desired: DESIRED} = TrackPublication.SubscriptionStatus;

export class RemoteParticipant extends Participant {
    /** @type {number} */
    #volume = 1;
    setVolume(/** @type {number} */ volume) { this.#volume = volume; }
    getVolume() { return this.#volume; }
    async setAudioOutput() {}
    getTrackPublicationBySid(/** @type {string} */ sid) { return this.trackPublications.get(sid); }
    get hasMetadata() { return true; }

    // One more source of this participant: published, and subscribed as soon as its media is there.
    publish(source, muted) {
        const publication = new RemoteTrackPublication(source, `TR_${this.identity}_${source}`);
        const Class = publication.kind === Track.Kind.Audio ? RemoteAudioTrack : RemoteVideoTrack;
        const media = host.trackOf({id: `remote-${publication.trackSid}`, kind: publication.kind});
        const track = new Class(media, publication.kind);
        Object.assign(track, {source, isMuted: muted, sid: publication.trackSid});
        publication.setTrack(track);
        this.addTrackPublication(publication);
        this.emit(ParticipantEvent.TrackPublished, publication);
        this.tellSubscribed(publication);
    }
    tellSubscribed(publication) {
        this.emit(ParticipantEvent.TrackSubscribed, publication.track, publication);
        this.emit(ParticipantEvent.TrackSubscriptionStatusChanged, publication, SUBSCRIBED);
    }
    // With the end of one's own Room tracks are unsubscribed, but not unpublished.
    unpublishTrack(sid, isUnpublished = true) {
        const publication = this.trackPublications.get(sid);
        const {track} = publication;
        this.removeTrackPublication(publication);
        publication.setTrack(undefined);
        publication.subscriptionStatus = DESIRED;
        this.emit(ParticipantEvent.TrackUnsubscribed, track, publication);
        this.emit(ParticipantEvent.TrackSubscriptionStatusChanged, publication, DESIRED);
        if (isUnpublished) this.emit(ParticipantEvent.TrackUnpublished, publication);
    }
    unpublishAll(isUnpublished) {
        for (const sid of [...this.trackPublications.keys()]) this.unpublishTrack(sid, isUnpublished);
    }
}
refuse(RemoteParticipant, ['addSubscribedMediaTrack', 'addRemoteDataTrack', 'removeRemoteDataTrack']);
