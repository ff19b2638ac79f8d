"""`python -m oneroom`: the command, where its script is not on PATH."""

from __future__ import annotations

from oneroom.cli.main import main

if __name__ == "__main__":
    main()
