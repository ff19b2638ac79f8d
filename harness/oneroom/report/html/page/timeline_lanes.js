// Places and widths of lanes: as many as fit are wide and have words, the others are narrow and have marks alone.

const SMALL = 760;
const LEAST = { window: 118, steps: 104, bands: 92 };
const SHARE = { window: 1, steps: 0.85, bands: 0.75 };
const MOST = { window: 360, steps: 280, bands: 280 };
const TELLING = 2; // ranks below have words at the usual level

/** Lanes from left to right for `room` pixels, with `x`, `w`, `cx` (its line), `tx` and `tw` (its words). */
page.placeLanes = (view, room) => {
  const small = room < SMALL;
  const narrow = small ? 26 : 34;
  const axis = small ? 56 : 62;
  const counts = view.run.lanes.filter((lane) => lane.kind === "count");
  const column = small ? 22 : 44;
  const lanes = view.run.lanes.map((lane) => ({ ...lane, concerned: view.finding.windows.includes(lane.name) && lane.kind === "window" }));
  let x = axis;
  for (const lane of lanes.slice(0, counts.length)) {
    Object.assign(lane, { x, w: column, cx: x + column / 2, wide: false, tx: 0, tw: 0 });
    x += column;
  }
  const others = lanes.slice(counts.length);
  const wide = chooseWide(view, others, room - x, narrow, small);
  const least = (lane) => (wide.has(lane.place) ? leastWidth(lane, small) : narrow);
  const rest = Math.max(0, room - x - others.reduce((sum, lane) => sum + least(lane), 0));
  const share = (lane) => (wide.has(lane.place) ? SHARE[lane.kind] * (lane.concerned ? 1.25 : 1) : 0);
  const shares = others.reduce((sum, lane) => sum + share(lane), 0) || 1;
  for (const lane of others) {
    lane.wide = wide.has(lane.place);
    lane.x = x;
    lane.w = lane.wide ? Math.min(least(lane) + (rest * share(lane)) / shares, MOST[lane.kind]) : narrow;
    placeWithin(lane, narrow);
    x += lane.w;
  }
  return { lanes, axis, narrow, small, width: Math.max(x, room) };
};

function placeWithin(lane, narrow) {
  const tight = lane.w < 135;
  const line = { window: tight ? 20 : 24, steps: 11, bands: 17 };
  const words = { window: tight ? 22 : 26, steps: 10, bands: 12 + 11 * (lane.slots ?? 1) };
  lane.cx = lane.x + (lane.wide ? line[lane.kind] : narrow / 2 + 1);
  lane.tx = lane.cx + words[lane.kind];
  lane.tw = lane.x + lane.w - lane.tx - 8;
}

const leastWidth = (lane, small) => (small && lane.kind === "window" ? 112 : LEAST[lane.kind] + (lane.kind === "bands" ? 11 * (lane.slots ?? 1) : 0));

/** Lanes are made narrow until all fit, those with the least to say first; the reader's own choice counts most. */
function chooseWide(view, lanes, room, narrow, small) {
  const said = new Float64Array(view.run.lanes.length);
  const { run } = view;
  for (let n = 0; n < run.count; n++) if (run.rank[n] < TELLING) said[run.lane[n]]++;
  for (const n of view.chain) said[run.lane[n]] += 8;
  const base = (lane) => (lane.kind === "window" ? (lane.concerned ? 1e9 : 1e4) : lane.kind === "steps" ? 2e3 : 0);
  const worth = (lane) => base(lane) + said[lane.place];
  const wide = new Set(lanes.map((lane) => lane.place));
  for (const [place, chosen] of view.widths) if (!chosen) wide.delete(place);
  const need = () => lanes.reduce((sum, lane) => sum + (wide.has(lane.place) ? leastWidth(lane, small) : narrow), 0);
  for (const lane of [...lanes].sort((a, b) => worth(a) - worth(b))) {
    if (need() <= room) break;
    if (view.widths.get(lane.place) !== true) wide.delete(lane.place);
  }
  return wide;
}
