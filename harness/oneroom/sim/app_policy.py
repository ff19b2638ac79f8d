"""The policy of a run whose windows run an app's own code: nothing is known of how it elects."""

from __future__ import annotations

from oneroom.core.policy import Policy


class AppPolicy(Policy):
    """Never made; the harness asks the class for bounds. They are the ones of every policy."""

    name = "app"
