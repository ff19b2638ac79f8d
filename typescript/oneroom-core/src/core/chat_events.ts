/**
 * Chat: what a window's chat hears, what it wants done, and the message that travels.
 *
 * Values only, as in `events.ts` and `actions.ts`. What a socket says carries the `epoch` of that
 * socket, because the `close` event of an old one comes late (Chromium: up to 60 s); what history
 * answers carries the number of the request.
 */

import type { Event } from './events.js';

/**
 * One message as the server has stored it: the `seq`-th of its channel, from 1 without a gap.
 * (`sender`, `number`) is the id that the client gave it: the instance id of the window that sent
 * it and its count there. It is ("", 0) for what others wrote.
 */
export interface ChatMessage {
  readonly id: number;
  readonly channel: string;
  readonly seq: number;
  readonly author: string;
  readonly sender: string;
  readonly number: number;
  readonly text: string;
}

/** The `seq` of the newest message of a channel, as the server has it. */
export interface Latest {
  readonly channel: string;
  readonly seq: number;
}

/** The timers of a window's chat. Arming one again moves it. */
export enum ChatTimer {
  RETRY = 0, // the pause before the next socket
  SILENCE = 1, // the socket has said nothing for too long
  HISTORY = 2, // the pause before history is asked again
}

/** What the chat socket `epoch` says. */
export type SocketEvent =
  /** The server has taken the socket up: whatever it stores after `latest` will be pushed. */
  | { readonly type: 'SocketOpened'; readonly epoch: number; readonly latest: readonly Latest[] }
  /** The server asks whether anybody is there, and says what it has: a push may have got lost. */
  | { readonly type: 'SocketBeat'; readonly epoch: number; readonly latest: readonly Latest[] }
  /** A message was pushed: somebody's new one, or the stored one in answer to one sent twice. */
  | { readonly type: 'SocketReceived'; readonly epoch: number; readonly message: ChatMessage }
  /** The `close` event: refused, broken, closed by the server, or at last closed as wanted. */
  | { readonly type: 'SocketClosed'; readonly epoch: number };

/** What the chat hears of the page, beside what is its own. */
type PageEvent = Extract<Event, { type: 'Started' | 'PageHide' | 'WallClockJumped' }>;

export type ChatEvent =
  /** The user wrote a message in this window. */
  | { readonly type: 'Written'; readonly channel: string; readonly text: string }
  /** An armed timer is due, or overdue. */
  | { readonly type: 'ChatTimerFired'; readonly timer: ChatTimer }
  /** Answer to `FetchHistory`: messages of one channel in order, as many as asked for or all. */
  | {
      readonly type: 'HistoryLoaded';
      readonly request: number;
      readonly channel: string;
      readonly messages: readonly ChatMessage[];
    }
  /** Request `request` came to nothing. */
  | { readonly type: 'HistoryFailed'; readonly request: number; readonly channel: string }
  | SocketEvent
  | PageEvent;

export type ChatAction =
  /** Open a socket: `SocketOpened`, or `SocketClosed`. */
  | { readonly type: 'OpenSocket'; readonly epoch: number }
  /** Close a socket in any state; its `SocketClosed` may come much later. */
  | { readonly type: 'CloseSocket'; readonly epoch: number }
  /** Tell the server that this window is there. */
  | { readonly type: 'AnswerBeat'; readonly epoch: number }
  /** Send the user's message `number` of this window, for the first time or again. */
  | {
      readonly type: 'SendMessage';
      readonly epoch: number;
      readonly channel: string;
      readonly number: number;
      readonly text: string;
    }
  /** Ask for at most `limit` messages of a channel after `after`. */
  | {
      readonly type: 'FetchHistory';
      readonly request: number;
      readonly channel: string;
      readonly after: number;
      readonly limit: number;
    }
  /** (Re)arm a timer for the monotonic time `at_us` of this window. */
  | { readonly type: 'ArmChat'; readonly timer: ChatTimer; readonly at_us: number }
  /** A disarmed timer does not fire, even when it is already due. */
  | { readonly type: 'DisarmChat'; readonly timer: ChatTimer }
  /** The user's message `number` stands at the end of the channel, marked as not sent yet. */
  | { readonly type: 'MessageWritten'; readonly channel: string; readonly number: number }
  /** The channel now shows this message, behind all that it showed before. */
  | { readonly type: 'MessageShown'; readonly message: ChatMessage }
  /** The user's message `number` is stored as message `id`; its mark is taken away. */
  | { readonly type: 'MessageConfirmed'; readonly number: number; readonly id: number };
