// Enumerations of livekit-client 2.23.0, by its names and values.

// Bundlers leave out the enumerations that an app does not use.
/**
 * @template const T
 * @param {T} names
 * @returns {Readonly<T>}
 */
/* @__NO_SIDE_EFFECTS__ */
function named(names) { return Object.freeze(names); }
// As TypeScript compiles it: names by number, too.
/* @__NO_SIDE_EFFECTS__ */
function numbered(names) {
    const both = {...names};
    for (const [name, number] of Object.entries(names)) both[number] = name;
    return Object.freeze(both);
}

export const ConnectionState = named({
    Disconnected: 'disconnected', Connecting: 'connecting', Connected: 'connected', Reconnecting: 'reconnecting',
    SignalReconnecting: 'signalReconnecting',
});
export const ConnectionErrorReason = numbered({
    NotAllowed: 0, ServerUnreachable: 1, InternalError: 2, Cancelled: 3, LeaveRequest: 4, Timeout: 5, WebSocket: 6,
    ServiceNotFound: 7,
});
export const ConnectionQuality = named({
    Excellent: 'excellent', Good: 'good', Poor: 'poor', Lost: 'lost', Unknown: 'unknown',
});
export const DisconnectReason = numbered({
    UNKNOWN_REASON: 0, CLIENT_INITIATED: 1, DUPLICATE_IDENTITY: 2, SERVER_SHUTDOWN: 3, PARTICIPANT_REMOVED: 4,
    ROOM_DELETED: 5, STATE_MISMATCH: 6, JOIN_FAILURE: 7, MIGRATION: 8, SIGNAL_CLOSE: 9, ROOM_CLOSED: 10,
    USER_UNAVAILABLE: 11, USER_REJECTED: 12, SIP_TRUNK_FAILURE: 13, CONNECTION_TIMEOUT: 14, MEDIA_FAILURE: 15,
    AGENT_ERROR: 16,
});
export const RoomEvent = named({
    Connected: 'connected', Reconnecting: 'reconnecting', SignalReconnecting: 'signalReconnecting',
    Reconnected: 'reconnected', Disconnected: 'disconnected', ConnectionStateChanged: 'connectionStateChanged',
    Moved: 'moved', MediaDevicesChanged: 'mediaDevicesChanged', ParticipantConnected: 'participantConnected',
    ParticipantDisconnected: 'participantDisconnected', TrackPublished: 'trackPublished',
    TrackSubscribed: 'trackSubscribed', TrackSubscriptionFailed: 'trackSubscriptionFailed',
    TrackUnpublished: 'trackUnpublished', TrackUnsubscribed: 'trackUnsubscribed', TrackMuted: 'trackMuted',
    TrackUnmuted: 'trackUnmuted', LocalTrackPublished: 'localTrackPublished',
    LocalTrackUnpublished: 'localTrackUnpublished', LocalAudioSilenceDetected: 'localAudioSilenceDetected',
    ActiveSpeakersChanged: 'activeSpeakersChanged', ParticipantMetadataChanged: 'participantMetadataChanged',
    ParticipantNameChanged: 'participantNameChanged', ParticipantAttributesChanged: 'participantAttributesChanged',
    ParticipantActive: 'participantActive', RoomMetadataChanged: 'roomMetadataChanged',
    DataReceived: 'dataReceived', SipDTMFReceived: 'sipDTMFReceived',
    TranscriptionReceived: 'transcriptionReceived', ConnectionQualityChanged: 'connectionQualityChanged',
    TrackStreamStateChanged: 'trackStreamStateChanged',
    TrackSubscriptionPermissionChanged: 'trackSubscriptionPermissionChanged',
    TrackSubscriptionStatusChanged: 'trackSubscriptionStatusChanged',
    AudioPlaybackStatusChanged: 'audioPlaybackChanged', VideoPlaybackStatusChanged: 'videoPlaybackChanged',
    MediaDevicesError: 'mediaDevicesError', ParticipantPermissionsChanged: 'participantPermissionsChanged',
    SignalConnected: 'signalConnected', RecordingStatusChanged: 'recordingStatusChanged',
    ParticipantEncryptionStatusChanged: 'participantEncryptionStatusChanged', EncryptionError: 'encryptionError',
    DCBufferStatusChanged: 'dcBufferStatusChanged', ActiveDeviceChanged: 'activeDeviceChanged',
    ChatMessage: 'chatMessage', LocalTrackSubscribed: 'localTrackSubscribed', MetricsReceived: 'metricsReceived',
    DataTrackPublished: 'dataTrackPublished', DataTrackUnpublished: 'dataTrackUnpublished',
    LocalDataTrackPublished: 'localDataTrackPublished', LocalDataTrackUnpublished: 'localDataTrackUnpublished',
});
export const ParticipantEvent = named({
    TrackPublished: 'trackPublished', TrackSubscribed: 'trackSubscribed',
    TrackSubscriptionFailed: 'trackSubscriptionFailed', TrackUnpublished: 'trackUnpublished',
    TrackUnsubscribed: 'trackUnsubscribed', TrackMuted: 'trackMuted', TrackUnmuted: 'trackUnmuted',
    LocalTrackPublished: 'localTrackPublished', LocalTrackUnpublished: 'localTrackUnpublished',
    LocalTrackCpuConstrained: 'localTrackCpuConstrained', LocalSenderCreated: 'localSenderCreated',
    ParticipantMetadataChanged: 'participantMetadataChanged', ParticipantNameChanged: 'participantNameChanged',
    DataReceived: 'dataReceived', SipDTMFReceived: 'sipDTMFReceived',
    TranscriptionReceived: 'transcriptionReceived', IsSpeakingChanged: 'isSpeakingChanged',
    ConnectionQualityChanged: 'connectionQualityChanged', TrackStreamStateChanged: 'trackStreamStateChanged',
    TrackSubscriptionPermissionChanged: 'trackSubscriptionPermissionChanged',
    TrackSubscriptionStatusChanged: 'trackSubscriptionStatusChanged', TrackCpuConstrained: 'trackCpuConstrained',
    MediaDevicesError: 'mediaDevicesError', AudioStreamAcquired: 'audioStreamAcquired',
    ParticipantPermissionsChanged: 'participantPermissionsChanged', PCTrackAdded: 'pcTrackAdded',
    AttributesChanged: 'attributesChanged', LocalTrackSubscribed: 'localTrackSubscribed',
    ChatMessage: 'chatMessage', Active: 'active',
});
export const TrackEvent = named({
    Message: 'message', Muted: 'muted', Unmuted: 'unmuted', Restarted: 'restarted', Ended: 'ended',
    Subscribed: 'subscribed', Unsubscribed: 'unsubscribed', CpuConstrained: 'cpuConstrained',
    UpdateSettings: 'updateSettings', UpdateSubscription: 'updateSubscription',
    AudioPlaybackStarted: 'audioPlaybackStarted', AudioPlaybackFailed: 'audioPlaybackFailed',
    AudioSilenceDetected: 'audioSilenceDetected', VisibilityChanged: 'visibilityChanged',
    VideoDimensionsChanged: 'videoDimensionsChanged', VideoPlaybackStarted: 'videoPlaybackStarted',
    VideoPlaybackFailed: 'videoPlaybackFailed', ElementAttached: 'elementAttached',
    ElementDetached: 'elementDetached', UpstreamPaused: 'upstreamPaused', UpstreamResumed: 'upstreamResumed',
    SubscriptionPermissionChanged: 'subscriptionPermissionChanged',
    SubscriptionStatusChanged: 'subscriptionStatusChanged', SubscriptionFailed: 'subscriptionFailed',
    TrackProcessorUpdate: 'trackProcessorUpdate', AudioTrackFeatureUpdate: 'audioTrackFeatureUpdate',
    TranscriptionReceived: 'transcriptionReceived', TimeSyncUpdate: 'timeSyncUpdate',
    PreConnectBufferFlushed: 'preConnectBufferFlushed',
});
export const EngineEvent = named({
    TransportsCreated: 'transportsCreated', Connected: 'connected', Disconnected: 'disconnected',
    Resuming: 'resuming', Resumed: 'resumed', Restarting: 'restarting', Restarted: 'restarted',
    SignalResumed: 'signalResumed', SignalRestarted: 'signalRestarted', Closing: 'closing',
    MediaTrackAdded: 'mediaTrackAdded', ActiveSpeakersUpdate: 'activeSpeakersUpdate',
    DataPacketReceived: 'dataPacketReceived', RTPVideoMapUpdate: 'rtpVideoMapUpdate',
    DCBufferStatusChanged: 'dcBufferStatusChanged', ParticipantUpdate: 'participantUpdate',
    RoomUpdate: 'roomUpdate', SpeakersChanged: 'speakersChanged', StreamStateChanged: 'streamStateChanged',
    ConnectionQualityUpdate: 'connectionQualityUpdate', SubscriptionError: 'subscriptionError',
    SubscriptionPermissionUpdate: 'subscriptionPermissionUpdate', RemoteMute: 'remoteMute',
    SubscribedQualityUpdate: 'subscribedQualityUpdate', LocalTrackUnpublished: 'localTrackUnpublished',
    LocalTrackSubscribed: 'localTrackSubscribed', Offline: 'offline',
    SignalRequestResponse: 'signalRequestResponse', SignalConnected: 'signalConnected', RoomMoved: 'roomMoved',
    PublishDataTrackResponse: 'publishDataTrackResponse', UnPublishDataTrackResponse: 'unPublishDataTrackResponse',
    DataTrackSubscriberHandles: 'dataTrackSubscriberHandles', DataTrackPacketReceived: 'dataTrackPacketReceived',
    Joined: 'joined', TokenRefreshed: 'tokenRefreshed', ServerRegionsReported: 'serverRegionsReported',
    RequestSubscribedCodecRefresh: 'requestSubscribedCodecRefresh',
});
export const ParticipantKind = numbered({
    STANDARD: 0, INGRESS: 1, EGRESS: 2, SIP: 3, AGENT: 4, CONNECTOR: 7, BRIDGE: 8,
});
export const DataPacket_Kind = numbered({
    RELIABLE: 0, LOSSY: 1,
});
export const SubscriptionError = numbered({
    SE_UNKNOWN: 0, SE_CODEC_UNSUPPORTED: 1, SE_TRACK_NOTFOUND: 2,
});
export const TrackType = numbered({
    AUDIO: 0, VIDEO: 1, DATA: 2,
});
export const Encryption_Type = numbered({
    NONE: 0, GCM: 1, CUSTOM: 2,
});
export const EncryptionEvent = named({
    ParticipantEncryptionStatusChanged: 'participantEncryptionStatusChanged', EncryptionError: 'encryptionError',
});
export const VideoQuality = numbered({
    LOW: 0, MEDIUM: 1, HIGH: 2,
});
export const LogLevel = numbered({
    trace: 0, debug: 1, info: 2, warn: 3, error: 4, silent: 5,
});
export const LoggerNames = named({
    Default: 'livekit', Room: 'livekit-room', TokenSource: 'livekit-token-source',
    Participant: 'livekit-participant', Track: 'livekit-track', Publication: 'livekit-track-publication',
    Engine: 'livekit-engine', Signal: 'livekit-signal', PCManager: 'livekit-pc-manager',
    PCTransport: 'livekit-pc-transport', E2EE: 'lk-e2ee', DataTracks: 'livekit-data-tracks',
    Region: 'livekit-region', ICE: 'livekit-ice', Stats: 'livekit-stats',
});
export const BackupCodecPolicy = numbered({
    PREFER_REGRESSION: 0, SIMULCAST: 1, REGRESSION: 2,
});
export const CheckStatus = numbered({
    IDLE: 0, RUNNING: 1, SKIPPED: 2, SUCCESS: 3, FAILED: 4,
});
export const CryptorErrorReason = numbered({
    InvalidKey: 0, MissingKey: 1, InternalError: 2,
});
export const CryptorEvent = named({
    Error: 'cryptorError',
});
export const DataStreamErrorReason = numbered({
    AlreadyOpened: 0, AbnormalEnd: 1, DecodeFailed: 2, LengthExceeded: 3, Incomplete: 4,
    HandlerAlreadyRegistered: 7, EncryptionTypeMismatch: 8, HeaderTooLarge: 9, PayloadTooLarge: 10,
});
export const KeyHandlerEvent = named({
    KeyRatcheted: 'keyRatcheted',
});
export const KeyProviderEvent = named({
    SetKey: 'setKey', RatchetRequest: 'ratchetRequest', KeyRatcheted: 'keyRatcheted',
});

export const version = '2.23.0';
export const protocolVersion = 17;
export const clientProtocol = 2;
export const CLIENT_PROTOCOL_DEFAULT = 0;
export const CLIENT_PROTOCOL_DATA_STREAM_RPC = 1;
export const CLIENT_PROTOCOL_DATA_STREAM_V2 = 2;
/** @type {readonly ['opus', 'red']} */
export const audioCodecs = named(['opus', 'red']);
/** @type {readonly ['vp8', 'h264', 'vp9', 'av1', 'h265']} */
export const videoCodecs = named(['vp8', 'h264', 'vp9', 'av1', 'h265']);
