// The failure page: a space-time timeline of one run, with what broke and why.

const { el } = page;
const LEVELS = [["cause", "what led to the failure, lives, Rooms and faults"], ["story", "what tells something new"], ["all", "every record"]];
const HELD = { check: "", at_us: 0, record: -1, windows: [], message: "", since_us: 0, until_us: -1, rate: "", chain: [], close: [], line: 0 };
const PRINT_WIDTH = 1000;
const PRINTED = 30000; // pixels of the timeline, some 30 pages

class TimelineView {
  constructor(host, data, { back, id }) {
    this.run = new page.Run(data);
    this.id = id;
    this.level = 1;
    this.zoom = 1;
    this.dims = false;
    this.unfolds = false;
    this.opened = new Set(); // folds, by the record above each
    this.widths = new Map(); // lanes that the reader made wide or narrow
    this.hiddenGroups = new Set();
    this.found = [];
    this.hits = new Set();
    this.hit = -1;
    this.selected = -1;
    this.cone = null;
    this.build(host, back);
    page.measureIn(this.root);
    page.drawLegend(this);
    page.drawTwin(this);
    this.readAddress();
    this.show(data.findings.find((finding) => finding.id && finding.id === id) ?? data.findings[0] ?? { ...HELD, links: data.course });
    this.stop = new AbortController();
    page.listen(this, this.stop.signal);
    const chosen = Number(page.state().get("sel") ?? -1);
    if (chosen >= 0 && chosen < this.run.count) this.go(chosen, { choose: true });
  }

  // -- what is there ----------------------------------------------------------------------------

  build(host, back) {
    const { data } = this.run;
    this.heading = el("h1", {});
    this.facts = el("p", { class: "meta" });
    this.also = el("p", { class: "also" });
    this.levels = el("span", { class: "segments", role: "group", "aria-label": "level of detail" });
    this.dimButton = el("button", { type: "button", "aria-pressed": "false", title: "dim all that does not lead to it (c)", onclick: () => this.toggleDims() }, "only the cause");
    this.foldButton = el("button", { type: "button", "aria-pressed": "false", title: "unfold idle stretches (u)", onclick: () => this.toggleFolds() }, "unfold");
    this.tableButton = el("button", { type: "button", "aria-pressed": "false", title: "the records as a table (t)", onclick: () => this.toggleTable() }, "table");
    this.query = el("input", { type: "search", placeholder: "search  /", "aria-label": "search records" });
    this.foundWords = el("span", { class: "found-words", role: "status" });
    this.strip = el("div", { class: "strip-of-all", title: "the whole run; click or drag to go there" });
    this.heads = el("div", { class: "heads" });
    this.sheet = el("div", { class: "sheet" });
    this.scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Timeline: time runs down, a lane a window. Arrow keys walk from cause to effect; the table has the same records." }, this.heads, this.sheet);
    this.table = el("div", { class: "records", tabindex: "-1", hidden: true, role: "region", "aria-label": "records as a table" });
    this.announcer = el("p", { class: "off-screen", role: "status" });
    this.tip = el("div", { class: "tip", hidden: true });
    this.root = el("div", { class: "run" },
      el("header", {}, el("div", {}, this.heading, this.facts, this.also), el("div", { class: "actions" },
        el("div", { class: "first-row" }, back ? el("a", { href: back, class: "back" }, "← all runs") : null, data.repro ? page.command(data.repro) : null), this.tools())),
      this.strip, el("main", {}, this.scroller, this.table), this.aside(), this.tip, this.announcer);
    host.append(this.root);
  }

