// The local participant: captures and publishes (LocalParticipant.ts). The host captures a source once and publishes it, or takes
// over what the page has captured; a second request while one is pending waits for the same.
import {ParticipantEvent} from './enums.js';
import {PublishTrackError} from './errors.js';
import {deferred, host, refuse} from './host.js';
import {
    createLocalScreenTracks, createLocalTracks, localTrackOf,
} from './local_track.js';
import {Participant} from './participant.js';
import {LocalTrackPublication} from './publication.js';
import {Track} from './track.js';

// Numbers of LiveKit's TrackSource.
const NUMBERS = {[Track.Source.Camera]: 1, [Track.Source.Microphone]: 2, [Track.Source.ScreenShare]: 3};
const SOURCES = Object.fromEntries(Object.entries(NUMBERS).map(([source, number]) => [number, source]));
const KINDS = {[Track.Source.Camera]: 'videoinput', [Track.Source.Microphone]: 'audioinput'};

// The capture of a track that the SDK has made.
const mediaOf = ({trackSid, kind}) => host.trackOf({id: `sdk-${trackSid}`, kind});

export class LocalParticipant extends Participant {
    #epoch = 0;
    #pending = new Map();  // by source: the capture that is asked for
    #published = 0;
    #errors = {};
    activeDeviceMap = new Map([['audioinput', 'default'], ['videoinput', 'default'], ['audiooutput', 'default']]);
    /** @type {any} */
    permissions = {canPublish: true, canSubscribe: true, canPublishData: true, canPublishSources: []};

