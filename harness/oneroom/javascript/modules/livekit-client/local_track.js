// Local tracks: a capture of this window. A muted one that is published tells the server (LocalTrack.ts, LocalAudioTrack.ts).
import {TrackEvent} from './enums.js';
import {refuse} from './host.js';
import {Track} from './track.js';

export class LocalTrack extends Track {
    isStopped = false;
    isUpstreamPaused = false;
    // Set by the participant that publishes this track: tells the server.
    tellMuted = () => {};

    constructor(/** @type {MediaStreamTrack} */ mediaStreamTrack, kind, /** @type {MediaTrackConstraints} */ constraints = {},
        /** @type {boolean} */ isUserProvided = false) {
        super(mediaStreamTrack, kind);
        this.constraints = constraints;
        this.isUserProvided = isUserProvided;
        this.hearEnd();
    }
    hearEnd() { this.mediaStreamTrack?.addEventListener?.('ended', () => this.emit(TrackEvent.Ended, this)); }
    // Its device was opened anew.
    recaptured(mediaStreamTrack) {
        this.mediaStreamTrack = mediaStreamTrack;
        this.hearEnd();
    }
    get isLocal() { return true; }
    get id() { return this.mediaStreamTrack?.id ?? ''; }
    get dimensions() { return undefined; }
    get hasPreConnectBuffer() { return false; }
    async mute() {
        this.setTrackMuted(true);
        return this;
    }
    async unmute() {
        this.setTrackMuted(false);
        return this;
    }
    setTrackMuted(/** @type {boolean} */ muted) {
        if (this.isMuted === muted) return;
        this.isMuted = muted;
        if (this.mediaStreamTrack) this.mediaStreamTrack.enabled = !muted;
        this.tellMuted(muted);
        this.emit(muted ? TrackEvent.Muted : TrackEvent.Unmuted, this);
    }
    stop() {
        super.stop();
        this.isStopped = true;
    }
    getSourceTrackSettings() { return this.mediaStreamTrack?.getSettings?.() ?? {}; }
    async getDeviceId() { return this.getSourceTrackSettings().deviceId; }
    async setDeviceId() { return true; }
    async pauseUpstream() { this.isUpstreamPaused = true; }
    async resumeUpstream() { this.isUpstreamPaused = false; }
    async restartTrack() { this.emit(TrackEvent.Restarted, this); }
    async applyConstraints() {}
    getProcessor() { return undefined; }
}
refuse(LocalTrack, [
    'replaceTrack', 'setProcessor', 'stopProcessor', 'waitForDimensions', 'startPreConnectBuffer',
    'stopPreConnectBuffer', 'getPreConnectBuffer', 'getPreConnectBufferMimeType',
]);

export class LocalAudioTrack extends LocalTrack {
    constructor(/** @type {MediaStreamTrack} */ mediaStreamTrack, /** @type {MediaTrackConstraints} */ constraints = {},
        /** @type {boolean} */ isUserProvided = true) {
        super(mediaStreamTrack, Track.Kind.Audio, constraints, isUserProvided);
    }
    enhancedNoiseCancellation = false;
    async checkForSilence() { return false; }
    async getSenderStats() { return undefined; }
    async setAudioContext() {}
}
refuse(LocalAudioTrack, ['setProcessor']);
export class LocalVideoTrack extends LocalTrack {
    constructor(/** @type {MediaStreamTrack} */ mediaStreamTrack, /** @type {MediaTrackConstraints} */ constraints = {},
        /** @type {boolean} */ isUserProvided = true) {
        super(mediaStreamTrack, Track.Kind.Video, constraints, isUserProvided);
    }
    get isSimulcast() { return false; }
    async getSenderStats() { return []; }
}
refuse(LocalVideoTrack, [
    'setProcessor', 'setPublishingQuality', 'setPublishingCodecs', 'prioritizePerformance', 'setDegradationPreference',
    'addSimulcastTrack', 'setSimulcastTrackSender', 'setPublishingLayers',
]);

const CLASSES = {
    [Track.Source.Microphone]: LocalAudioTrack, [Track.Source.Camera]: LocalVideoTrack,
    [Track.Source.ScreenShare]: LocalVideoTrack,
};

// A track of this source. One that the host captures for the SDK has no MediaStreamTrack of the page's own, so it makes one.
export function localTrackOf(source, mediaStreamTrack) {
    return Object.assign(new CLASSES[source](mediaStreamTrack, {}, false), {source});
}

const asked = (wanted) => (wanted === undefined ? true : wanted);
async function captured(constraints) {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    return stream.getTracks().map((track) => localTrackOf(
        track.kind === 'audio' ? Track.Source.Microphone : Track.Source.Camera, track));
}
export const createLocalTracks = async (options = {}) => captured({
    audio: asked(options.audio), video: asked(options.video),
});
export const createLocalAudioTrack = async (/** @type {any} */ options = true) => (await captured({audio: options}))[0];
export const createLocalVideoTrack = async (/** @type {any} */ options = true) => (await captured({video: options}))[0];
export async function createLocalScreenTracks(options) {
    const stream = await navigator.mediaDevices.getDisplayMedia(options);
    return stream.getVideoTracks().map((track) => localTrackOf(Track.Source.ScreenShare, track));
}
