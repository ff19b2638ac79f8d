"""Report of an internal error: a file to send, a short text, exit 70, no traceback."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import TracebackType

from oneroom.cli.streams import Unwritable

EXIT_CODE = 70
_FOLDER = Path(".oneroom")


class CrashReport:
    """Context that reports an internal error in place of a traceback.

    Other exceptions (a closed pipe, a full disk, Ctrl-C) pass through.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, BrokenPipeError | Unwritable):
            return False
        sys.stderr.write(_render(error))
        return True


def _render(error: Exception) -> str:
    text = "".join(traceback.format_exception(error))
    notes = "".join(f"  {note}\n" for note in getattr(error, "__notes__", ()))
    place = _write_details(f"oneroom {' '.join(sys.argv[1:])}\nPython {sys.version}\n\n{text}")
    kept = (
        f"The details are in {place}; please send that file"
        if place
        else f"Please send this:\n\n{text}"
    )
    return (
        f"Internal error: {type(error).__name__}: {error}\n{notes}{kept} together with the "
        "scenario; nothing else is needed.\n"
    )


def _write_details(text: str) -> str:
    """The path of the file with the details, "" if it could not be written anywhere."""
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    for folder in (_FOLDER, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return str(folder / name)
    return ""
