// What is seen of the timeline, as SVG markup: everything between two heights, from the back to the front.

const { escape } = page;
const MARGIN = 700; // drawn above and below what is seen
const LABEL_EVERY = 420;
const DELAY_US = 1e5; // a message that took longer says so

class Drawing {
  constructor(view, y0, y1) {
    this.view = view;
    this.run = view.run;
    this.layout = view.layout;
    this.y0 = y0;
    this.y1 = y1;
    this.right = this.layout.width - 1;
    this.spans = this.layout.spanBuckets.between(y0, y1).filter((span) => !this.isWithinFold(span));
    [this.firstAnchor, this.endAnchor] = this.layout.anchorsBetween(y0, y1);
    this.anchors = this.layout.anchors.slice(this.firstAnchor, this.endAnchor);
    this.delays = []; // places of the delays that are written already
  }

  isWithinFold({ begin, end, y0, y1 }) { return end >= 0 && y1 - y0 < 2 && this.layout.folded[begin] && this.layout.folded[end]; }

  lane(n) { return this.layout.lanes[this.run.lane[n]]; }

  isLit(n) { return this.view.cone ? this.view.cone.has(n) : this.view.chain.has(n); }

  seen(y) { return y >= this.y0 - 20 && y <= this.y1 + 20; }

  markup() {
    return [
      page.shapeDefinitions, this.violation(), this.grid(), this.connectors(), this.arrows(), this.windows(), this.bands(),
      this.counts(), this.folds(), this.axis(), this.causes(), this.dots(), this.tokens(), this.flags(),
    ].join("");
  }

  /** The time during which the check is broken. */
  violation() {
    const [from, to] = this.violated();
    if (from === null || to < this.y0 || from > this.y1) return "";
    const { axis } = this.layout;
    return `<rect class="violated" x="${axis}" y="${from}" width="${this.right - axis}" height="${Math.max(3, to - from)}"/><path class="violated-edge" d="M${axis + 1.5} ${from}V${to}"/>`;
  }

  violated() {
    const { record, since_us: since, until_us: until } = this.view.finding;
    if (record < 0) return [null, null];
    return [this.layout.yAt(since) - 1, until < 0 ? this.layout.height - 12 : this.layout.yAt(until) - 1];
  }

  grid() {
    const { lanes, axis } = this.layout;
    const down = lanes.filter((lane) => lane.kind !== "count").map((lane) => `M${lane.x} ${this.y0}V${this.y1}`).join("");
    const across = this.anchors.map((anchor) => `M${axis} ${anchor.y0 - 0.5}H${this.right}`).join("");
    const paused = this.spans.filter((span) => span.track === "pause").map((span) => {
      const lane = lanes[span.lane];
      return `<rect class="pause sp" x="${lane.x + 3}" y="${span.y0}" width="${lane.w - 6}" height="${Math.max(2, span.y1 - span.y0)}"/>`;
    });
    return `<path class="lane-edge" d="${down}"/><path class="instant-edge" d="${across}"/>${paused.join("")}`;
  }

  /** From the window that took a lock, wrote an item, was struck by a fault, to the band that shows it. */
  connectors() {
    let path = "";
    for (const span of this.spans) {
      const [lane, from] = [this.layout.lanes[span.lane], this.lane(span.begin)];
      if (lane.kind !== "bands" || from === lane || from.kind !== "window" || !this.seen(span.y0) || !this.isDrawn(span.begin)) continue;
      path += `M${from.cx + 6} ${span.y0}H${lane.cx - 8 + span.slot * 11}`;
    }
    return path && `<path class="connector o" d="${path}"/>`;
  }

  isDrawn(n) { return this.layout.tokenOf.has(n) || !this.layout.folded[n]; }

  isShown(n) { return !this.view.hiddenGroups.has(this.run.group[this.run.kind[n]]); }

  /** Arrows that are no cause lie below everything. */
  arrows() {
    let found = "";
    for (const { n } of this.layout.arrowBuckets.between(this.y0, this.y1)) {
      if (!this.isShown(n) || (this.isLit(n) && this.isLit(this.run.cause[n]))) continue;
      const message = ["message", "beat", "lost"].includes(this.run.arrowName(n));
      if (message || this.layout.tokenOf.has(n) || this.view.level === 2) found += this.arrow(this.run.cause[n], n, false);
    }
    return found;
  }

