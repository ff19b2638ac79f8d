"""The fields that hold a time of the run: a state has them as they are seen from its own time.

Rules: a field stands here only if nothing but its distance from other times of the run matters. One
that is missing costs nothing but comparisons that come out different; a duration that stood here
would be found by the test that moves a whole scenario to a later time.
"""

from __future__ import annotations

TIMES: dict[str, tuple[str, ...]] = {
    "oneroom.core.actions.Arm": ("at_us",),
    "oneroom.core.commands.Waiting": ("issued_us",),
    "oneroom.core.coordinator.Coordinator": ("_last_turn_us",),
    "oneroom.core.election.Election": ("heard_us",),
    "oneroom.core.mirror.Mirror": ("_asked_us",),
    "oneroom.driver.page_timer.PageTimer": ("deadline_us", "wake_us"),
    "oneroom_fakes.local_storage.StorageNotice": ("at_us",),
    "oneroom.policies.lock_election.LockElection": ("since_us",),
    "oneroom.policies.web_lock_lease.WebLockLease": ("unsure_until_us",),
}

# Times that are only ever compared with a later one: what is over is as good as never.
LATER_ONLY: dict[str, tuple[str, ...]] = {
    "oneroom.driver.busy.Busy": ("until_us",),
    "oneroom.driver.script.Schedule": ("last_us", "openings", "steps"),
    "oneroom_fakes.broadcast_channel.ChannelEndpoint": ("last_us",),
    "oneroom_fakes.indexed_db.Connection": ("_last_us",),
    "oneroom_fakes.local_storage.RendererProcess": ("sent_us", "told_us"),
    "oneroom_fakes.local_storage.StorageArea": ("heard_us",),
    "oneroom_fakes.network.TcpStream": ("_last_us",),
    "oneroom_fakes.tauri_event.TauriEndpoint": ("told_us",),
    "oneroom_fakes.web_locks.LockClient": ("_answered_us", "_sent_us", "_told_us"),
}

# Times that are looked at only if another field, the second one, is set.
ONLY_IF: dict[str, tuple[tuple[str, str], ...]] = {
    "oneroom.core.ownership.Ownership": (("sign_us", "term"),),
}
