"""Suggestions for names: slips of the keyboard, another case or hyphen; none if nothing is near."""

from __future__ import annotations

import pytest

from oneroom.scenario.names import closest, hint

KNOWN = ("share_screen", "toggle_mute", "web-lock", "web-lock-lease")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("shar_screen", "share_screen"),
        ("SHARE-SCREEN", "share_screen"),
        ("ShareScreen", "share_screen"),
        ("toggleMute", "toggle_mute"),
        ("WEB_LOCK", "web-lock"),
        ("web-lock-lese", "web-lock-lease"),
        ("explode", None),
        ("", None),
        ("web-lock" * 20, None),
    ],
)
def test_closest(name: str, meant: str | None) -> None:
    assert closest(name, KNOWN) == meant


def test_hint() -> None:
    assert hint("togle_mute", KNOWN, "verbs") == "did you mean `toggle_mute`?"
    assert (
        hint("explode", KNOWN, "verbs")
        == "verbs: share_screen, toggle_mute, web-lock, web-lock-lease"
    )
    assert hint("explode", (), "verbs") == "there are no verbs"
