"""Starts Chromium, and takes it along when its parent dies: a watchdog.

Standard input is a pipe that only the parent holds; its end means that the parent is done, or gone
by SIGKILL. Chromium, which is bound to the parent's DevTools pipe, has then ended by itself or is
about to; what still stands after a grace (a renderer under SIGSTOP, say) is killed, and the folder
with the profile is deleted. When the browser ends first, so does this process.

Rules: run as a file, standard library alone (see `oneroom.watchdog`). The browser is
in a session of its own, which is how all of it is found again; Chromium's crash handlers leave that
session, and are known by the folder in their arguments.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

LOG = "chromium.log"
# Where Chromium looks for its ends of the DevTools pipes.
CHROMIUM_READS, CHROMIUM_WRITES = 3, 4
_GRACE_S = 2.0
_POLL_S = 0.05


def main(folder: Path, into: int, out: int, command: list[str]) -> int:
    """Run `command` with `into` and `out` as its DevTools pipes until the parent's pipe or
    the browser ends.
    """
    # Out of the way of the two numbers first.
    high = [os.dup2(into, 100, inheritable=False), os.dup2(out, 101, inheritable=False)]
    os.dup2(high[0], CHROMIUM_READS)
    os.dup2(high[1], CHROMIUM_WRITES)
    with (folder / LOG).open("wb") as log:
        browser = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(CHROMIUM_READS, CHROMIUM_WRITES),
            start_new_session=True,
            # Whatever it keeps outside of its profile, it keeps in here too.
            env={
                **os.environ,
                "HOME": str(folder),
                "XDG_CONFIG_HOME": str(folder),
                "XDG_CACHE_HOME": str(folder),
            },
        )
    for end in {*high, into, out, CHROMIUM_READS, CHROMIUM_WRITES}:
        with contextlib.suppress(OSError):
            os.close(end)
    while browser.poll() is None and not (
        select.select([0], [], [], _POLL_S)[0] and not os.read(0, 64)
    ):
        pass
    with contextlib.suppress(subprocess.TimeoutExpired):
        browser.wait(_GRACE_S)
    while kill_all(browser.pid, folder):
        time.sleep(_POLL_S)
    browser.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return browser.returncode or 0


def kill_all(session: int, folder: Path) -> int:
    """SIGKILL to every process of the browser's session, and to those that name its folder. Returns
    how many.
    """
    killed = 0
    for one in Path("/proc").iterdir():
        if not one.name.isdigit() or int(one.name) == os.getpid():
            continue
        with contextlib.suppress(OSError, IndexError):
            state, _, _, own = (one / "stat").read_text().rpartition(")")[2].split()[:4]
            named = os.fsencode(folder) in (one / "cmdline").read_bytes()
            if state != "Z" and (int(own) == session or (named and _is_chromium(one))):
                os.kill(int(one.name), signal.SIGKILL)
                killed += 1
    return killed


def _is_chromium(process: Path) -> bool:
    return "chrom" in (process / "comm").read_text()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
