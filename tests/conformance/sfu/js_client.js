// A window's Rooms on livekit-client, told apart by epoch: what `LiveRooms` is in the Python arm.
//
// Events of the SDK are translated to core's and nothing is decided here. `say` carries each to the rig, with the time of
// this page's monotonic clock in milliseconds.
'use strict';

const { DisconnectReason, Room, RoomEvent, Track } = LivekitClient;
const JOIN_FAILURE = DisconnectReason.JOIN_FAILURE;
// `Source` of oneroom.core.state.
const SOURCES = { 1: Track.Source.Camera, 2: Track.Source.Microphone, 3: Track.Source.ScreenShare };
// Small, for machines with two cores.
const PICTURES = { resolution: { width: 64, height: 48, frameRate: 10 } };
const CREATE = {
    1: async () => LivekitClient.createLocalVideoTrack(PICTURES),
    2: async () => LivekitClient.createLocalAudioTrack(),
    3: async () => (await LivekitClient.createLocalScreenTracks(PICTURES))[0],
};
const ROSTER = [
    RoomEvent.ParticipantConnected,
    RoomEvent.ParticipantDisconnected,
    RoomEvent.TrackPublished,
    RoomEvent.TrackUnpublished,
    RoomEvent.TrackMuted,
    RoomEvent.TrackUnmuted,
    RoomEvent.LocalTrackPublished,
    RoomEvent.LocalTrackUnpublished,
];

class OneRoom {
    constructor(epoch) {
        this.epoch = epoch;
        this.connected = false;
        this.ended = false;
        this.captures = new Map();
        this.room = new Room();
        const lost = () => this.emit('RoomLost');
        this.room
            // A resume and a full reconnect; one that begins as the former may end as the latter.
            .on(RoomEvent.SignalReconnecting, lost)
            .on(RoomEvent.Reconnecting, lost)
            .on(RoomEvent.Reconnected, () => this.emit('RoomHealed', { sid: this.sid }))
            .on(RoomEvent.TrackMuted, (publication, who) => this.muted(publication, who, true))
            .on(RoomEvent.TrackUnmuted, (publication, who) => this.muted(publication, who, false))
            .on(RoomEvent.ParticipantPermissionsChanged, (_, who) => this.permitted(who))
            .on(RoomEvent.Disconnected, (reason) => this.end(reason ?? DisconnectReason.UNKNOWN_REASON));
        for (const event of ROSTER) {
            this.room.on(event, () => this.tellRoster());
        }
    }

    get sid() {
        return this.room.localParticipant.sid;
    }

    emit(kind, more = {}) {
        if (!this.ended) {
            say(JSON.stringify({ at: performance.now(), kind, event: { epoch: this.epoch, ...more } }));
        }
    }

    async connect(url, token) {
        try {
            await this.room.connect(url, token);
        } catch {
            this.end(JOIN_FAILURE);
            return;
        }
        this.connected = true;
        this.emit('RoomConnected', { sid: this.sid });
        this.tellRoster();
    }

    end(reason) {
        for (const capture of this.captures.values()) {
            capture.stopped = true;
            capture.track?.stop();
        }
        this.captures.clear();
        this.emit('RoomEnded', { reason });
        this.ended = true;
    }

    async publish(source, muted) {
        if (this.ended) {
            return;
        }
        if (this.captures.has(source)) {
            if (this.captures.get(source).track) {
                this.emit('CaptureStarted', { source });
            }
            return;
        }
        const capture = { muted, stopped: false, track: null };
        this.captures.set(source, capture);
        const track = await CREATE[source]();
        if (capture.stopped) {
            track.stop();
            return;
        }
        capture.track = track;
        this.emit('CaptureStarted', { source });
        if (capture.muted) {
            await track.mute();
        }
        await this.room.localParticipant.publishTrack(track, {
            source: SOURCES[source],
            simulcast: false,
            stopMicTrackOnMute: false,
        });
    }

    async unpublish(source) {
        const capture = this.captures.get(source);
        if (capture === undefined) {
            return;
        }
        this.captures.delete(source);
        capture.stopped = true;
        if (capture.track) {
            await this.room.localParticipant.unpublishTrack(capture.track, true);
        }
    }

    async setMuted(muted) {
        const capture = this.captures.get(2);
        if (capture === undefined) {
            return;
        }
        capture.muted = muted;
        await (muted ? capture.track?.mute() : capture.track?.unmute());
    }

    // A mute of an own track that was not asked for here.
    muted(publication, who, muted) {
        for (const [source, capture] of this.captures) {
            if (who.isLocal && publication.track === capture.track && capture.muted !== muted) {
                capture.muted = muted;
                this.emit('TrackMuted', { source, muted });
            }
        }
    }

    permitted(who) {
        if (who.isLocal) {
            const { canPublish, canPublishSources } = who.permissions;
            const every = Object.keys(SOURCES).map(Number);
            const allowed = canPublishSources.length ? canPublishSources : every;
            this.emit('PermissionChanged', { sources: canPublish ? allowed : [] });
        }
    }

    tellRoster() {
        if (!this.connected) {
            return;
        }
        const everybody = [this.room.localParticipant, ...this.room.remoteParticipants.values()];
        this.emit('RosterChanged', { participants: everybody.map(participant) });
    }
}

function participant(one) {
    const microphone = one.getTrackPublication(Track.Source.Microphone);
    return {
        identity: one.identity,
        muted: microphone?.isMuted ?? false,
        camera_track: one.getTrackPublication(Track.Source.Camera) !== undefined,
        screen_share_track: one.getTrackPublication(Track.Source.ScreenShare) !== undefined,
    };
}

const rooms = new Map();

// The verbs of the rig. None is waited for.
const client = {
    open(epoch, url, token) {
        rooms.set(epoch, new OneRoom(epoch));
        rooms.get(epoch).connect(url, token);
    },
    close: (epoch) => rooms.get(epoch)?.room.disconnect(),
    publish: (epoch, source, muted) => rooms.get(epoch)?.publish(source, muted),
    unpublish: (epoch, source) => rooms.get(epoch)?.unpublish(source),
    set_muted: (epoch, muted) => rooms.get(epoch)?.setMuted(muted),
    simulate: (epoch, scenario) => rooms.get(epoch)?.room.simulateScenario(scenario),
};
