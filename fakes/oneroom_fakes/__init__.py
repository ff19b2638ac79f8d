"""Models of the real things around a window: buses, lock, storage, SFU with its SDK, tokens,
devices.

Lives here: one fake a file (or folder), behind the Protocols of `oneroom.ports`. `README.md` is the
table of their rules, each with its source and the test that confirms it; a fake may differ from the
real thing only where the table says so. May not live here: policies, checks, knowledge of
scenarios, or a second source of randomness.
"""
