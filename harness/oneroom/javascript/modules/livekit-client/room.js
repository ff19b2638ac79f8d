// Room: one connection of this window, over the host's fake SFU (Room.ts). What the SDK does by itself, how often it tries and
// when it gives up, is the host's; here is what the app sees of it, in the SDK's order.
import {ConnectionState, DisconnectReason, ParticipantEvent, RoomEvent} from './enums.js';
import {ConnectionError} from './errors.js';
import {Emitter} from './emitter.js';
import {deferred, host, refuse} from './host.js';
import {LocalParticipant} from './local_participant.js';
import {Participant, RemoteParticipant} from './participant.js';
import {DefaultReconnectPolicy} from './support.js';
import {Track} from './track.js';

const rooms = new Map();  // by epoch
let epochs = 0;

host.on('room', (epoch, what, detail) => {
    const room = rooms.get(epoch);
    if (room !== undefined) host.step(() => room.hear(what, JSON.parse(detail ?? 'null')));
});

const LOCAL_EVENTS = [
    'LocalTrackPublished', 'LocalTrackUnpublished', 'TrackMuted', 'TrackUnmuted', 'ParticipantPermissionsChanged',
];
const REMOTE_EVENTS = [
    'TrackPublished', 'TrackSubscribed', 'TrackMuted', 'TrackUnmuted', 'TrackSubscriptionStatusChanged',
];
const REMOTE_ENDS = ['TrackUnsubscribed', 'TrackUnpublished'];  // told in every state
const DEVICE_KINDS = ['audioinput', 'videoinput', 'audiooutput'];

// The error of a connect() that ended with this reason: the inverse of getDisconnectReasonFromConnectionError (utils.ts).
function connectionErrorOf(reason) {
    switch (reason) {
        case DisconnectReason.CLIENT_INITIATED: return ConnectionError.cancelled('Client initiated disconnect');
        case DisconnectReason.USER_REJECTED: return ConnectionError.notAllowed('invalid token', 401);
        case DisconnectReason.JOIN_FAILURE: return ConnectionError.serverUnreachable('server was not reachable');
        case DisconnectReason.UNKNOWN_REASON: return ConnectionError.timeout('room connection has timed out (signal)');
        default:
            return ConnectionError.leaveRequest('Received leave request while trying to (re)connect', reason);
    }
}

export class Room extends Emitter {
    #epoch = 0;
    #connecting = null;  // the promise of connect(), with its resolvers
    #closing = null;     // the promise of disconnect(), with its resolvers
    #joined = null;      // connected, and the roster is on its way
    #isAway = false;     // the connection is lost, and not healed yet
    #sid = '';
    #name = '';

    state = ConnectionState.Disconnected;
    /** @type {Map<string, RemoteParticipant>} */
    remoteParticipants = new Map();
    localParticipant = new LocalParticipant('', '');
    /** @type {Participant[]} */
    activeSpeakers = [];
    metadata = undefined;
    isE2EEEnabled = false;
    isRecording = false;
    hasE2EESetup = false;
    canPlaybackAudio = true;
    canPlaybackVideo = true;
    serverInfo = undefined;

