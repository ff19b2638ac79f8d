"""The owner machine that a window runs in production, sans-IO.

Lives here: messages, events, actions, state, and the small machines (election, session, commands,
mirror, devices) that `Coordinator` joins. The same objects run under virtual time and in front of
the real LiveKit SDK.

May not live here: a clock, randomness, I/O, logging, asyncio, or any import from another package of
this project. Time arrives as `now_us` (monotonic microseconds of this window); jitter arrives in
the configuration.
"""
