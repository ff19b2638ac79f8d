"""The policy `heartbeat` without one of its protections."""

from __future__ import annotations

from oneroom.policies.heartbeat import HeartbeatTimeout


class BothRivalsStay(HeartbeatTimeout):
    """Neither of two owners of one term steps down."""

    def rival_heard(self, instance_id: str, preferred: bool, now_us: int) -> None:
        pass


class ForgetsTerm(HeartbeatTimeout):
    """A window that reloads alone counts from 1 again."""

    def _keep_term(self) -> None:
        pass
