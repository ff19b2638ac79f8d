// The whole run in true proportions: time runs to the right, a row a window. It keeps the folded picture honest.

const { escape } = page;
const ROWS = 132; // pixels for all rows
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400].map((s) => s * 1e6);

page.drawOverview = (view) => {
  const { run, strip, finding } = view;
  const width = strip.clientWidth - 32;
  const label = Math.min(96, width * 0.16);
  const rows = run.lanes.filter((lane) => lane.kind === "window" || lane.name === "SFU");
  const high = Math.max(3, Math.min(12, Math.floor(ROWS / rows.length)));
  const height = rows.length * high + 28;
  const end = Math.max(1, run.end);
  const x = (at) => label + ((width - label - 2) * at) / end;
  view.overview = { x, timeAt: (px) => Math.max(0, Math.min(1, (px - label) / (width - label - 2))) * end, height };
  const parts = [scale(end, x, width, height)];
  if (finding.record >= 0) {
    const [a, b] = [x(finding.since_us), finding.until_us < 0 ? x(end) : x(finding.until_us)];
    parts.push(`<rect class="over-violated" x="${a}" y="8" width="${Math.max(3, b - a)}" height="${height - 23}"/><rect class="bad" x="${a - 1}" y="6" width="${Math.max(3, b - a) + 1}" height="3"/>`);
  }
  const places = new Map(rows.map((lane, i) => [lane.place, 10 + i * high]));
  rows.forEach((lane) => {
    if (high < 8 && !finding.windows.includes(lane.name)) return;
    const looks = finding.windows.includes(lane.name) && lane.kind === "window" ? " concerned" : "";
    parts.push(`<text class="over-name${looks}" x="${label - 8}" y="${places.get(lane.place) + high - 2}">${escape(page.fit(lane.name, label - 12))}</text>`);
  });
  parts.push(states(run, places, x, high), events(run, x));
  parts.push(`<rect class="over-view" y="8" height="${height - 23}" rx="2"/>`);
  strip.innerHTML = `<svg width="${width}" height="${height}" role="img" aria-label="The whole run in true proportions: ${escape(page.spanWords(run.end))}">${parts.join("")}</svg>`;
  page.frameOverview(view);
};

function scale(end, x, width, height) {
  const step = STEPS.find((us) => end / us <= width / 70) ?? end;
  let found = "";
  for (let at = 0; at <= end; at += step) {
    found += `<path class="over-tick" d="M${x(at)} 9V${height - 15}"/><text class="over-time${at ? " middle" : ""}" x="${x(at)}" y="${height - 4}">${at ? page.spanWords(at) : "0 s"}</text>`;
  }
  return found;
}

/** Lifelines, pauses, Rooms and owners; what would be drawn into the same pixel is drawn once. */
function states(run, places, x, high) {
  const layers = [[], [], [], []];
  const last = new Map();
  for (const span of run.spans) {
    const y = places.get(span.lane);
    if (y === undefined) continue;
    const lane = run.lanes[span.lane];
    const [layer, looks, top, height] = look(span, lane, y, high);
    if (layer < 0) continue;
    const [a, b] = [x(run.at[span.begin]), x(span.end < 0 ? run.end : run.at[span.end])];
    const key = `${span.lane} ${looks}`;
    if (b - (last.get(key) ?? -9) < 0.6) continue;
    last.set(key, b);
    layers[layer].push(`<rect class="${looks}" x="${a.toFixed(1)}" y="${top}" width="${Math.max(1.2, b - a).toFixed(1)}" height="${height}"/>`);
  }
  return layers.flat().join("");
}

function look(span, lane, y, high) {
  if (lane.kind !== "window") return [2, "over-session", y + 1.5, high - 3];
  if (span.track === "line") {
    const owner = /^(owner|handing-over)/.test(span.style);
    return owner ? [3, "ink", y + high / 2 - 1, 2] : [0, "hair", y + high / 2 - 0.5, 1];
  }
  if (span.track === "pause") return [1, "over-paused", y + 1, high - 2];
  if (span.track === "room") return [2, span.style === "connected" ? "room" : "over-opening", y + 1.5, high - 3];
  return [-1];
}

function events(run, x) {
  let found = "";
  const last = new Map();
  for (let n = 0; n < run.count; n++) {
    const name = run.markName(n);
    const at = x(run.at[n]);
    if (!["user", "fault", "crash", "error"].includes(name) || at - (last.get(name) ?? -9) < 2) continue;
    last.set(name, at);
    found += name === "user" ? `<path class="user" d="M${at - 4} 1h8l-4 6z"/>` : `<path class="fault" d="M${at} 0l4 4l-4 4l-4-4z"/>`;
  }
  return found;
}

/** The frame of what is in view. */
page.frameOverview = (view) => {
  const frame = view.strip.querySelector(".over-view");
  if (!frame) return;
  const { scroller, layout, overview } = view;
  const a = overview.x(layout.timeAt(scroller.scrollTop));
  const b = overview.x(layout.timeAt(scroller.scrollTop + scroller.clientHeight - view.headHeight));
  frame.setAttribute("x", a - 1);
  frame.setAttribute("width", Math.max(4, b - a + 2));
};
