/**
 * A step of a state machine whose transitions are data.
 *
 * A table maps a state to what may happen in it, and that to the state that follows. Every event is
 * legal in every state: the world may say at any time what no longer matters, and what has no arrow
 * changes nothing.
 */

export type Transitions<State extends number, On extends number> = {
  readonly [From in State]: { readonly [Event in On]?: State };
};

/** The state after `on` if the table has an arrow for it, else undefined: the state stays. */
export function step<State extends number, On extends number>(
  transitions: Transitions<State, On>,
  state: State,
  on: On,
): State | undefined {
  return transitions[state][on];
}