  tools() {
    const zoom = el("span", { class: "segments", role: "group", "aria-label": "zoom" },
      el("button", { type: "button", title: "smaller gaps (−)", "aria-label": "zoom out", onclick: () => this.zoomBy(Math.SQRT1_2) }, "−"),
      el("button", { type: "button", title: "larger gaps (+)", "aria-label": "zoom in", onclick: () => this.zoomBy(Math.SQRT2) }, "+"));
    const theme = el("button", { type: "button", title: "light or dark", "aria-label": "light or dark", onclick: () => page.toggleTheme() }, "◐");
    return el("div", { class: "tools" }, this.levels, this.dimButton, this.foldButton, zoom, this.filter(), this.tableButton, theme, el("span", { class: "search" }, this.query, this.foundWords));
  }

  /** Which kinds of records are shown. */
  filter() {
    const { data, run } = { data: this.run.data, run: this.run };
    const counts = new Map();
    for (let n = 0; n < run.count; n++) counts.set(run.group[run.kind[n]], (counts.get(run.group[run.kind[n]]) ?? 0) + 1);
    this.filterWords = el("summary", {}, "filter");
    const boxes = data.groups.map((name, group) => (counts.has(group) ? el("label", {},
      el("input", { type: "checkbox", checked: true, onchange: (event) => this.filterGroup(group, event.target.checked) }), name, el("small", {}, counts.get(group).toLocaleString("en-US"))) : null));
    return el("details", { class: "filter" }, this.filterWords, el("fieldset", {}, el("legend", {}, "records of"), boxes));
  }

  aside() {
    this.whyTitle = el("h2", {}, "Why");
    this.why = el("ol", { class: "why" });
    this.twin = el("div", { class: "twin" });
    this.twinSection = el("section", { hidden: true }, el("h2", {}, "Nearest twin"), this.twin);
    this.detail = el("div", { class: "detail" });
    this.sourceTitle = el("h2", { class: "mono" });
    this.source = el("div", { class: "source-lines", tabindex: "0", role: "region", "aria-label": "source" });
    this.sourceSection = el("section", { hidden: true }, this.sourceTitle, this.source);
    this.legend = el("ul", { class: "legend" });
    const keys = page.KEY_HELP.flatMap(([names, words]) => [...names.map((name) => el("kbd", {}, name)), ` ${words} `]);
    return el("aside", { tabindex: "0", "aria-label": "why, record, legend" },
      el("section", {}, this.whyTitle, this.why), this.twinSection, el("section", { class: "record" }, el("h2", {}, "Record"), this.detail), this.sourceSection,
      el("section", { class: "further" }, el("h2", {}, "Legend"), this.legend, el("h2", {}, "Keys"), el("p", { class: "keys" }, keys)));
  }

  // -- what is shown ----------------------------------------------------------------------------

  /** The finding that the page is about from now on. */
  show(finding) {
    this.finding = finding;
    this.chain = new Set(finding.chain);
    this.numbers = new Map();
    finding.links.forEach((link, i) => link.records.forEach((n) => { if (n !== finding.record) this.numbers.set(n, i + 1); }));
    this.selected = -1;
    this.cone = null;
    this.drawHeader();
    page.drawWhy(this);
    page.drawRecord(this, -1);
    this.relayout();
    this.begin();
  }

  /** Another finding of the same run. */
  choose(finding) { this.show(finding); }

