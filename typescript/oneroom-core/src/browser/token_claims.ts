/** What a LiveKit access token says of itself: a JWT, whose claims anybody can read. */

interface Claims {
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
}

/**
 * For how many seconds from its minting a token is good, by its own claims; 0 for a text that does
 * not tell. Both ends are the clock of who minted it, so that of this machine may be wrong. Claims
 * are whole seconds: it may be good for one less than their difference.
 */
export function validSecondsOf(token: string): number {
  const { exp, nbf, iat } = claimsOf(token);
  const from = nbf || iat;
  return exp && from ? Math.max(exp - from - 1, 0) : 0;
}

function claimsOf(token: string): Claims {
  try {
    const [, payload = ''] = token.split('.');
    return JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as Claims;
  } catch {
    return {};
  }
}
