// Exports of livekit-client that are not modelled: they are there, and fail by their name when they are used.
import {host} from './host.js';

const missing = (name) => host.notModelled(`livekit-client ${name}`);

export const BaseKeyProvider = missing('BaseKeyProvider');
export const Checker = missing('Checker');
export const ConnectionCheck = missing('ConnectionCheck');
export const CryptorError = missing('CryptorError');
export const DataTrackPacket = missing('DataTrackPacket');
export const ExternalE2EEKeyProvider = missing('ExternalE2EEKeyProvider');
export const FrameMetadataManager = missing('FrameMetadataManager');
export const LocalDataTrack = missing('LocalDataTrack');
export const LocalTrackRecorder = missing('LocalTrackRecorder');
export const PacketTrailerManager = missing('PacketTrailerManager');
export const RemoteDataTrack = missing('RemoteDataTrack');
export const TokenSource = missing('TokenSource');
export const TokenSourceConfigurable = missing('TokenSourceConfigurable');
export const TokenSourceFixed = missing('TokenSourceFixed');
export const areTokenSourceFetchOptionsEqual = missing('areTokenSourceFetchOptionsEqual');
export const asEncryptablePacket = missing('asEncryptablePacket');
export const attributes = missing('attributes');
export const createAudioAnalyser = missing('createAudioAnalyser');
export const createE2EEKey = missing('createE2EEKey');
export const createKeyMaterialFromBuffer = missing('createKeyMaterialFromBuffer');
export const createKeyMaterialFromString = missing('createKeyMaterialFromString');
export const decodeTokenPayload = missing('decodeTokenPayload');
export const deriveKeys = missing('deriveKeys');
export const facingModeFromDeviceLabel = missing('facingModeFromDeviceLabel');
export const facingModeFromLocalTrack = missing('facingModeFromLocalTrack');
export const getEmptyAudioStreamTrack = missing('getEmptyAudioStreamTrack');
export const getEmptyVideoStreamTrack = missing('getEmptyVideoStreamTrack');
export const importKey = missing('importKey');
export const isVideoFrame = missing('isVideoFrame');
export const needsRbspUnescaping = missing('needsRbspUnescaping');
export const parseRbsp = missing('parseRbsp');
export const ratchet = missing('ratchet');
export const releaseEmptyAudioStreamTrack = missing('releaseEmptyAudioStreamTrack');
export const writeRbsp = missing('writeRbsp');