  arrow(c, n, lit) {
    const { run, layout } = this;
    const [from, to] = [this.lane(c), this.lane(n)];
    const [told, causeTold] = [layout.tokenOf.has(n), layout.tokenOf.get(c)];
    const name = run.arrowName(n) === "beat" && told ? "message" : run.arrowName(n);
    const way = to.cx > from.cx ? 1 : -1;
    let [x0, x1] = [from.cx + way * 9, to.cx - way * (lit ? 10 : 9)];
    // It leaves beneath the words of its cause, and arrives beneath its own.
    let [y0, y1] = [layout.y[c], layout.y[n]];
    if (from.kind === "steps") {
      if (from.wide && causeTold) x0 = from.tx + causeTold.dx + page.width(causeTold.lines[0], causeTold.bold) + 5;
    } else if (way > 0 && causeTold && from.wide) y0 += 7;
    if (way < 0 && told && to.wide) y1 += 7;
    const [fullX, fullY] = [x1, y1];
    const lost = run.arrowName(n) === "lost";
    if (lost) [x1, y1] = [x0 + (x1 - x0) * 0.6, y0 + (y1 - y0) * 0.6];
    const short = name === "beat" && !lit && this.view.level < 2;
    if (short) {
      // What changes nothing only arrives.
      const part = Math.min(1, 18 / Math.max(1, Math.hypot(fullX - x0, fullY - y0)));
      [x0, y0] = [fullX - (fullX - x0) * part, fullY - (fullY - y0) * part];
    }
    const line = `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}`;
    const heavy = lit && (!this.view.cone || this.view.cone.before.has(n));
    const looks = lit ? `cause-arrow${heavy ? "" : " after"}` : `arrow ${lost ? "lost-line" : name}`;
    const head = lost ? "" : ` marker-end="url(#run-${lit ? "cause" : "head"})"`;
    return `<g class="${lit ? "" : "o"}" data-n="${n}"><path class="wide-target" d="${line}"/><path class="${looks}" d="${line}"${head}/>${lost ? page.mark("lost", x1, y1) : ""}${short ? "" : this.delay(c, n, name, lit, x0, y0, x1, y1)}</g>`;
  }

  /** The delay of a message, near its arrival, where it matters and there is room. */
  delay(c, n, name, lit, x0, y0, x1, y1) {
    const us = this.run.at[n] - this.run.at[c];
    const matters = (lit && us > 0) || (name === "message" && us >= DELAY_US);
    if (!matters || Math.abs(x1 - x0) <= 46 || this.delays.some(([x, y]) => Math.abs(x - x1) < 50 && Math.abs(y - y1) < 13)) return "";
    this.delays.push([x1, y1]);
    const part = Math.max(0.5, 1 - 34 / Math.abs(x1 - x0));
    return `<text class="h s11 middle${lit ? " strong" : ""}" x="${x0 + (x1 - x0) * part}" y="${y0 + (y1 - y0) * part - 3}">${page.spanWords(us)}</text>`;
  }

  /** Casings, Rooms, lifelines and strips of the windows. */
  windows() {
    const order = { casing: 0, room: 1, line: 2 };
    const front = (span) => order[span.track] ?? 3;
    let found = "";
    for (const span of this.spans.filter((one) => this.layout.lanes[one.lane].kind === "window" && one.track !== "pause").sort((a, b) => front(a) - front(b))) {
      const lane = this.layout.lanes[span.lane];
      const looks = lane.concerned ? "" : "sp";
      if (span.track === "casing") found += `<rect class="casing ${looks}" x="${lane.cx - 12}" y="${span.y0}" width="24" height="${Math.max(2, span.y1 - span.y0)}"/>`;
      else if (span.track === "room") found += `<g class="${looks}" data-n="${span.begin}">${page.roomBar(lane.cx, span.y0, span.y1, span.style)}</g>`;
      else if (span.track === "line") found += `<g class="${looks}">${page.lifeline(lane.cx, span.y0, span.y1, span.style)}</g>`;
      else if (lane.wide || span.style === "fault") found += page.strip(lane, span);
    }
    return found;
  }

