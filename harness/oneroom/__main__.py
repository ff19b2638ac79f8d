"""The process of the command: `oneroom`, and `python -m oneroom` where its script is not on PATH.

Rules: nothing is imported before a Ctrl-C is heard, since the first tenth of a second is spent on
imports.
"""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command; a Ctrl-C that nothing else hears is one line."""
    try:
        from oneroom.cli.main import main as command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
