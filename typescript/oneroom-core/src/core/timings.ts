/**
 * The time-outs of the owner machine, all in one place. Integer microseconds, each with the reason
 * for its default.
 */

/** Time-outs of one window. All windows of one user must run with the same values. */
export interface Timings {
  /**
   * Hidden pages wake once a second (Chrome timer alignment): a faster heartbeat would only look
   * faster.
   */
  readonly heartbeat_us: number;
  /**
   * The heartbeat's time-out: one may be lost and one be late by that second without any suspicion.
   */
  readonly lease_us: number;
  /**
   * A living page, frozen or not, answers in 3-5 ms (Chromium 156); the rest is for a busy main
   * thread.
   */
  readonly probe_us: number;
  /** How long a claim with a stolen lock waits for a contradiction. */
  readonly claim_us: number;
  /** How often a command without an answer, or a request to hand over, is repeated. */
  readonly resend_us: number;
  /**
   * After this the user is told that a command did not get through. A disconnect is never given up.
   */
  readonly command_ttl_us: number;
  /** A hand-over that is not finished by then is abandoned by the side that waits. */
  readonly handoff_us: number;
  /**
   * First pause before a Room that ended by itself is opened again; doubles up to `retry_max_us`.
   */
  readonly retry_us: number;
  readonly retry_max_us: number;
  /**
   * How long before its expiry a token is renewed. Tokens that live shorter than four times this
   * are renewed in the last quarter of their life.
   */
  readonly token_ahead_us: number;
  /** An evicted owner lets the zombie hear its heartbeat before it takes the Room back, once. */
  readonly reclaim_us: number;
  /** First pause before the chat socket is opened again; doubles up to `chat_retry_max_us`. */
  readonly chat_retry_us: number;
  readonly chat_retry_max_us: number;
  /** A chat socket that does not open is given up after this (Socket.IO's default). */
  readonly chat_connect_us: number;
  /**
   * A chat socket that says nothing is dead: the server beats every 25 s and grants 20 s for the
   * answer.
   */
  readonly chat_silence_us: number;
}

export const TIMINGS: Timings = {
  heartbeat_us: 1_000_000,
  lease_us: 3_000_000,
  probe_us: 500_000,
  claim_us: 300_000,
  resend_us: 500_000,
  command_ttl_us: 10_000_000,
  handoff_us: 2_000_000,
  retry_us: 1_000_000,
  retry_max_us: 10_000_000,
  token_ahead_us: 300_000_000,
  reclaim_us: 1_000_000,
  chat_retry_us: 1_000_000,
  chat_retry_max_us: 5_000_000,
  chat_connect_us: 20_000_000,
  chat_silence_us: 45_000_000,
};
