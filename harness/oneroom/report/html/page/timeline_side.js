// Beside the timeline: why, the record that is pointed at, the source, the legend.

const { el, svg } = page;

function goTo(n, content, attributes = {}) {
  return el("button", { type: "button", class: "go", "data-go": n, ...attributes }, content);
}

/** The sentences of the cause, the records between them folded away, and what was close. */
page.drawWhy = (view) => {
  const { run, finding } = view;
  const rows = [];
  let between = [];
  const flush = () => {
    const list = between.map((n) => el("li", { class: "minor" }, goTo(n, run.sentence(n))));
    if (list.length > 2) rows.push(el("li", { class: "minor more" }, el("details", {}, el("summary", {}, `${list.length} records between`), el("ol", {}, list))));
    else rows.push(...list);
    between = [];
  };
  const shown = new Set();
  for (const n of finding.chain.length ? finding.chain : finding.links.flatMap((link) => link.records)) {
    const number = view.numbers.get(n);
    if (number === undefined && n !== finding.record) {
      between.push(n);
      continue;
    }
    if (shown.has(number)) continue; // several records of one sentence
    shown.add(number);
    flush();
    rows.push(sentence(view, n, number));
  }
  flush();
  if (finding.close?.length) rows.push(el("li", { class: "beside" }, "not in the chain, but close to it"), ...finding.close.map((one) => close(one)));
  view.whyTitle.textContent = run.data.findings.length ? "Why" : "What happened";
  view.why.replaceChildren(...(rows.length ? rows : [el("li", { class: "beside" }, "nothing led to it but the scenario itself")]));
};

/** What decides between this run and the nearest one of the other verdict. */
page.drawTwin = (view) => {
  const { twin } = view.run.data;
  view.twinSection.hidden = !twin;
  if (twin) view.twin.replaceChildren(...twin.lines.map((line) => el("p", {}, line)), el("p", {}, el("a", { href: `#failure=${encodeURIComponent(twin.id)}` }, `→ ${twin.link}`)));
};

function sentence(view, n, number) {
  const { run, finding } = view;
  const failing = n === finding.record;
  const link = finding.links[number - 1];
  const line = link?.line ? el("button", { type: "button", class: "source", "data-line": link.line }, `line ${link.line}`) : null;
  const until = failing && finding.until_us >= 0 ? `; ${finding.check} until ${page.clock(finding.until_us)} s` : "";
  return el("li", { class: failing ? "failing" : "" },
    goTo(n, [el("span", { class: "no" }, failing ? "✕" : String(number)), link?.text ?? run.sentence(n),
      el("time", {}, `${page.clock(run.at[n])} s${until}`)]), line);
}

function close({ record, text, from_us: from, to_us: to }) {
  const until = to < 0 ? "the end" : `${page.clock(to)} s`;
  return el("li", { class: "fault" }, goTo(record, [svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, svg("path", { class: "fault", d: "M7 0l7 7l-7 7l-7-7z" })),
    text, el("time", {}, `${page.clock(from)} s to ${until}`)]));
}

/** The record `n`; -1 says what the timeline is for. */
page.drawRecord = (view, n) => {
  const { run } = view;
  if (n < 0) {
    view.detail.replaceChildren(el("p", { class: "quiet" }, "Point at a mark to read it, click to see what led to it and what it led to."));
    return;
  }
  const cause = run.cause[n];
  const effects = run.effects(n);
  const row = (name, ...content) => [el("dt", {}, name), el("dd", {}, content)];
  const before = cause >= 0 ? run.at[n] - run.at[cause] : 0;
  view.detail.replaceChildren(el("p", { class: "said" }, run.sentence(n)), el("dl", {},
    row("at", `${(run.at[n] / 1e6).toFixed(6)} s`),
    row("record", `${n} of ${run.count.toLocaleString("en-US")}, ${run.kindName(n)}`),
    row("caused by", cause < 0 ? "nothing" : [goTo(cause, run.sentence(cause)), before ? ` ${page.spanWords(before)} before` : " same instant"]),
    effects.length ? row("led to", effects.slice(0, 4).map((m) => goTo(m, run.sentence(m))), effects.length > 4 ? ` and ${effects.length - 4} more` : null) : null,
    run.fields(n).map(([name, value]) => row(name.replaceAll("_", " "), el("span", { class: "mono" }, places(view, String(value))))),
  ));
};

const PLACE = /([\w@./-]+\.\w+):(\d+)/g;

/** A text whose places `file:line` open the source, if the page has it. */
function places(view, text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    const [whole, file, line] = match;
    if (!view.run.data.sources.some((source) => source.file === file)) continue;
    found.push(text.slice(end, match.index), el("button", { type: "button", class: "source", "data-file": file, "data-line": line }, whole));
    end = match.index + whole.length;
  }
  return [...found, text.slice(end)];
}

/** Source text with a line marked: of the scenario unless `file` names another. */
page.drawSource = (view, line, file) => {
  const source = view.run.data.sources.find((one) => one.file === file) ?? view.run.data.sources[0];
  view.sourceTitle.textContent = `${source.file}:${line}`;
  const rows = source.parts.flatMap(({ first, lines }) => lines.map((text, i) => [first + i, text])).map(([number, text]) =>
    el("div", { class: number === line ? "marked" : "", ...(number === line ? { "aria-current": "true" } : {}) }, el("span", { class: "line-number" }, String(number)), text || " "));
  view.source.replaceChildren(...rows);
  view.sourceSection.hidden = false;
  view.sourceSection.scrollIntoView({ block: "nearest" });
  const marked = view.source.querySelector(".marked");
  if (marked) view.source.scrollTop = marked.offsetTop - view.source.offsetTop - 60;
};

/** What the run's looks mean. */
page.drawLegend = (view) => {
  const samples = [...view.run.data.legend, ["cause", "leads to the failure"], ["violated", "as long as it is violated"], ["ruler", "ruler: 1 ms, 10 ms, 100 ms, 1 s"]];
  view.legend.innerHTML = samples.map(([name, words]) => `<li><svg width="36" height="20" aria-hidden="true">${special(name)}</svg>${page.escape(words)}</li>`).join("");
};

function special(name) {
  if (name === "cause") return '<path class="cause-arrow" d="M3 5L33 15" marker-end="url(#run-cause)"/>';
  if (name === "violated") return '<rect class="violated" x="4" y="1" width="30" height="18"/><path class="violated-edge" d="M5 1V19"/>';
  if (name === "ruler") return `<path class="tick" d="${[3, 5, 7, 10].map((length, i) => `M${34 - length} ${3 + i * 5}H34`).join("")}"/>`;
  return page.sample(name);
}
