/** Configuration of one window when its script starts. */

import { TIMINGS, type Timings } from './timings.js';

/**
 * `instance_id` is new for every runtime (a reload is a new instance). `main` marks the window that
 * policies prefer. `hidden` says that it opens in the background (`document.visibilityState`).
 * `jitter_us` is this window's own constant stagger, drawn by the driver: the core draws nothing.
 */
export interface Config {
  readonly instance_id: string;
  readonly main: boolean;
  readonly jitter_us: number;
  readonly timings: Timings;
  readonly hidden: boolean;
}

export function config(instance_id: string, changed: Partial<Config> = {}): Config {
  return { instance_id, main: false, jitter_us: 0, timings: TIMINGS, hidden: false, ...changed };
}
