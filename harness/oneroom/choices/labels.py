"""The labels of draws.

They are small integers in a tape, so their numbers are never reused or changed; add at the end.
"""

from __future__ import annotations

import enum


class Label(enum.IntEnum):
    """The subject of a draw."""

    # which of several events of one instant comes first; 0 is the order in which they were
    # scheduled
    TIE = 1
    FATE = 2  # a bus message's fate on one link: lost, or after how long
    DUPLICATE = 3  # whether a bus message arrives twice
    STEP_TIME = 4  # when a step with a range happens
    OPEN_TIME = 5  # when a window with a range opens
    STORAGE_DELAY = 6  # how long a write takes to reach another process
    LOCK_DELAY = 7  # how long the lock manager takes
    MINT_DELAY = 8  # how long the application's server takes to mint a token
    SIGNAL_DELAY = 9  # one way, window to SFU
    MEDIA_DELAY = 10  # until media is connected after a join
    RETRY_JITTER = 11  # the SDK's own random part of a retry delay
    JITTER = 12  # a window's own constant jitter
    PROMPT_ANSWER = 13  # how long the user looks at a permission prompt
    STALL_TIME = 14  # how long a stall or stop lasts
    LATENCY = 15  # other browser-internal hand-overs (crash detection, unload)
    PHASE = 16  # where in a periodic tick something starts
    SEVERED = 17  # not drawn any more: an SDK always takes a broken resume in the same way
    # whether a fault, a kind of step, another window exists in a fuzzed run; 0 is that it does not
    SWARM_FEATURE = 18
    # how large the delays, losses and pauses of a fuzzed run are; 0 is as in the scenario's file
    SWARM_SCALE = 19
    # what the next step of a fuzzed run does: how many more there are, which verb, which window
    SWARM_STEP = 20
    SWARM_TIME = 21  # how long until the next step of a fuzzed run
    SWARM_VALUE = 22  # an argument of a step of a fuzzed run
    CHAT_PUSH = 23  # whether the chat server's push of a message to one socket is lost
    CHAT_STORE = 24  # how long the chat server takes to store a message
    IPC_DELAY = 25  # from a webview to its shell's process
    LOAD_TIME = 26  # until the script of a new document runs
    # until a shell notices that a content process has died, and loads the window again
    RELOAD_TIME = 27
    LAST_WORDS = 28  # whether a server that shuts down still gets its goodbye to a client across
    # how many storage events wait while their process takes up what came during a long task
    STORAGE_BEHIND = 29
    # whether a join that comes with another one of its identity has to begin again inside the
    # server
    JOIN_RACE = 30
    POLICY_DRAW = 31  # what a policy draws for itself
    SUSPEND_TIME = 32  # after how long hidden a WebView suspends its page
    FETCH_ORDER = 33  # which of the answers that came during a freeze is told first
    DOCUMENT_SEED = 34  # what `Math.random` and `crypto` begin with in a document of an app
    APP_ANSWER = 35  # how long the app's own server takes for an answer without a token
    LOCK_PERMISSION = 36  # until a new document may use Web Locks
    UNLOAD_TIME = 37  # from `beforeunload` to `pagehide`
    # whether a kind of step is enabled in a fuzzed run; the highest value is that it is
    SWARM_VERB = 38


SWARM_LABELS = frozenset(
    (
        Label.SWARM_FEATURE,
        Label.SWARM_SCALE,
        Label.SWARM_STEP,
        Label.SWARM_TIME,
        Label.SWARM_VALUE,
        Label.SWARM_VERB,
    )
)
"""The labels of the draws that make a fuzzed scenario, not of those that play it."""
