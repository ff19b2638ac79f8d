// Questions about tracks, participants and the browser, and the SDK's log.
import {LogLevel, audioCodecs, videoCodecs} from './enums.js';
import {deferred} from './host.js';
import {Track} from './track.js';

/** @type {(track: any) => track is import('./local_track.js').LocalAudioTrack | import('./track.js').RemoteAudioTrack} */
export const isAudioTrack = (track) => track?.kind === Track.Kind.Audio;
/** @type {(track: any) => track is import('./local_track.js').LocalVideoTrack | import('./track.js').RemoteVideoTrack} */
export const isVideoTrack = (track) => track?.kind === Track.Kind.Video;
/** @type {(track: any) => track is import('./local_track.js').LocalTrack} */
export const isLocalTrack = (track) => Boolean(track?.isLocal);
/** @type {(track: any) => track is import('./track.js').RemoteTrack} */
export const isRemoteTrack = (track) => track?.isLocal === false;
/** @type {(participant: any) => participant is import('./local_participant.js').LocalParticipant} */
export const isLocalParticipant = (participant) => Boolean(participant?.isLocal);
/** @type {(participant: any) => participant is import('./participant.js').RemoteParticipant} */
export const isRemoteParticipant = (participant) => participant?.isLocal === false;

/** @type {(codec: any) => codec is 'opus' | 'red'} */
export const isAudioCodec = (codec) => audioCodecs.includes(codec);
/** @type {(codec: any) => codec is 'vp8' | 'h264' | 'vp9' | 'av1' | 'h265'} */
export const isVideoCodec = (codec) => videoCodecs.includes(codec);
export const isSVCCodec = (codec) => codec === 'vp9' || codec === 'av1';
/** @type {(codec: any) => codec is 'vp8' | 'h264'} */
export const isBackupVideoCodec = (codec) => codec === 'vp8' || codec === 'h264';
export const isBackupCodec = isBackupVideoCodec;

// What Chromium answers.
export const isBrowserSupported = () => true;
export const supportsAdaptiveStream = () => true;
export const supportsAudioOutputSelection = () => true;
export const supportsDynacast = () => true;
export const supportsAV1 = () => true;
export const supportsVP9 = () => true;
export const supportsH265 = () => false;
export const isE2EESupported = () => true;
export const isInsertableStreamSupported = () => true;
export const isScriptTransformSupported = () => true;
/** @type {() => {name: 'Chrome', version: string}} */
export const getBrowser = () => ({name: 'Chrome', version: '156.0.0.0'});

export function compareVersions(one, two) {
    const [mine, theirs] = [one, two].map((version) => version.split('.').map(Number));
    for (const [at, part] of mine.entries()) {
        if (part !== (theirs[at] ?? 0)) return part > (theirs[at] ?? 0) ? 1 : -1;
    }
    return 0;
}

const silent = () => {};
const logger = {trace: silent, debug: silent, info: silent, warn: silent, error: silent, setLevel: silent,
    setDefaultLevel: silent, getLevel: () => LogLevel.silent};
export const getLogger = () => logger;
export const setLogLevel = silent;
export const setLogExtension = silent;

// The app's own timers, which a worker of a real page may replace.
export class CriticalTimers {
    static setTimeout = (...args) => setTimeout(...args);
    static setInterval = (...args) => setInterval(...args);
    static clearTimeout = (...args) => clearTimeout(...args);
    static clearInterval = (...args) => clearInterval(...args);
}

export class Mutex {
    #last = Promise.resolve();
    #locked = 0;
    isLocked() { return this.#locked > 0; }
    lock() {
        const {promise, resolve} = deferred();
        const before = this.#last;
        this.#last = promise;
        this.#locked++;
        return before.then(() => () => {
            this.#locked--;
            resolve();
        });
    }
}

// The delays of DefaultReconnectPolicy.ts. The fake SDK has them by itself: a policy of the app's own is not asked.
export class DefaultReconnectPolicy {
    #delays_ms;
    constructor(delays_ms = [0, 300, 1200, 2700, 4800, 7000, 7000, 7000, 7000, 7000]) {
        this.#delays_ms = delays_ms;
    }
    nextRetryDelayInMs({retryCount}) {
        const delay_ms = this.#delays_ms[retryCount];
        if (delay_ms === undefined) return null;
        return retryCount <= 1 ? delay_ms : delay_ms + Math.random() * 1000;
    }
}

/** @type {any} */
const SERIALIZER = Symbol.for('lk.serializer');
/** @type {(value: any) => value is any} */
export const isSerializer = (value) => typeof value === 'object' && value?.symbol === SERIALIZER;
export const serializers = {
    json: () => ({parse: JSON.parse, serialize: (value) => JSON.stringify(value), symbol: SERIALIZER}),
    raw: () => ({parse: (text) => text, serialize: (text) => text, symbol: SERIALIZER}),
    custom: (both) => ({...both, symbol: SERIALIZER}),
};