  /** Bands side by side: lock, lease, items, sessions, faults. */
  bands() {
    let found = "";
    const taken = this.layout.lanes.map(() => []); // heights of the labels of each lane
    for (const span of this.spans) {
      const lane = this.layout.lanes[span.lane];
      if (lane.kind === "steps") found += page.strip(lane, span);
      if (lane.kind !== "bands") continue;
      const slot = lane.wide ? span.slot : Math.min(span.slot, 1);
      found += `<g class="sp">${page.band(lane.cx - 8 + slot * 11, 9, span)}</g>`;
      if (lane.wide && span.label && !["joined", "active", "ghost", "seen"].includes(span.style)) found += this.bandLabels(lane, span, taken[lane.place]);
    }
    return found;
  }

  bandLabels(lane, span, taken) {
    let found = "";
    for (let y = span.y0 + 13; y < span.y1 + 12; y += LABEL_EVERY) {
      let free = y;
      while (taken.some((other) => Math.abs(other - free) < 14)) free += 14;
      if (free > span.y1 + 12 || this.layout.isFolded(free - 5)) continue;
      taken.push(free);
      found += `<text class="h band-label ${span.style}" x="${lane.tx}" y="${free}">${escape(page.fit(span.label, lane.tw, true))}</text>`;
    }
    return found;
  }

  /** How many at once, at the time axis. */
  counts() {
    let found = "";
    for (const span of this.spans) {
      const lane = this.layout.lanes[span.lane];
      if (lane.kind !== "count" || span.y1 - span.y0 < 1) continue;
      const x = lane.cx - 9;
      found += `<rect class="count ${span.style} of-${lane.place}" x="${x}" y="${span.y0}" width="18" height="${span.y1 - span.y0}"/>`;
      if (span.y1 - span.y0 < 11) continue;
      for (let y = span.y0; y < span.y1 - 10; y += LABEL_EVERY) {
        if (!this.layout.isFolded(y + 7)) found += `<text class="count-text ${span.style}" x="${lane.cx}" y="${Math.min(y + 12, span.y1 - 1)}">${escape(span.label)}</text>`;
      }
    }
    return found;
  }

  folds() {
    let found = "";
    const noun = this.run.data.ranks[5];
    for (const fold of this.layout.folds) {
      if (fold.y1 < this.y0 || fold.y0 > this.y1) continue;
      const words = [page.spanWords(fold.us), page.foldWords(fold, noun)].join("  ·  ");
      const width = page.width(words, true) + 34;
      const middle = (fold.y0 + fold.y1) / 2;
      const [above, under] = [page.tear(fold.y0, this.right), page.tear(fold.y1, this.right)];
      found += `<g data-fold="${fold.key}"><path class="tear-back" d="${above}${under}"/><path class="tear" d="${above}${under}"/><rect class="fold" x="6" y="${middle - 9.5}" width="${width}" height="19" rx="9.5"/><text class="b" x="18" y="${middle + 4}">${words}</text><path class="chevron" d="M${width - 8} ${middle - 2}l3.5 4l3.5-4"/></g>`;
    }
    return found;
  }

  /** Times, brackets of instants, and a ruler in the gaps whose ticks tell their unit by their length. */
  axis() {
    const { axis, anchors } = this.layout;
    let found = "";
    let path = "";
    this.anchors.forEach((anchor, i) => {
      const place = this.firstAnchor + i;
      const clock = page.clock(anchor.at);
      const before = anchors[place - 1];
      if (!before || page.clock(before.at) !== clock) found += `<text class="clock" x="${axis - 12}" y="${anchor.y0 + 12}">${clock}</text>`;
      if (anchor.y1 - anchor.y0 > page.LINE + 6) path += `M${axis - 2} ${anchor.y0 + 1}h-4V${anchor.y1 - 3}h4`;
      if (anchors[place + 1]) found += this.ruler(anchor, anchors[place + 1]);
    });
    return `<path class="bracket" d="${path}"/>${found}<path class="axis" d="M${axis + 0.5} ${this.y0}V${this.y1}"/>`;
  }

