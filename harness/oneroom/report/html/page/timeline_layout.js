// Heights: time runs down. An instant is as high as its words, a gap grows with the logarithm of its time, a long one
// is folded. Nothing leads upwards: within an instant an effect stands at or below its cause.

const LINE = 16; // pixels of a line of words
const FIRST = 8; // from the top of an instant to its first mark
const TOP = 14;
const FLAG = 28;
const BELOW = 30;
const NARROW_STEP = 6; // between marks of one instant in a narrow lane
const WORD_LINES = 3;
const DETAIL = 2; // ranks: see the data
const PASSING = 4;
const HEARTBEAT = 5;

page.LINE = LINE;

/** Whether a record has words. */
function isTold(view, n) {
  if (n === view.finding.record || n === view.selected || view.hits.has(n)) return true;
  const { run } = view;
  if (view.hiddenGroups.has(run.group[run.kind[n]])) return false;
  if (view.level === 2) return true;
  const telling = run.rank[n] < DETAIL;
  if (view.chain.has(n) || view.cone?.has(n)) return telling;
  return view.level === 0 ? run.rank[n] === 0 : telling;
}

/** Pixels of a gap that is not folded. */
const gapHeight = (us, zoom) => (us <= 0 ? 0 : Math.min(2 + 7 * Math.log10(1 + us / 1e3), 24) * zoom);
const unfoldedHeight = (us, zoom) => Math.min(60 + (us / 1e6) * 44, 520) * zoom;
const isLong = (us, records, zoom) => us >= 1e6 * zoom || (us >= 4e5 * zoom && records >= 12);

class Layout {
  constructor(view, room) {
    this.view = view;
    Object.assign(this, page.placeLanes(view, room));
    this.anchors = []; // instants with words: at, y0, y1, first and last record with words, flag
    this.folds = [];
    this.tokens = []; // words, and marks of narrow lanes, in the order of the records
    this.tokenOf = new Map();
    this.y = new Float64Array(view.run.count);
    this.folded = new Uint8Array(view.run.count);
    this.wrapped = this.lanes.map(() => new Map());
    this.stand();
    this.height = this.bottom + BELOW;
    this.placeOthers();
    this.index();
  }

  /** Instants, gaps and folds, from top to bottom. */
  stand() {
    const { view } = this;
    const { run } = view;
    let y = TOP;
    let before = null;
    for (let n = 0; n < run.count; n++) {
      if (!isTold(view, n)) continue;
      const instant = { at: run.at[n], first: n, last: n, told: [] };
      for (; n < run.count && run.at[n] === instant.at; n++) {
        if (isTold(view, n)) { instant.told.push(n); instant.last = n; }
      }
      n--;
      if (before) y = this.gap(before, instant, y);
      if (instant.told.includes(view.finding.record)) { instant.flag = y + 2; y += FLAG; }
      instant.y0 = y;
      y += this.words(instant);
      instant.y1 = y;
      this.anchors.push(instant);
      before = instant;
    }
    this.bottom = y;
  }

  gap(before, instant, y) {
    const { run, zoom, unfolds, opened } = this.view;
    const us = instant.at - before.at;
    const records = instant.first - before.last - 1;
    if (!isLong(us, records, zoom)) return y + gapHeight(us, zoom);
    if (unfolds || opened.has(before.last)) return y + unfoldedHeight(us, zoom);
    let beats = 0;
    for (let n = before.last + 1; n < instant.first; n++) if (run.rank[n] === HEARTBEAT) beats++;
    this.folds.push({ y0: y + 4, y1: y + 34, us, beats, others: records - beats, key: before.last, from: before.at, to: instant.at });
    return y + 38;
  }

  /** Places the words of an instant; returns its height. */
  words(instant) {
    const { view } = this;
    const { run } = view;
    const y = instant.y0;
    const lines = new Map();
    for (const n of instant.told) {
      const lane = this.lanes[run.lane[n]];
      let at = lines.get(lane.place);
      if (!at) lines.set(lane.place, at = { n: 0, x: 0, y: 0, single: false });
      const cause = run.cause[n];
      const below = cause >= 0 && run.at[cause] === instant.at && this.tokenOf.has(cause) && run.lane[cause] !== lane.place
        && this.lanes[run.lane[cause]].kind !== "steps";
      const step = lane.wide ? LINE : NARROW_STEP;
      if (below && (this.y[cause] - y - FIRST) / step > at.n) {
        at.n = (this.y[cause] - y - FIRST) / step;
        at.single = false;
      }
      if (lane.wide) this.wideToken(n, lane, at, y);
      else {
        this.y[n] = y + FIRST + at.n * NARROW_STEP;
        this.keep({ n, lane, y: this.y[n], lines: null, dx: 0, bold: false });
        at.n += 1;
      }
    }
    let most = 1;
    for (const [place, at] of lines) most = Math.max(most, this.lanes[place].wide ? at.n : (at.n * NARROW_STEP) / LINE);
    return most * LINE + 2;
  }

