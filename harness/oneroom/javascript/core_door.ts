/**
 * The door through which the simulator drives machines of `oneroom-core`: JSON texts in and out.
 * All machines of a process live in one engine, by number.
 */

import { Chat, Coordinator, POLICIES, type Config } from "oneroom-core";

interface Machine {
  handle(event: never, nowUs: number): readonly unknown[];
}

const machines: (Machine | undefined)[] = [];
const free: number[] = [];
// Events that are handed in more than once (a message has many receivers), by the harness's number.
const kept: unknown[] = [];

function add(machine: Machine): number {
  const number = free.pop() ?? machines.length;
  machines[number] = machine;
  return number;
}

function coordinator(number: number): Coordinator {
  return machines[number] as Coordinator;
}

Object.assign(globalThis, {
  createCoordinator(config: string, policy: string): number {
    const found = POLICIES[policy];
    if (!found) throw new RangeError(`oneroom-core has no policy ${policy}`);
    return add(new Coordinator(JSON.parse(config) as Config, found));
  },

  createChat(config: string): number {
    return add(new Chat(JSON.parse(config) as Config));
  },

  drop(number: number): void {
    machines[number] = undefined;
    free.push(number);
  },

  /** Keep an event under `number`, for `handleKept`. */
  keep(number: number, event: string): void {
    kept[number] = JSON.parse(event);
  },

  handle(number: number, nowUs: number, event: string): string | null {
    return turn(number, nowUs, JSON.parse(event));
  },

  handleKept(number: number, nowUs: number, event: number): string | null {
    return turn(number, nowUs, kept[event]);
  },

  watchUs(number: number): number {
    return coordinator(number).watchUs();
  },

  /** What a coordinator believes, for steps and tests that look into it. */
  look(number: number): string {
    const { election, ownership, mirror, out } = coordinator(number);
    return JSON.stringify({
      role: election.role,
      term: election.term,
      session_state: ownership.session.state,
      epoch: ownership.session.epoch,
      mirror_term: mirror.term,
      mirror_number: mirror.number,
      seq: out.seq,
      requests: out.requests,
    });
  },

  /** The same of a chat. */
  lookAtChat(number: number): string {
    const { state, epoch, channels, unconfirmed } = machines[number] as Chat;
    const shown = Array.from(channels.values(), (cache) => ({
      name: cache.name,
      cursor: cache.cursor,
      latest: cache.latest,
      request: cache.request,
    }));
    return JSON.stringify({
      state,
      epoch,
      channels: shown,
      unconfirmed: unconfirmed.map((message) => message.number),
    });
  },
});

/** One turn; null for the many that ask for nothing. */
function turn(number: number, nowUs: number, event: unknown): string | null {
  const actions = (machines[number] as Machine).handle(event as never, nowUs);
  return actions.length ? JSON.stringify(actions) : null;
}
