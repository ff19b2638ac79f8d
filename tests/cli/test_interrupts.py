"""Ctrl-C between runs."""

from __future__ import annotations

import contextlib
import signal

import pytest

from oneroom.cli.interrupts import Interrupts


def test_an_interrupt_that_was_lost_is_raised_again() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Interrupts() as interrupts:
            interrupts.check()
            with contextlib.suppress(KeyboardInterrupt):  # as a finalizer does
                signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                interrupts.check()
    finally:
        signal.signal(signal.SIGINT, before)
