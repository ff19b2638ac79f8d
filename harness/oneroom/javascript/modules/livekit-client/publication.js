// Publications: what a participant has published, and the track of it.
import {TrackEvent} from './enums.js';
import {Emitter} from './emitter.js';
import {refuse} from './host.js';
import {Track} from './track.js';

export class TrackPublication extends Emitter {
    static SubscriptionStatus = Object.freeze({
        Desired: 'desired', Subscribed: 'subscribed', Unsubscribed: 'unsubscribed',
    });
    static PermissionStatus = Object.freeze({Allowed: 'allowed', NotAllowed: 'not_allowed'});

    track = undefined;
    mimeType = undefined;
    dimensions = undefined;
    simulcasted = false;
    trackInfo = undefined;
    isEncrypted = false;

    constructor(source, sid) {
        super();
        this.source = source;
        this.kind = source === Track.Source.Microphone ? Track.Kind.Audio : Track.Kind.Video;
        this.trackSid = sid;
        this.trackName = '';
    }
    get isLocal() { return false; }
    get isMuted() { return this.track?.isMuted ?? false; }
    get isEnabled() { return true; }
    get isSubscribed() { return this.track !== undefined; }
    get audioTrack() { return this.kind === Track.Kind.Audio ? this.track : undefined; }
    get videoTrack() { return this.kind === Track.Kind.Video ? this.track : undefined; }
    handleMuted = () => { this.emit(TrackEvent.Muted); };
    handleUnmuted = () => { this.emit(TrackEvent.Unmuted); };

    // Its track: mutes of it are events of the publication.
    setTrack(track) {
        this.track?.off(TrackEvent.Muted, this.handleMuted).off(TrackEvent.Unmuted, this.handleUnmuted);
        this.track = track;
        track?.on(TrackEvent.Muted, this.handleMuted).on(TrackEvent.Unmuted, this.handleUnmuted);
    }
    updateInfo() {}
}

export class LocalTrackPublication extends TrackPublication {
    options = undefined;
    get isLocal() { return true; }
    get isUpstreamPaused() { return this.track?.isUpstreamPaused; }
    async mute() { return this.track?.mute(); }
    async unmute() { return this.track?.unmute(); }
    async pauseUpstream() { await this.track?.pauseUpstream(); }
    async resumeUpstream() { await this.track?.resumeUpstream(); }
    getTrackFeatures() { return []; }
    handleTrackEnded = () => { this.emit(TrackEvent.Ended); };
}

export class RemoteTrackPublication extends TrackPublication {
    #enabled = true;
    subscriptionStatus = TrackPublication.SubscriptionStatus.Subscribed;
    permissionStatus = TrackPublication.PermissionStatus.Allowed;
    get isLocal() { return false; }
    get isDesired() { return true; }
    get isEnabled() { return this.#enabled; }
    get videoQuality() { return undefined; }
    setEnabled(/** @type {boolean} */ enabled) { this.#enabled = enabled; }
    setVideoQuality() {}
    setVideoDimensions() {}
    setVideoFPS() {}
}
refuse(RemoteTrackPublication, ['setSubscribed', 'emitTrackUpdate']);
