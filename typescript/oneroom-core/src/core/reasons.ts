/**
 * Reasons for the end of a Room: LiveKit's `DisconnectReason`, by its own names and numbers
 * (livekit protocol `livekit_models.proto`). Only what a client does about each reason is ours.
 */

export enum Reason {
  UNKNOWN = 0,
  CLIENT_INITIATED = 1,
  DUPLICATE_IDENTITY = 2,
  SERVER_SHUTDOWN = 3,
  PARTICIPANT_REMOVED = 4,
  ROOM_DELETED = 5,
  STATE_MISMATCH = 6,
  JOIN_FAILURE = 7,
  MIGRATION = 8,
  SIGNAL_CLOSE = 9,
  ROOM_CLOSED = 10,
  USER_UNAVAILABLE = 11,
  USER_REJECTED = 12,
  SIP_TRUNK_FAILURE = 13,
  CONNECTION_TIMEOUT = 14,
  MEDIA_FAILURE = 15,
  AGENT_ERROR = 16,
}

/**
 * Somebody decided that this user is not in the call. Coming back by ourselves would be fighting
 * that.
 */
export const FINAL: ReadonlySet<Reason> = new Set([
  Reason.PARTICIPANT_REMOVED,
  Reason.ROOM_DELETED,
  Reason.ROOM_CLOSED,
]);

/**
 * The server refused to let the client in, or could not be reached. livekit-client reports a
 * refused token as USER_REJECTED (utils.ts getDisconnectReasonFromConnectionError; 2.23.0, seen).
 */
export const NOT_ADMITTED: ReadonlySet<Reason> = new Set([
  Reason.JOIN_FAILURE,
  Reason.USER_REJECTED,
]);
