"""Screen shares without one of their protections."""

from __future__ import annotations

from oneroom.core.devices import On, ScreenShare


class OpensPickerUnasked(ScreenShare):
    """The picker opens without a gesture."""

    def want(self, now_us: int, *, here: bool) -> bool:
        return super().want(now_us, here=here) or self.move(On.GESTURE)


class TakesOldGesture(ScreenShare):
    """A gesture from before the command counts, wherever the command was given."""

    def want(self, now_us: int, *, here: bool) -> bool:
        return super().want(now_us, here=True)