  ruler(above, below) {
    const { axis, folds } = this.layout;
    const [from, to, us] = [above.y1, below.flag ?? below.y0, below.at - above.at];
    if (to - from < 3 || folds.some((fold) => fold.y0 >= from - 1 && fold.y1 <= to + 1)) return "";
    const unit = [[1e3, 3], [1e4, 5], [1e5, 7], [1e6, 10]].find(([one]) => ((to - from) * one) / us >= 3);
    if (!unit) return "";
    let path = "";
    for (let at = Math.ceil((above.at + 1) / unit[0]) * unit[0]; at < below.at; at += unit[0]) {
      path += `M${axis - unit[1]} ${(from + ((to - from) * (at - above.at)) / us).toFixed(1)}H${axis}`;
    }
    return path && `<path class="tick" d="${path}"/>`;
  }

  /** Lit records and the causes they have: brackets beside the lifeline, heavy arrows between lanes. */
  causes() {
    const { run, layout } = this;
    let found = "";
    for (const n of this.view.litRecords()) {
      let c = run.cause[n];
      if (c < 0 || !this.isLit(c)) continue;
      if (run.lane[c] === run.lane[n]) {
        // Records without words are passed over: the bracket is between words.
        if (!layout.tokenOf.has(n) && run.effects(n).some((m) => this.isLit(m) && run.lane[m] === run.lane[n])) continue;
        while (!layout.tokenOf.has(c) && run.cause[c] >= 0 && this.isLit(run.cause[c]) && run.lane[run.cause[c]] === run.lane[c]) c = run.cause[c];
      }
      const [a, b] = [layout.y[c], layout.y[n]];
      if (Math.max(a, b) < this.y0 || Math.min(a, b) > this.y1) continue;
      if (run.lane[c] !== run.lane[n]) found += this.arrow(c, n, true);
      else if (b - a >= 9) found += bracket(this.lane(n).cx, a, b);
    }
    return found;
  }

  /** Marks of records without words. */
  dots() {
    const { run, layout } = this;
    let found = "";
    const [from, to] = this.records();
    for (let n = from; n < to; n++) {
      if (layout.folded[n] || layout.tokenOf.has(n) || layout.y[n] < this.y0 || layout.y[n] > this.y1) continue;
      const lane = this.lane(n);
      const lit = this.isLit(n);
      if (lane.kind === "steps" || (run.rank[n] === page.PASSING && !lit) || (!lit && !this.isShown(n))) continue;
      found += `<g class="${lit ? "" : "o"}" data-n="${n}">${this.glyph(n, lane.cx, layout.y[n], false)}</g>`;
    }
    return found;
  }

  /** Records that may be seen: first, end. */
  records() {
    const { anchors } = this.layout;
    const above = anchors[this.firstAnchor - 1];
    const below = anchors[this.endAnchor];
    return [above ? above.first : 0, below ? below.last + 1 : this.run.count];
  }

  glyph(n, x, y, big) {
    if (n === this.view.finding.record) return page.failingMark(x, y);
    const number = this.view.numbers.get(n);
    if (number !== undefined) return page.numberMark(x, y, number);
    return page.mark(this.run.markName(n), x, y, { big, lit: this.isLit(n) });
  }

  /** Words with their marks. */
  tokens() {
    const { view, layout } = this;
    const [from, to] = this.violated();
    let found = "";
    for (const token of this.seenTokens()) {
      const { n, lane } = token;
      const lit = this.isLit(n) || n === view.finding.record;
      const tinted = from !== null && token.y >= from && token.y <= to;
      found += `<g class="${lit ? "" : "o"}${tinted ? " tinted" : ""}" data-n="${n}">`;
      if (n === view.selected || view.hits.has(n)) found += this.highlight(token);
      if (!token.dx) found += this.glyph(n, lane.cx, layout.y[n], true);
      const odd = ["fault", "lost", "error", "crash"].includes(this.run.markName(n)) ? " odd" : "";
      (token.lines ?? []).forEach((line, i) => {
        found += `<text class="h${lit ? " strong" : ""}${odd}" x="${lane.tx + token.dx}" y="${token.y + 4 + i * page.LINE}">${escape(line)}</text>`;
      });
      found += "</g>";
    }
    return found;
  }

