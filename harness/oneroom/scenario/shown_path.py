"""The name of a file as it is printed, filed and sent to another process.

A file may be called anything but NUL: a newline in a name would begin a line of its own (`::error`
is a command to GitHub's log), an escape would command a terminal, and bytes that are not UTF-8
(surrogates in Python, PEP 383) cannot be encoded at all.
"""

from __future__ import annotations

import shlex
from pathlib import Path


def shown_path(path: Path | str) -> str:
    """`path` in printable characters, what is not written as in `$'…'` of a shell: `a\\nb\\xff`."""
    return "".join(_shown(character) for character in str(path))


def quoted(shown: str) -> str:
    """The word for a shell (bash, zsh) that names the file shown as `shown`."""
    if "\\" not in shown:
        return shlex.quote(shown)
    return "$'" + shown.replace("'", "\\'") + "'"


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
