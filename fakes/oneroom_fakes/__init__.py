"""Models of the real things around a window: buses, lock, storage, SFU with its SDK, tokens,
devices.

Lives here: one fake a file (or folder), behind the Protocols of `oneroom.ports`. Each states rule
by rule what it models and what confirms it; `README.md` is that table. A fake may be wrong only
where the table says so. May not live here: policies, checks, knowledge of scenarios, or a second
source of randomness.
"""
