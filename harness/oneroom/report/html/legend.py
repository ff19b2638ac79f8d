"""The legend of a failure page: the encodings that its run makes use of, in words."""

from __future__ import annotations

from collections.abc import Collection

# What is drawn as a sample, the words, and the styles, marks or arrows that call for it.
_ENTRIES = (
    ("room connected", "holds a Room, connected", ("room connected",)),
    ("room opening", "… opening", ("room opening",)),
    ("room reconnecting", "… reconnecting", ("room reconnecting",)),
    ("casing several", "two Rooms at once", ("casing several",)),
    ("line owner", "owner", ("owner",)),
    ("line handing-over", "owner that hands over", ("handing-over",)),
    ("line candidate", "candidate", ("candidate",)),
    ("line follower", "follower", ("follower",)),
    ("line retired", "retired", ("retired",)),
    ("line follower hidden", "hidden", ("hidden",)),
    ("pause paused", "does not run: frozen, stalled, asleep", ("paused",)),
    ("mic live", "microphone live", ("mic live",)),
    ("mic muted", "microphone muted", ("mic muted",)),
    ("camera live", "camera", ("camera live",)),
    ("screen live", "screen shared", ("screen live",)),
    ("prompt prompt", "a prompt is open", ("prompt",)),
    ("chat open", "chat socket", ("chat open",)),
    ("band lock", "holds the lock", ("lock",)),
    ("band lease", "wrote the lease last", ("lease",)),
    ("band active", "session at the SFU", ("active",)),
    ("band joined", "… joined, no media yet", ("joined",)),
    ("band ghost", "… ghost: its client is gone", ("ghost",)),
    ("fault fault", "a fault is on", ("fault",)),
    ("mark user", "the user clicks", ("mark user",)),
    ("mark fault", "something is done to a window", ("mark fault",)),
    ("mark crash", "crash", ("mark crash",)),
    ("mark console", "console or note", ("mark console",)),
    ("mark error", "error in the app", ("mark error",)),
    ("arrow message", "message", ("arrow message",)),
    ("arrow beat", "… that changes nothing", ("arrow beat",)),
    ("arrow lost", "… lost", ("arrow lost",)),
    ("arrow server", "through the server", ("arrow server",)),
    ("arrow effect", "otherwise an effect", ("arrow effect",)),
)


def legend(used: Collection[str]) -> list[list[str]]:
    """Pairs of a sample and its words, for what is `used`: `track style`, each word of a style,
    `mark NAME`, `arrow NAME`.
    """
    return [[sample, said] for sample, said, by in _ENTRIES if any(one in used for one in by)]
