"""The app's own code, as what a scenario's windows run in place of the owner machine."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

EngineName = Literal["quickjs", "node"]


class Bundle(msgspec.Struct, frozen=True):
    """One script. `path` is the file that was named, `source_map` the JSON that leads from lines of
    the script to the user's, "" where the script is what they wrote. `is_bundled` says that it has
    in it all that it imports, `engine` what runs it. A program in another language has no script:
    it is started by its `command`, and `path` is that in one line.
    """

    path: str
    source: str
    source_map: str = ""
    is_bundled: bool = False
    engine: EngineName = "quickjs"
    command: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of the script, or of the command, in hexadecimal."""
        text = self.source or "\0".join(self.command)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