    get isLocal() { return true; }
    get isE2EEEnabled() { return false; }
    get lastMicrophoneError() { return this.#errors[Track.Source.Microphone]; }
    get lastCameraError() { return this.#errors[Track.Source.Camera]; }

    setMicrophoneEnabled(/** @type {boolean} */ enabled) { return this.#setEnabled(Track.Source.Microphone, enabled); }
    setCameraEnabled(/** @type {boolean} */ enabled) { return this.#setEnabled(Track.Source.Camera, enabled); }
    setScreenShareEnabled(/** @type {boolean} */ enabled) { return this.#setEnabled(Track.Source.ScreenShare, enabled); }
    async enableCameraAndMicrophone() {
        if (this.#pending.size) return;
        await Promise.all([this.setCameraEnabled(true), this.setMicrophoneEnabled(true)]);
    }
    /** @returns {Promise<LocalTrackPublication | undefined>} */
    async #setEnabled(source, enabled) {
        const pending = this.#pending.get(source);
        const publication = this.getTrackPublication(source) ?? (pending && await pending.promise);
        if (enabled) {
            if (publication === undefined) return this.#capture(source);
            await publication.unmute();
        } else if (publication !== undefined) {
            if (source === Track.Source.ScreenShare) await this.unpublishTrack(publication.track);
            else await publication.mute();
        }
        return publication;
    }

    createTracks(options) { return createLocalTracks(options); }
    createScreenTracks(options) { return createLocalScreenTracks(options); }
    async publishTrack(track, options = {}) {
        // A track that does not say what it is of is taken for what it is like.
        const ofKind = track.kind === Track.Kind.Audio ? Track.Source.Microphone : Track.Source.Camera;
        const known = [options.source, track.source].find((one) => one in NUMBERS);
        const source = known ?? ofKind;
        const local = track.mediaStreamTrack === undefined ? localTrackOf(source, track) : track;
        const published = this.getTrackPublications().find((publication) => publication.track === local);
        return published ?? this.#capture(source, local);
    }
    /** @returns {Promise<LocalTrackPublication | undefined>} */
    async unpublishTrack(track, /** @type {boolean | undefined} */ stopOnUnpublish = true) {
        const publication = this.getTrackPublications().find(({track: one}) => (
            one === track || one?.mediaStreamTrack === track));
        if (publication === undefined) return undefined;
        if (this.#epoch) host.op('unpublish', this.#epoch, NUMBERS[publication.source]);
        this.forget(publication, stopOnUnpublish);
        return publication;
    }
    async unpublishTracks(tracks) {
        const all = await Promise.all(tracks.map((track) => this.unpublishTrack(track)));
        return all.filter((publication) => publication !== undefined);
    }
    // A publication is over, here or at the server.
    forget(publication, stops) {
        const {track} = publication;
        track.tellMuted = () => {};
        if (stops) track.stop();
        this.removeTrackPublication(publication);
        this.emit(ParticipantEvent.LocalTrackUnpublished, publication);
        publication.setTrack(undefined);
    }

    // After a full reconnect: the same tracks in another session.
    republish() {
        for (const publication of this.getTrackPublications()) {
            this.emit(ParticipantEvent.LocalTrackUnpublished, publication);
            this.emit(ParticipantEvent.LocalTrackPublished, publication);
        }
    }

    /** @returns {Promise<LocalTrackPublication>} */
    #capture(source, track) {
        if (!this.#epoch) return Promise.reject(new PublishTrackError('the Room is not connected', 408));
        const pending = {...deferred(), track};
        this.#pending.set(source, pending);
        const isCaptured = track?.mediaStreamTrack?.readyState === 'live';
        host.op('publish', this.#epoch, NUMBERS[source], track?.isMuted ?? false, ...(isCaptured ? [true] : []));
        return pending.promise;
    }

    // Reports of the host. `epoch` 0: no Room.
    begin(epoch) { this.#epoch = epoch; }
    end() {
        this.#epoch = 0;
        for (const publication of this.getTrackPublications()) this.forget(publication, true);
        for (const {reject} of this.#pending.values()) reject(new PublishTrackError('the Room is closed', 408));
        this.#pending.clear();
    }
    captured({source: number, error}) {
        const source = SOURCES[number];
        const pending = this.#pending.get(source);
        this.#pending.delete(source);
        if (error) return this.#failed(source, error, pending);
        if (pending === undefined) return this.#recaptured(source);
        const publication = this.#publicationOf(source, pending.track);
        this.emit(ParticipantEvent.LocalTrackPublished, publication);
        return pending.resolve(publication);
    }
    // A track that had lost its device was unmuted.
    #recaptured(source) {
        const publication = this.getTrackPublication(source);
        if (publication?.track?.mediaStreamTrack.readyState === 'ended') publication.track.recaptured(mediaOf(publication));
    }
    #publicationOf(source, track) {
        const publication = new LocalTrackPublication(source, `TR_${this.identity}_${++this.#published}`);
        const published = track ?? localTrackOf(source, mediaOf(publication));
        published.sid = publication.trackSid;
        published.tellMuted = (muted) => this.#tellMuted(source, muted);
        publication.setTrack(published);
        this.addTrackPublication(publication);
        return publication;
    }
    #failed(source, name, pending) {
        const error = new DOMException('Permission denied', name);
        this.#errors[source] = error;
        this.emit(ParticipantEvent.MediaDevicesError, error, KINDS[source]);
        pending?.reject(error);
    }
    // A camera that is muted is stopped (LocalVideoTrack.ts mute), and captured again when it is unmuted.
    #tellMuted(source, muted) {
        if (source === Track.Source.Microphone) host.op('setMuted', this.#epoch, muted);
        else host.op(muted ? 'unpublish' : 'publish', this.#epoch, NUMBERS[source], ...(muted ? [] : [false]));
    }
    captureEnded(number) {
        const publication = this.getTrackPublication(SOURCES[number]);
        if (publication === undefined) return undefined;
        if (publication.source === Track.Source.ScreenShare) return this.forget(publication, true);
        host.endTrack(publication.track.mediaStreamTrack);
        return host.step(() => this.mutedByOther(number, true));
    }
    // The server or a lost device has muted a track: it knows already.
    mutedByOther(number, muted) {
        const track = this.getTrackPublication(SOURCES[number])?.track;
        if (track === undefined) return;
        const {tellMuted} = track;
        track.tellMuted = () => {};
        track.setTrackMuted(muted);
        track.tellMuted = tellMuted;
    }
    permitted(numbers) {
        const before = this.permissions;
        this.permissions = {...before, canPublish: numbers.length > 0, canPublishSources: numbers};
        for (const publication of this.getTrackPublications()) {
            if (!numbers.includes(NUMBERS[publication.source])) this.forget(publication, true);
        }
        this.emit(ParticipantEvent.ParticipantPermissionsChanged, before);
    }
}
refuse(LocalParticipant, [
    'setMetadata', 'setName', 'setAttributes', 'setE2EEEnabled', 'publishAdditionalCodecForTrack',
    'republishAllTracks', 'publishData', 'publishDtmf', 'sendChatMessage', 'editChatMessage', 'sendText',
    'streamText', 'sendFile', 'sendBytes', 'streamBytes', 'performRpc', 'registerRpcMethod',
    'unregisterRpcMethod', 'setTrackSubscriptionPermissions', 'setEnabledPublishCodecs', 'publishDataTrack',
    'setupEngine', 'setActiveAgent',
]);