    constructor(options = {}) {
        super();
        this.options = {
            adaptiveStream: false, dynacast: false, stopLocalTrackOnUnpublish: true, disconnectOnPageLeave: true,
            reconnectPolicy: new DefaultReconnectPolicy(), webAudioMix: false, singlePeerConnection: true,
            ...options,
        };
        for (const name of LOCAL_EVENTS) {
            this.localParticipant.on(ParticipantEvent[name], (about) => {
                this.emit(RoomEvent[name], about, this.localParticipant);
            });
        }
        this.localParticipant.on(ParticipantEvent.MediaDevicesError, (error, kind) => {
            this.emit(RoomEvent.MediaDevicesError, error, kind);
        });
        navigator.mediaDevices.addEventListener('devicechange', () => {
            if (this.state !== ConnectionState.Disconnected) this.emit(RoomEvent.MediaDevicesChanged);
        });
    }
    get name() { return this.#name; }
    get numParticipants() { return this.remoteParticipants.size + (this.#sid ? 1 : 0); }
    get numPublishers() {
        const all = [this.localParticipant, ...this.remoteParticipants.values()];
        return all.filter(({trackPublications}) => trackPublications.size).length;
    }
    async getSid() { return this.#sid; }
    getParticipantByIdentity(/** @type {string} */ identity) {
        if (identity === this.localParticipant.identity) return this.localParticipant;
        return this.remoteParticipants.get(identity);
    }

    connect = async (/** @type {string} */ url, /** @type {string} */ token) => {
        await this.#closing?.promise;
        if (this.state === ConnectionState.Connected) return undefined;
        if (this.#connecting !== null) return this.#connecting.promise;
        if (this.#epoch) {  // an attempt to reconnect is replaced by this one
            rooms.delete(this.#epoch);
            host.op('closeRoom', this.#epoch);
        }
        this.#setState(ConnectionState.Connecting);
        this.#epoch = ++epochs;
        rooms.set(this.#epoch, this);
        this.#connecting = deferred();
        host.op('openRoom', this.#epoch, String(url), String(token));
        return this.#connecting.promise;
    };
    disconnect = async () => {
        if (this.#closing !== null) return this.#closing.promise;
        if (this.state === ConnectionState.Disconnected) return undefined;
        this.#closing = deferred();
        host.op('closeRoom', this.#epoch);
        return this.#closing.promise;
    };
    async prepareConnection() {}
    async simulateScenario(/** @type {string} */ scenario) {
        host.op('simulateScenario', this.#epoch, scenario);
    }
    startAudio = async () => {};
    startVideo = async () => {};

    static async getLocalDevices(/** @type {MediaDeviceKind | undefined} */ kind) {
        const devices = await navigator.mediaDevices.enumerateDevices();
        return kind === undefined ? devices : devices.filter((device) => device.kind === kind);
    }
    getActiveDevice(/** @type {MediaDeviceKind} */ kind) { return this.localParticipant.activeDeviceMap.get(kind); }
    async switchActiveDevice(/** @type {MediaDeviceKind} */ kind, /** @type {string} */ deviceId) {
        if (!DEVICE_KINDS.includes(kind)) throw new TypeError(`no kind of device: ${kind}`);
        const source = {audioinput: Track.Source.Microphone, videoinput: Track.Source.Camera}[kind];
        const track = source && this.localParticipant.getTrackPublication(source)?.track;
        // A published capture is made anew on the device that is the default now.
        if (track && !track.isMuted) host.op('publish', this.#epoch, source === Track.Source.Camera ? 1 : 2, false);
        if (this.getActiveDevice(kind) !== deviceId) {
            this.localParticipant.activeDeviceMap.set(kind, deviceId);
            this.emit(RoomEvent.ActiveDeviceChanged, kind, deviceId);
        }
        return true;
    }

    #setState(state) {
        if (state === this.state) return false;
        this.state = state;
        this.emit(RoomEvent.ConnectionStateChanged, state);
        return true;
    }

    // Reports of the host.
    hear(what, detail) {
        switch (what) {
            case 'connected': this.#joined = detail; break;
            case 'lost': this.#lost(detail); break;
            case 'healed': this.#healed(detail); break;
            case 'ended': this.#ended(detail); break;
            case 'roster': this.#roster(detail); break;
            case 'captured': this.localParticipant.captured(detail); break;
            case 'captureEnded': this.localParticipant.captureEnded(detail); break;
            case 'trackMuted': this.localParticipant.mutedByOther(detail.source, detail.muted); break;
            case 'permissions': this.localParticipant.permitted(detail); break;
            default: host.notModelled(`Room event ${what}`)();
        }
    }
    // Those who are there at the join are told by no event (Room.ts emitWhenConnected).
    #connected(others) {
        const {identity, sid, room} = this.#joined;
        this.#joined = null;
        Object.assign(this.localParticipant, {identity, sid, name: identity, joinedAt: new Date()});
        this.localParticipant.begin(this.#epoch);
        [this.#name, this.#sid] = [room, `RM_${room}`];
        this.emit(RoomEvent.SignalConnected);
        for (const one of others) this.#update(one);
        this.#setState(ConnectionState.Connected);
        this.emit(RoomEvent.Connected);
        for (const participant of this.remoteParticipants.values()) {
            for (const publication of participant.getTrackPublications()) participant.tellSubscribed(publication);
        }
        this.#connecting?.resolve();
        this.#connecting = null;
    }
    // A full reconnect takes everybody away before it is told. A resume whose network is lost, too, is told as one, and takes
    // nobody (EngineEvent.Offline).
    #lost({restarts}) {
        this.#isAway = true;
        if (restarts) for (const [identity, one] of [...this.remoteParticipants]) this.#gone(identity, one);
        const isResume = !restarts && this.state === ConnectionState.Connected;
        const state = isResume ? ConnectionState.SignalReconnecting : ConnectionState.Reconnecting;
        const event = isResume ? RoomEvent.SignalReconnecting : RoomEvent.Reconnecting;
        if (this.#setState(state)) this.emit(event);
    }
    #healed({sid}) {
        const isNew = sid !== this.localParticipant.sid;
        this.localParticipant.sid = sid;
        if (isNew) this.localParticipant.republish();
        this.#isAway = false;
        if (this.#setState(ConnectionState.Connected)) this.emit(RoomEvent.Reconnected);
    }
    #ended(reason) {
        rooms.delete(this.#epoch);
        [this.#epoch, this.#sid, this.#joined, this.#isAway] = [0, '', null, false];
        for (const participant of this.remoteParticipants.values()) participant.unpublishAll(false);
        this.localParticipant.end();
        this.remoteParticipants.clear();
        this.activeSpeakers = [];
        this.#setState(ConnectionState.Disconnected);
        this.emit(RoomEvent.Disconnected, reason);
        this.#closing?.resolve();
        this.#closing = null;
        this.#connecting?.reject(connectionErrorOf(reason));
        this.#connecting = null;
    }
    #roster([me, ...others]) {
        if (this.#joined !== null) return this.#connected(others);
        const present = new Set(others.map(({identity}) => identity));
        for (const [identity, participant] of this.remoteParticipants) {
            if (!present.has(identity)) this.#gone(identity, participant);
        }
        for (const one of others) this.#update(one);
        return this.#speak([[this.localParticipant, me], ...others.map((one) => (
            [this.remoteParticipants.get(one.identity), one]))]);
    }
    #gone(identity, participant) {
        this.remoteParticipants.delete(identity);
        participant.unpublishAll(true);
        this.emit(RoomEvent.ParticipantDisconnected, participant);
    }
    #update({identity, muted, camera, screen}) {
        let participant = this.remoteParticipants.get(identity);
        if (participant === undefined) {
            participant = new RemoteParticipant(`PA_${identity}`, identity);
            this.remoteParticipants.set(identity, participant);
            this.#emitWhenConnected(RoomEvent.ParticipantConnected, participant);
            for (const name of REMOTE_EVENTS) {
                const forward = (...about) => this.#emitWhenConnected(RoomEvent[name], ...about, participant);
                participant.on(ParticipantEvent[name], forward);
            }
            for (const name of REMOTE_ENDS) {
                participant.on(ParticipantEvent[name], (...about) => this.emit(RoomEvent[name], ...about, participant));
            }
            this.#emitWhenConnected(RoomEvent.ParticipantActive, participant);
            this.#emitWhenConnected(RoomEvent.ParticipantPermissionsChanged, undefined, participant);
        }
        const wanted = [[Track.Source.Microphone, true, muted], [Track.Source.Camera, camera, false],
            [Track.Source.ScreenShare, screen, false]];
        for (const [source, isThere, isMuted] of wanted) {
            const publication = participant.getTrackPublication(source);
            if (isThere && publication === undefined) participant.publish(source, isMuted);
            else if (!isThere && publication !== undefined) participant.unpublishTrack(publication.trackSid);
            else publication?.track.setMuted(isMuted);
        }
    }
    #emitWhenConnected(event, ...about) {
        if (this.state === ConnectionState.Connected && !this.#isAway) this.emit(event, ...about);
    }
    #speak(all) {
        for (const [participant, {speaking}] of all) participant.setIsSpeaking(speaking);
        const speakers = all.map(([participant]) => participant).filter(({isSpeaking}) => isSpeaking);
        const isSame = speakers.length === this.activeSpeakers.length
            && speakers.every((one) => this.activeSpeakers.includes(one));
        if (isSame) return;
        this.activeSpeakers = speakers;
        this.#emitWhenConnected(RoomEvent.ActiveSpeakersChanged, speakers);
    }
}
refuse(Room, [
    'registerTextStreamHandler', 'unregisterTextStreamHandler', 'registerByteStreamHandler',
    'unregisterByteStreamHandler', 'registerRpcMethod', 'unregisterRpcMethod', 'setE2EEEnabled',
    'simulateParticipants',
]);
