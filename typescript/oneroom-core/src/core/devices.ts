/**
 * Devices: the screen share of the owner window, which needs a fresh gesture there and one prompt
 * at a time.
 *
 * Microphone and camera follow the intent; the screen does not: `getDisplayMedia` demands transient
 * user activation in the window that asks (W3C screen-capture), so a share that was asked for
 * elsewhere waits for a click in the owner window, and a share that was lost with its owner is
 * offered again, never restarted.
 */

import { Share } from './state.js';
import { step, type Transitions } from './transitions.js';

/** The own screen share. */
export enum State {
  OFF = 0,
  WAITING = 1, // wanted, no gesture in this window yet
  ASKING = 2, // the picker is open
  ON = 3,
  LOST = 4, // it was on in a window that is gone
}

/** Events that move it. */
export enum On {
  WANT = 1,
  GESTURE = 2,
  STARTED = 3,
  STOP = 4, // not wanted any more, refused, or ended from outside
  FORGET = 5, // the owner that shared is gone
}

export const TRANSITIONS: Transitions<State, On> = {
  [State.OFF]: { [On.WANT]: State.WAITING, [On.FORGET]: State.LOST },
  [State.WAITING]: { [On.GESTURE]: State.ASKING, [On.STOP]: State.OFF },
  [State.ASKING]: { [On.STARTED]: State.ON, [On.STOP]: State.OFF },
  [State.ON]: { [On.STOP]: State.OFF },
  [State.LOST]: { [On.WANT]: State.WAITING, [On.STOP]: State.OFF },
};

export const SHOWN: { readonly [Shown in State]: Share } = {
  [State.OFF]: Share.OFF,
  [State.WAITING]: Share.OFF,
  [State.ASKING]: Share.OFF,
  [State.ON]: Share.ON,
  [State.LOST]: Share.OFFERED_AGAIN,
};

/**
 * How long a user activation lasts: 5 s in Chromium, 1 s to 5 s in WebKit (HTML leaves it to the
 * browser). A click that is older opens no picker; of a younger one the SDK's own answer decides.
 */
export const ACTIVATION_US = 5_000_000;

export class ScreenShare {
  state = State.OFF;
  private gesturedUs = -ACTIVATION_US - 1;

  /** Follow the table; false if `on` means nothing in the present state. */
  move(on: On): boolean {
    const state = step(TRANSITIONS, this.state, on);
    if (state === undefined) return false;
    this.state = state;
    return true;
  }

  /** The user clicked in this window; true if a waiting share may ask now. */
  gestured(nowUs: number): boolean {
    this.gesturedUs = nowUs;
    return this.move(On.GESTURE);
  }

  /**
   * The user wants to share; true if the picker may open at once. Whoever asked in another window
   * has the focus there, and a click here before that counts for nothing.
   */
  want(nowUs: number, here: boolean): boolean {
    if (!this.move(On.WANT) || !here) return false;
    return nowUs - this.gesturedUs <= ACTIVATION_US && this.move(On.GESTURE);
  }
}
