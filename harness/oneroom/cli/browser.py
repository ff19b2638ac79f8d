"""A page of the report, opened in the user's browser.

Rules: its path is printed as well. Without a screen nothing is opened: the browsers that work there
would take over the terminal. `BROWSER` names a command of the user's own.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path

import click

from oneroom.scenario.shown_path import shown_path

_SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")


def open_page(page: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Print the path of a page and open it."""
    click.echo(shown_path(page))
    if has_screen(environment, sys.platform) and not webbrowser.open(page.resolve().as_uri()):
        click.echo("no browser could be started; open the file above", err=True)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether a browser has somewhere to show itself."""
    return not platform.startswith("linux") or any(environment.get(name) for name in _SCREENS)
