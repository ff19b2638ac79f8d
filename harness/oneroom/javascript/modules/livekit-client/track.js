// Track and its kinds. No media flows: a track has a state, and elements that it is attached to.
import {TrackEvent} from './enums.js';
import {Emitter} from './emitter.js';
import {refuse} from './host.js';

export class Track extends Emitter {
    static Kind = Object.freeze({Audio: 'audio', Video: 'video', Unknown: 'unknown'});
    static Source = Object.freeze({
        Camera: 'camera', Microphone: 'microphone', ScreenShare: 'screen_share',
        ScreenShareAudio: 'screen_share_audio', Unknown: 'unknown',
    });
    static StreamState = Object.freeze({Active: 'active', Paused: 'paused', Unknown: 'unknown'});

    attachedElements = [];
    isMuted = false;
    /** @type {'camera' | 'microphone' | 'screen_share' | 'screen_share_audio' | 'unknown'} */
    source = Track.Source.Unknown;
    /** @type {string | undefined} */
    sid = undefined;
    mediaStream = undefined;
    rtpTimestamp = undefined;
    streamState = Track.StreamState.Active;
    currentBitrate = 0;

    constructor(/** @type {MediaStreamTrack} */ mediaStreamTrack, kind) {
        super();
        this.mediaStreamTrack = mediaStreamTrack;
        this.kind = kind;
    }
    get isLocal() { return false; }
    get mediaStreamID() { return this.mediaStreamTrack?.id ?? ''; }
    attach(/** @type {HTMLMediaElement} */ element = document.createElement(this.kind)) {
        if (!this.attachedElements.includes(element)) {
            this.attachedElements.push(element);
            element.srcObject = new MediaStream(this.mediaStreamTrack ? [this.mediaStreamTrack] : []);
            this.emit(TrackEvent.ElementAttached, element);
        }
        return element;
    }
    detach(element) {
        const gone = element === undefined ? this.attachedElements : [element];
        this.attachedElements = this.attachedElements.filter((one) => !gone.includes(one));
        for (const one of gone) {
            one.srcObject = null;
            this.emit(TrackEvent.ElementDetached, one);
        }
        return element ?? gone;
    }
    stop() { this.mediaStreamTrack?.stop?.(); }
    async getRTCStatsReport() { return undefined; }
    startMonitor() {}
    stopMonitor() {}
    setStreamState(state) { this.streamState = state; }
    updateLoggerOptions() {}
}

export class RemoteTrack extends Track {
    get isLocal() { return false; }
    setMuted(muted) {
        if (this.isMuted === muted) return;
        this.isMuted = muted;
        this.emit(muted ? TrackEvent.Muted : TrackEvent.Unmuted, this);
    }
    setMediaStream(stream) { this.mediaStream = stream; }
    start() {}
    setPlayoutDelay() {}
    getPlayoutDelay() { return 0; }
    registerTimeSyncUpdate() {}
}
export class RemoteAudioTrack extends RemoteTrack {
    /** @type {number} */
    #volume = 1;
    setVolume(/** @type {number} */ volume) { this.#volume = volume; }
    getVolume() { return this.#volume; }
    async setSinkId() {}
}
refuse(RemoteAudioTrack, ['setWebAudioPlugins', 'setAudioContext', 'getReceiverStats']);
export class RemoteVideoTrack extends RemoteTrack {
    get isAdaptiveStream() { return false; }
    getDecoderImplementation() { return undefined; }
}
refuse(RemoteVideoTrack, ['observeElementInfo', 'stopObservingElementInfo', 'getReceiverStats', 'lookupFrameMetadata']);

export const attachToElement = (mediaStreamTrack, element) => {
    element.srcObject = new MediaStream([mediaStreamTrack]);
};
export const detachTrack = (_, element) => { element.srcObject = null; };
