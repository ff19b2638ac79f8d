// Errors of livekit-client, with its codes (errors.ts).
import {ConnectionErrorReason, DataStreamErrorReason} from './enums.js';

export class LivekitError extends Error {
    constructor(code, message, options) {
        super(message || 'an error has occured', options);
        this.name = 'LivekitError';
        this.code = code;
    }
}
export class LivekitReasonedError extends LivekitError {
    /** @type {any} */
    reason;
    /** @type {string} */
    reasonName;
}

export class ConnectionError extends LivekitReasonedError {
    /** @type {'ConnectionError'} */
    name = 'ConnectionError';
    constructor(message, reason, status, context) {
        super(1, message);
        this.status = status;
        this.reason = reason;
        this.context = context;
        this.reasonName = ConnectionErrorReason[reason];
    }
    static notAllowed(message, status, context) {
        return new ConnectionError(message, ConnectionErrorReason.NotAllowed, status, context);
    }
    static timeout(message) { return new ConnectionError(message, ConnectionErrorReason.Timeout); }
    static leaveRequest(message, context) {
        return new ConnectionError(message, ConnectionErrorReason.LeaveRequest, undefined, context);
    }
    static internal(message, context) {
        return new ConnectionError(message, ConnectionErrorReason.InternalError, undefined, context);
    }
    static cancelled(message) { return new ConnectionError(message, ConnectionErrorReason.Cancelled); }
    static serverUnreachable(message, status) {
        return new ConnectionError(message, ConnectionErrorReason.ServerUnreachable, status);
    }
    static websocket(message, status, reason) {
        return new ConnectionError(message, ConnectionErrorReason.WebSocket, status, reason);
    }
    static serviceNotFound(message, serviceName) {
        return new ConnectionError(message, ConnectionErrorReason.ServiceNotFound, undefined, serviceName);
    }
}

// An error class with a code and a message of its own.
function error(name, code, otherwise) {
    return {[name]: class extends LivekitError {
        constructor(message = otherwise) {
            super(code, message);
            this.name = name;
        }
    }}[name];
}
export const SimulatedError = error('SimulatedError', -1, 'Simulated failure');
export const TrackInvalidError = error('TrackInvalidError', 20, 'track is invalid');
export const DeviceUnsupportedError = error('DeviceUnsupportedError', 21, 'device is unsupported');
export const UnsupportedServer = error('UnsupportedServer', 10, 'unsupported server');
export const UnexpectedConnectionState = error('UnexpectedConnectionState', 12, 'unexpected connection state');
export const NegotiationError = error('NegotiationError', 13, 'unable to negotiate');
export const PublishDataError = error('PublishDataError', 14, 'unable to publish data');
export const SignalReconnectError = error('SignalReconnectError', 18, 'unable to reconnect');

export class PublishTrackError extends LivekitError {
    /** @type {'PublishTrackError'} */
    name = 'PublishTrackError';
    constructor(message, status) {
        super(15, message);
        this.status = status;
    }
}
export class SignalRequestError extends LivekitReasonedError {
    /** @type {'SignalRequestError'} */
    name = 'SignalRequestError';
    constructor(message, reason) {
        super(15, message);
        this.reason = reason;
        this.reasonName = String(reason);
    }
}
export class DataStreamError extends LivekitReasonedError {
    /** @type {'DataStreamError'} */
    name = 'DataStreamError';
    constructor(message, reason) {
        super(16, message);
        this.reason = reason;
        this.reasonName = DataStreamErrorReason[reason];
    }
}
export class RpcError extends Error {
    constructor(/** @type {number} */ code, /** @type {string} */ message, /** @type {string | undefined} */ data) {
        super(message);
        this.code = code;
        this.data = data;
    }
}
export const canFailOverToAnotherRegion = ({reason}) => (
    reason === ConnectionErrorReason.ServerUnreachable || reason === ConnectionErrorReason.Timeout
    || reason === ConnectionErrorReason.InternalError || reason === ConnectionErrorReason.WebSocket);

const FAILURES = {
    NotFoundError: 'NotFound', DevicesNotFoundError: 'NotFound', NotAllowedError: 'PermissionDenied',
    PermissionDeniedError: 'PermissionDenied', NotReadableError: 'DeviceInUse', TrackStartError: 'DeviceInUse',
};
export const MediaDeviceFailure = Object.freeze({
    PermissionDenied: 'PermissionDenied', NotFound: 'NotFound', DeviceInUse: 'DeviceInUse', Other: 'Other',
    getFailure: (error) => (error && 'name' in error ? FAILURES[error.name] ?? 'Other' : undefined),
});