  seenTokens() {
    const found = [];
    for (const anchor of this.anchors) {
      for (const n of anchor.told) {
        const token = this.layout.tokenOf.get(n);
        if (this.seen(token.y)) found.push(token);
      }
    }
    return found;
  }

  highlight({ n, lane, y, lines, dx }) {
    const chosen = n === this.view.selected ? " chosen" : "";
    if (!lines) return `<circle class="found${chosen}" cx="${lane.cx}" cy="${y}" r="12"/>`;
    const width = Math.max(...lines.map((line) => page.width(line, true))) + 6;
    return `<rect class="found${chosen}" x="${lane.tx + dx - 3}" y="${y - 8}" width="${width}" height="${lines.length * page.LINE}" rx="3"/>`;
  }

  /** Where it breaks, and until when. */
  flags() {
    const { finding, layout } = { finding: this.view.finding, layout: this.layout };
    const { axis } = layout;
    let found = "";
    for (const { flag } of this.anchors) {
      if (flag === undefined) continue;
      const words = `${finding.check}: ${finding.message}`;
      const width = Math.min(page.width(words, true) * 1.02 + 20, this.right - axis - 14);
      found += `<path class="flag-line" d="M${axis} ${flag + 24}H${this.right}"/><rect class="flag" x="${axis}" y="${flag}" width="${width}" height="22"/><text class="flag-text" x="${axis + 9}" y="${flag + 15}">${escape(page.fit(words, width - 16, true))}</text>`;
    }
    if (finding.record < 0) return found;
    const until = this.violated()[1];
    if (!this.seen(until)) return found;
    const words = finding.until_us < 0 ? `${finding.check}: still so at the end` : `${finding.check} until ${page.clock(finding.until_us)} s`;
    const width = page.width(words, true) + 16;
    return `${found}<path class="until-line" d="M${axis} ${until}H${this.right}"/><rect class="until" x="${this.right - width}" y="${until - 18}" width="${width}" height="18"/><text class="until-text" x="${this.right - width + 8}" y="${until - 5}">${escape(words)}</text>`;
  }
}

/** From a cause to its effect in one lane. */
function bracket(x, y0, y1) {
  const path = `M${x - 7} ${y0}h-4q-4 0-4 4V${y1 - 4}q0 4 4 4h2`;
  return `<path class="bracket-back" d="${path}"/><path class="bracket-cause" d="${path}" marker-end="url(#run-cause)"/>`;
}

/** `33 heartbeats, 70 other records`. */
page.foldWords = ({ beats, others }, noun) => {
  const plural = (count, one) => `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;
  if (!beats) return others ? plural(others, "record") : "nothing";
  return others ? `${plural(beats, noun)}, ${plural(others, "other record")}` : plural(beats, noun);
};

/** Draws what is seen, if it is not drawn already or must be anew. */
page.drawTimeline = (view, { anew = false, whole = false } = {}) => {
  const { layout, scroller, sheet } = view;
  const [top, height] = [scroller.scrollTop, scroller.clientHeight];
  const drawn = view.drawn;
  if (!anew && drawn && top >= drawn.from && Math.min(layout.height, top + height) <= drawn.to) return;
  const from = whole ? 0 : Math.max(0, top - MARGIN);
  const to = whole ? layout.height : Math.min(layout.height, top + height + MARGIN);
  view.drawn = { from, to };
  const dims = view.dims || view.cone ? ' class="dim"' : "";
  const size = `width="${layout.width}" height="${Math.max(1, to - from)}" viewBox="0 ${from} ${layout.width} ${Math.max(1, to - from)}"`;
  sheet.innerHTML = `<svg${dims} ${size} aria-hidden="true">${new Drawing(view, from, to).markup()}</svg>`;
  sheet.firstChild.style.top = `${from}px`;
};