  drawHeader() {
    const { run, finding } = this;
    const { data } = run;
    const broken = data.findings.length > 0;
    document.title = `${broken ? finding.check : data.verdict} · ${data.title}`;
    this.heading.replaceChildren(el("span", { class: `pill ${broken ? "" : data.verdict === "held" ? "ok" : "odd"}` }, broken ? "VIOLATED" : data.verdict.toUpperCase()),
      broken ? `${finding.message}, at ${page.clock(finding.at_us)} s` : data.title);
    const line = finding.line || data.line;
    const fact = (name, ...value) => el("span", {}, `${name} `, el("b", {}, value));
    this.facts.replaceChildren(
      ...(broken ? [fact("check", el("code", {}, finding.check))] : []),
      el("span", {}, el("button", { type: "button", class: "source", "data-line": line }, `${data.scenario.split("/").slice(-2).join("/")}:${line}`)),
      fact("policy", el("code", {}, data.policy)), fact("seed", String(data.seed)), ...(finding.rate ? [fact("rate", finding.rate)] : []),
      fact("records", run.count.toLocaleString("en-US")), fact("in", page.spanWords(run.end)), ...(finding.chain.length ? [fact("lead to it", String(finding.chain.length))] : []),
      ...data.facts.map(([name, value]) => fact(name, value)), ...(data.unfinished ? [fact("gave up:", data.unfinished)] : []));
    const others = data.findings.map((one, i) => (one === finding ? null : el("button", { type: "button", "data-finding": i }, one.check)));
    this.also.replaceChildren(...(data.findings.length > 1 ? ["also broken ", ...others.filter(Boolean)] : []));
    this.levels.replaceChildren(...LEVELS.map(([name, title], i) => el("button", { type: "button", "data-level": i, "aria-pressed": String(i === this.level), title }, name)));
  }

  /** Lays out anew; what is at the record `kept`, or in the middle, stays where it is. */
  relayout(kept = -1) {
    const { scroller } = this;
    const old = this.layout;
    const at = kept < 0 && old ? old.timeAt(scroller.scrollTop + this.headHeight + 60) : 0;
    const offset = old ? (kept >= 0 ? old.y[kept] : old.yAt(at)) - scroller.scrollTop : 0;
    this.layout = new page.Layout(this, this.printing ? PRINT_WIDTH : scroller.clientWidth);
    page.drawHeads(this);
    this.sheet.style.height = `${this.layout.height}px`;
    this.sheet.style.width = `${this.layout.width}px`;
    if (old) scroller.scrollTop = (kept >= 0 ? this.layout.y[kept] : this.layout.yAt(at)) - offset;
    page.drawTimeline(this, { anew: true });
    page.drawOverview(this);
  }

  /** Goes to where the cause begins, or to the failure if that is too far above. */
  begin() {
    const { finding, layout, scroller } = this;
    if (finding.record < 0) return;
    const height = scroller.clientHeight - this.headHeight;
    const [first, y] = [finding.links.length ? layout.y[finding.links[0].records[0]] : 0, layout.y[finding.record]];
    scroller.scrollTop = y - first < height - 120 ? Math.max(0, first - 60) : Math.max(0, y - height * 0.55);
    page.drawTimeline(this);
    page.frameOverview(this);
  }

  litRecords() { return this.cone ? [...this.cone.before, ...this.cone.after] : [...this.chain]; }

  isTable() { return !this.table.hidden; }

  // -- what the reader does ---------------------------------------------------------------------

  /** The record that keys go on from. */
  current() {
    if (this.selected >= 0) return this.selected;
    return this.finding.record >= 0 ? this.finding.record : this.finding.links[0]?.records[0] ?? 0;
  }

  /** The next record that is shown, or the one before. */
  neighbour(by) {
    const { run } = this;
    let n = this.current() + by;
    while (n > 0 && n < run.count - 1 && this.hiddenGroups.has(run.group[run.kind[n]])) n += by;
    return Math.max(0, Math.min(run.count - 1, n));
  }

  /** Scrolls to a record; `choose` lights its causal cone, too. */
  go(n, { choose = false } = {}) {
    if (n < 0 || n >= this.run.count) return;
    if (this.isTable()) this.toggleTable();
    if (choose) {
      this.selected = n;
      this.cone = this.run.cone(n);
      this.announcer.textContent = `${this.run.sentence(n)}, at ${page.clock(this.run.at[n])} seconds. ${this.cone.before.size - 1} led to it, ${this.cone.after.size} followed.`;
    }
    if (choose || !this.layout.tokenOf.has(n)) this.relayout(n);
    const { scroller, layout } = this;
    const height = scroller.clientHeight - this.headHeight;
    const y = layout.y[n];
    if (y < scroller.scrollTop + 30 || y > scroller.scrollTop + height - 40) scroller.scrollTop = Math.max(0, y - height * 0.4);
    page.drawTimeline(this, { anew: true });
    page.frameOverview(this);
    page.drawRecord(this, n);
    for (const button of this.root.querySelectorAll("[data-go]")) button.classList.toggle("on", Number(button.dataset.go) === n);
    if (choose) {
      this.writeAddress();
      page.onRecordChosen?.(this);
    }
  }

