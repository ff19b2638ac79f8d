"""Size and speed of the failure page: `python -m benchmarks.report_page`, with a Chromium at hand.

For runs of about 1,000, 10,000 and 100,000 records: the size of the document, the time from the
navigation to the frame that has the timeline, and the median and the worst frame of a pan through
all of it. The bars are 300 kB and 150 ms for 10,000 records, and 60 ms a frame for 100,000.

Rules: a real Chromium without a GPU, one page at a time, each opened anew; prints, asserts nothing.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from oneroom.choices.seeded import Seeded
from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.report.html import document
from oneroom.report.html.run_data import run_data
from oneroom.scenario import parse
from tests.browser.chromium import Chromium

TIMES = 5
# An owner crashes in a call, then the call goes on: records grow with the minutes.
CALL = """\
scenario: a long call
why: as many records as are wanted
windows:
  main: {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 0s..1s}}
  widget: {{kind: overlay, opens: 0s..1s}}
steps:
  - {{at: 2s, connect: {{window: main, channel: lobby}}}}
  - {{at: 5s, toggle_mute: {{window: overlay}}}}
  - {{at: 9s, crash: {{window: main}}}}
lasts: {seconds}s
"""
SECONDS = (150, 2_450, 24_900)

# From the navigation to the frame after the one in which the timeline is there. Injected, so that
# nobody who is asked over the wire delays it.
_WATCH = """\
requestAnimationFrame(function look() {
    const drawn = document.querySelector('.run svg');
    requestAnimationFrame(drawn ? () => { globalThis.drawnMs = performance.now(); } : look);
});
"""
# A pan through the whole in sixty steps; a frame is late by what was drawn before it.
_PAN = """\
new Promise(done => {
    const scroller = document.querySelector('.scroller'), frames = [];
    const step = scroller.scrollHeight / 60;
    let last = performance.now();
    (function next() {
        const now = performance.now();
        frames.push(now - last);
        last = now;
        scroller.scrollTop += step;
        if (frames.length < 61) requestAnimationFrame(next); else done(frames.slice(1));
    })();
})
"""


def page(seconds: int) -> tuple[int, str]:
    """The number of records, and the document, of a call of so many seconds."""
    scenario = parse(CALL.format(seconds=seconds), vocabulary(), "call.yaml")
    judged = run_judged(scenario, "web-lock-lease", 1, Seeded(1))
    data = msgspec.json.encode(run_data(judged.run, judged.result))
    return judged.result.records, document.render(
        "a long call", None, {("",): document.packed(data)}
    )


def measured(browser: Chromium, file: Path) -> tuple[float, list[float]]:
    """Milliseconds until the timeline is drawn, and of each frame of a pan."""
    tab = browser.open("about:blank")
    try:
        call = tab.connection.call
        call("Page.addScriptToEvaluateOnNewDocument", tab.session, 60.0, source=_WATCH)
        call("Page.navigate", tab.session, 60.0, url=file.as_uri())
        tab.until(lambda: bool(tab.evaluate("globalThis.drawnMs > 0")), "drawn")
        painted: Any = tab.evaluate("drawnMs")
        frames: Any = tab.evaluate(_PAN)
        return float(painted), [float(frame) for frame in frames]
    finally:
        tab.close(ask=False)


def main() -> None:
    """Print a line for each size."""
    print(f"{'records':>8}  {'document':>9}  {'drawn after':>16}  {'pan, a frame':>22}")
    with tempfile.TemporaryDirectory() as folder, Chromium() as browser:
        for seconds in SECONDS:
            records, text = page(seconds)
            file = Path(folder) / f"{seconds}.html"
            file.write_text(text, encoding="utf-8")
            runs = [measured(browser, file) for _ in range(TIMES)]
            painted = [one[0] for one in runs]
            frames = [frame for one in runs for frame in one[1]]
            print(
                f"{records:>8,}  {len(text) / 1_000:>6.0f} kB  "
                f"{statistics.median(painted):>6.0f} ({min(painted):.0f}-{max(painted):.0f}) ms  "
                f"{statistics.median(frames):>6.1f} ms, worst {max(frames):.0f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