  wideToken(n, lane, at, y) {
    const { view } = this;
    const bold = view.chain.has(n) || n === view.finding.record;
    const lines = this.wrap(n, lane, bold);
    const width = page.width(lines[0], bold);
    if (at.n > 0 && lines.length === 1 && at.single && !bold && at.x + 16 + width <= lane.tw) {
      this.y[n] = at.y; // on the line of the one before
      this.keep({ n, lane, y: at.y, lines: [`· ${lines[0]}`], dx: at.x + 6, bold });
      at.x += 16 + width;
      return;
    }
    this.y[n] = at.y = y + FIRST + at.n * LINE;
    this.keep({ n, lane, y: at.y, lines, dx: 0, bold });
    at.n += lines.length;
    at.x = width;
    at.single = lines.length === 1 && !bold;
  }

  keep(token) {
    this.tokens.push(token);
    this.tokenOf.set(token.n, token);
  }

  wrap(n, lane, bold) {
    const words = lane.w < 150 ? this.view.run.shortWords(n) : this.view.run.words(n);
    const known = this.wrapped[lane.place];
    const key = bold ? `\n${words}` : words;
    if (!known.has(key)) known.set(key, page.wrap(words, lane.tw, bold, WORD_LINES));
    return known.get(key);
  }

  /** Records without words stand where their time is. */
  placeOthers() {
    const { run } = this.view;
    const { anchors } = this;
    let k = 0;
    for (let n = 0; n < run.count; n++) {
      const at = run.at[n];
      while (k + 1 < anchors.length && anchors[k + 1].at <= at) k++;
      if (this.tokenOf.has(n)) continue;
      const above = anchors[k];
      const below = anchors[k + 1];
      if (!above) this.y[n] = TOP;
      else if (above.at === at) {
        const cause = run.cause[n];
        this.y[n] = cause >= 0 && run.at[cause] === at ? Math.min(this.y[cause], above.y1 - 6) : above.y0 + FIRST;
      } else if (below && at > above.at) {
        const [from, to] = [above.y1 - 4, below.y0 + 6];
        this.y[n] = from + ((to - from) * (at - above.at)) / (below.at - above.at);
      } else this.y[n] = above.at < at ? above.y1 : above.y0 + FIRST;
    }
    for (const fold of this.folds) {
      for (let n = run.firstAt(fold.from + 1); n < run.count && run.at[n] < fold.to; n++) this.folded[n] = 1;
    }
  }

  /** What is drawn between two heights is found by these. */
  index() {
    const { run } = this.view;
    this.spans = run.spans.map((span) => ({ ...span, y0: this.y[span.begin], y1: span.end < 0 ? this.height - 12 : this.y[span.end] }));
    this.spanBuckets = new page.Buckets(this.spans, this.height);
    this.arrows = [];
    for (let n = 0; n < run.count; n++) {
      // A fold says how many records it hides, and draws none of them.
      if (run.arrow[n] === 0 || this.folded[n]) continue;
      const [a, b] = [this.y[run.cause[n]], this.y[n]];
      this.arrows.push({ n, y0: Math.min(a, b), y1: Math.max(a, b) });
    }
    this.arrowBuckets = new page.Buckets(this.arrows, this.height);
  }

  /** The places in `anchors` that lie between two heights: from, to (not included). */
  anchorsBetween(y0, y1) {
    const first = this.lastAnchor((anchor) => anchor.y1 < y0) + 1;
    return [first, this.lastAnchor((anchor) => (anchor.flag ?? anchor.y0) <= y1) + 1];
  }

  lastAnchor(holds) {
    let low = -1;
    let high = this.anchors.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.anchors[middle])) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The height of a time. */
  yAt(at) {
    const k = this.lastAnchor((anchor) => anchor.at <= at);
    const above = this.anchors[Math.max(0, k)];
    if (!above || k < 0) return above ? above.y0 : TOP;
    const below = this.anchors[k + 1];
    if (above.at === at || !below) return above.at === at ? above.y0 : above.y1;
    return above.y1 - 4 + ((below.y0 + 6 - above.y1 + 4) * (at - above.at)) / (below.at - above.at);
  }

  /** The time of a height. */
  timeAt(y) {
    const k = this.lastAnchor((anchor) => anchor.y0 <= y);
    if (k < 0) return 0;
    const [above, below] = [this.anchors[k], this.anchors[k + 1]];
    if (y <= above.y1 || !below) return above.at;
    return Math.min(below.at, above.at + ((below.at - above.at) * (y - above.y1)) / Math.max(1, below.y0 - above.y1));
  }

  isFolded(y) { return this.folds.some((fold) => y > fold.y0 - 8 && y < fold.y1 + 8); }
}

page.Layout = Layout;
page.PASSING = PASSING;