  clear() {
    this.selected = -1;
    this.cone = null;
    this.found = [];
    this.hits = new Set();
    this.query.value = "";
    this.foundWords.textContent = "";
    this.tip.hidden = true;
    this.relayout();
    page.drawRecord(this, -1);
    this.writeAddress();
    page.onRecordChosen?.(this);
  }

  setLevel(level) {
    this.level = level;
    this.drawHeader();
    this.relayout(this.selected >= 0 ? this.selected : this.finding.record);
    this.writeAddress();
  }

  toggleDims() {
    this.dims = !this.dims;
    this.dimButton.setAttribute("aria-pressed", String(this.dims));
    page.drawTimeline(this, { anew: true });
    this.writeAddress();
  }

  toggleFolds() {
    this.unfolds = !this.unfolds;
    this.foldButton.setAttribute("aria-pressed", String(this.unfolds));
    this.relayout(this.selected >= 0 ? this.selected : this.finding.record);
  }

  toggleTable() {
    const shown = this.isTable();
    this.tableButton.setAttribute("aria-pressed", String(!shown));
    if (shown) page.hideTable(this);
    else page.showTable(this);
  }

  toggleLane(place) {
    this.widths.set(place, !this.layout.lanes[place].wide);
    this.relayout();
    this.heads.querySelector(`[data-lane="${place}"]`).focus();
  }

  filterGroup(group, shown) {
    if (shown) this.hiddenGroups.delete(group);
    else this.hiddenGroups.add(group);
    this.filterWords.textContent = this.hiddenGroups.size ? `filter (${this.hiddenGroups.size} off)` : "filter";
    this.relayout();
  }

  /** Gaps grow or shrink by a factor; what is `y` pixels below the top stays there. */
  zoomBy(factor, y = this.scroller.clientHeight * 0.4) {
    const zoom = Math.max(0.25, Math.min(64, this.zoom * factor));
    if (Math.abs(zoom - this.zoom) < 1e-9) return;
    const at = this.layout.timeAt(this.scroller.scrollTop + y);
    this.zoom = zoom;
    this.relayout();
    this.scroller.scrollTop = this.layout.yAt(at) - y;
    page.drawTimeline(this);
  }

  /** On paper everything is drawn, light and as wide as a page; of a long run, what is around the failure. */
  print(begins) {
    this.printing = begins;
    this.relayout();
    if (begins) page.drawTimeline(this, { anew: true, whole: this.layout.height <= PRINTED });
  }

  // -- the address ------------------------------------------------------------------------------

  readAddress() {
    const state = page.state();
    this.level = Math.max(0, Math.min(2, Number(state.get("level") ?? 1) || 0));
    this.dims = state.has("dim");
    this.dimButton.setAttribute("aria-pressed", String(this.dims));
  }

  writeAddress() {
    const changes = { sel: this.selected >= 0 ? String(this.selected) : "", level: this.level === 1 ? "" : String(this.level), dim: this.dims ? "1" : "" };
    history.replaceState(null, "", page.address(changes));
  }
}

let shown = null;

/** Shows a run in `host`; `back` is the address of the suite page, "" for none. */
page.showFailure = (host, run, options) => {
  page.hideFailure();
  shown = new TimelineView(host, run, options);
  page.onRunShown?.(shown);
  return shown;
};

/** The page shows something else from now on. */
page.hideFailure = () => {
  shown?.stop.abort();
  shown?.root.remove();
  shown = null;
};
