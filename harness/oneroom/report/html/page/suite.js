// The suite page: head, filters, views.

const { el } = page;
const VIEWS = [["", "Scenarios"], ["failures", "Failures"], ["ledger", "Ledger"], ["limits", "Limits"], ["vacuous", "Vacuous checks"]];
const OUTCOMES = ["nondeterministic", "violated", "inconclusive", "vacuous", "expected", "held"];
const folds = new Map();
let suite = null;
let allLimits = false;

/** Prepares the data. */
page.load = (data) => {
  suite = data;
  suite.failuresOf = suite.cells.map(() => []);
  for (const failure of suite.failures) if (failure.cell >= 0) suite.failuresOf[failure.cell].push(failure);
  suite.sorted = [...suite.failures].sort((a, b) => b.share - a.share);
};

/** What the filters leave: indices of cells, and failures. */
function filtered(state) {
  const wanted = (state.get("verdicts") ?? "").split(" ").filter(Boolean);
  const only = state.get("policy") ?? "";
  const folder = state.get("folder") ?? "";
  const tag = state.get("tag") ?? "";
  const words = (state.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const cells = new Set();
  suite.cells.forEach((cell, index) => {
    const row = suite.rows[cell.row];
    if (only && cell.policy !== only) return;
    if (folder && row.folder !== folder) return;
    if (tag && !row.tags.includes(tag)) return;
    if (wanted.length && !wanted.includes(page.outcome(cell))) return;
    if (words.length) {
      cell.text ??= [row.path, row.title, ...row.tags, cell.policy, page.outcome(cell), ...Object.keys(cell.violated), ...suite.failuresOf[index].map((failure) => failure.id)].join("\n").toLowerCase();
      if (!words.every((word) => (word.startsWith("!") && word.length > 1 ? !cell.text.includes(word.slice(1)) : cell.text.includes(word)))) return;
    }
    cells.add(index);
  });
  const failures = suite.sorted.filter((failure) => (failure.cell >= 0 ? cells.has(failure.cell)
    : (!only || failure.policy === only) && words.every((word) => [failure.check, failure.title, failure.scenario, failure.policy, failure.message, failure.id].join("\n").toLowerCase().includes(word))));
  return { cells, failures, only, narrowed: words.length > 0 || wanted.length > 0 || folder !== "" || tag !== "" };
}

function headline({ summary, command, failures }) {
  if (command === "fuzz") return failures.length ? `${page.plural(failures.length, "failure")} found in ${page.plural(summary.runs, "drawn run")}` : `No failure in ${page.plural(summary.runs, "drawn run")}`;
  if (!summary.runs) return "Nothing was run";
  return summary.failed ? `${page.count(summary.failed)} of ${page.plural(summary.scenarios, "scenario")} not as expected` : `${page.plural(summary.scenarios, "scenario")}, all as expected`;
}

function counted({ verdicts, excused }) {
  const counts = { ...verdicts };
  if (excused) {
    counts.violated -= excused;
    counts["violated as expected"] = excused;
  }
  return Object.entries(counts).filter(([, count]) => count).map(([name, count]) => `${page.count(count)} ${name}`).join(", ");
}

function head() {
  const { summary } = suite;
  const kind = summary.exit_code === 0 ? "ok" : ["violated", "nondeterministic"].includes(summary.verdict) ? "" : "odd";
  const theme = el("button", { type: "button", class: "theme", title: "light or dark", onclick: page.toggleTheme }, "light / dark");
  return el("header", { class: "suite-head" },
    el("div", {},
      el("h1", {}, el("span", { class: `pill ${kind}` }, summary.verdict.toUpperCase()), headline(suite)),
      el("p", { class: "meta" }, el("span", {}, `${page.plural(summary.runs, "run")}${summary.runs ? `: ${counted(summary)}` : ""}`), el("span", {}, `seeds ${summary.seeds}`), el("span", {}, suite.duration), el("span", {}, `oneroom ${suite.versions.oneroom ?? ""}`))),
    el("div", { class: "tools" }, page.command(suite.line), theme),
    summary.troubles.length ? el("ul", { class: "troubles", role: "alert" }, summary.troubles.map((trouble) => el("li", {}, trouble))) : null);
}

function filters(state, { cells }) {
  const counts = {};
  for (const cell of suite.cells) counts[page.outcome(cell)] = (counts[page.outcome(cell)] ?? 0) + 1;
  const wanted = new Set((state.get("verdicts") ?? "").split(" ").filter(Boolean));
  const search = el("input", { type: "search", id: "filter", placeholder: "filter: words, !not   /", "aria-label": "filter by words of path, title, policy, check or id", value: state.get("q") ?? "" });
  search.addEventListener("input", () => page.change({ q: search.value, cell: "" }));
  const chips = OUTCOMES.filter((outcome) => counts[outcome]).map((outcome) => el("button", {
    type: "button", class: "chip", "data-outcome": outcome, "aria-pressed": String(wanted.has(outcome)),
    onclick: () => {
      if (!wanted.delete(outcome)) wanted.add(outcome);
      page.change({ verdicts: [...wanted].join(" ") });
    },
  }, el("span", { class: `sample ${outcome}`, "aria-hidden": "true" }), `${outcome === "expected" ? "as expected" : outcome} ${page.count(counts[outcome])}`));
  const select = (name, label, choices) => (choices.length > 2 || state.get(name) || (name === "tag" && choices.length > 1) ? el("select", { "aria-label": label, onchange: (event) => page.change({ [name]: event.target.value }) },
    choices.map(([value, text]) => el("option", { value, selected: (state.get(name) ?? "") === value }, text))) : null);
  return el("div", { class: "filters", role: "search" }, search, chips,
    select("policy", "policy", [["", "all policies"], ...suite.policies.map((name) => [name, name])]),
    select("folder", "folder", [["", "all folders"], ...[...new Set(suite.rows.map((row) => row.folder))].map((name) => [name, name || "(no folder)"])]),
    select("tag", "tag", [["", "all tags"], ...[...new Set(suite.rows.flatMap((row) => row.tags))].sort().map((name) => [name, name])]),
    select("sort", "order", [["", "by file"], ["worst", "worst first"], ["name", "by name"]]),
    el("span", { class: "quiet", "aria-live": "polite", id: "left" }, cells.size < suite.cells.length ? `${page.count(cells.size)} of ${page.plural(suite.cells.length, "cell")}` : ""));
}

function legend() {
  const sample = (name, figure, words) => el("span", {}, el("span", { class: `cell ${name}`, "aria-hidden": "true" }, figure), ` ${words}`);
  return el("p", { class: "legend" }, "share of seeds violated, in %: ",
    [["1", "0.4"], ["2", "3.1"], ["3", "29"], ["4", "62"], ["5", "100"]].map(([shade, figure]) => el("span", { class: `cell violated shade-${shade}` }, figure)),
    sample("expected", "100", "violated, as the scenario expects"), sample("held", "·", "held"), sample("vacuous", "∅", "vacuous"), sample("inconclusive", "?", "inconclusive"),
    el("span", {}, el("span", { class: "not-run", "aria-hidden": "true" }), " not run"));
}

/** Scenarios that are skipped, with their reasons. */
function skipped() {
  if (!suite.skipped.length) return null;
  return el("details", {}, el("summary", {}, `${page.plural(suite.skipped.length, "scenario")} skipped`),
    el("ul", {}, suite.skipped.map((one) => el("li", {}, `${one.scenario}:${one.line} ${one.reason}`))));
}

function scenarios(state, left) {
  const chosen = state.get("cell") === null ? -1 : Number(state.get("cell"));
  const close = () => {
    page.change({ cell: "" });
    document.querySelector(`[data-cell="${chosen}"]`)?.focus();
  };
  const table = page.heatMap(suite, [...left.cells], {
    sort: state.get("sort") || "file", only: left.only, folds, unfolded: left.narrowed,
    onfold: (folder, open) => {
      folds.set(folder, open);
      page.draw();
      [...document.querySelectorAll(".fold")].find((button) => button.textContent.includes(folder))?.focus();
    },
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    page.change({ cell: cell.dataset.cell });
    document.querySelector(`[data-cell="${cell.dataset.cell}"]`)?.focus({ preventScroll: true });
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("button");
    if (!cell || !/^(Arrow|Home|End)/.test(event.key)) return;
    event.preventDefault();
    page.neighbour(table, cell, event.key)?.focus();
  });
  const marked = table.querySelector(`[data-cell="${chosen}"]`);
  marked?.setAttribute("aria-current", "true");
  (marked ?? table.querySelector("[data-cell]"))?.setAttribute("tabindex", "0");
  const detail = suite.cells[chosen] ? page.cellDetail(suite, chosen, close) : page.allFailures(suite, left.failures);
  return el("div", { class: "split" }, el("div", { class: "table" }, table, left.cells.size ? null : el("p", { class: "quiet" }, "No cell matches the filters."), skipped(), legend()), el("aside", { "aria-label": "detail", tabindex: "0" }, detail));
}

function view(name, state, left) {
  if (name === "failures") return el("div", { class: "list" }, page.allFailures(suite, left.failures));
  if (name === "ledger") return page.ledger(suite, { key: state.get("key"), policy: left.only, onkey: (key) => page.change({ key }) });
  if (name === "limits") return page.limits(suite, left.cells, { all: allLimits, onall: () => { allLimits = true; page.draw(); } });
  if (name === "vacuous") return page.vacuous(suite, left.cells);
  return scenarios(state, left);
}

/** Draws the suite page into `host` for the state of the address. */
page.showSuite = (host) => {
  const state = page.state();
  const left = filtered(state);
  const current = suite.cells.length ? state.get("view") ?? "" : state.get("view") || "failures";
  const counts = { "": suite.rows.length, failures: left.failures.length, limits: suite.limits.length };
  const views = VIEWS.filter(([name]) => suite.cells.length || ["failures", "ledger"].includes(name));
  const nav = el("nav", { "aria-label": "views" }, views.map(([name, title]) => el("a", { href: page.address({ view: name, cell: "" }), "aria-current": name === current ? "page" : null }, title, counts[name] ? el("small", {}, ` ${page.count(counts[name])}`) : null)));
  const active = document.activeElement?.id;
  const old = host.querySelector("#filter");
  const caret = old?.selectionStart;
  const scrolled = host.querySelector(".split > .table")?.scrollTop ?? 0;
  const main = el("main", {}, view(current, state, left));
  const prints = el("div", { class: "print-only" }); // filled when the page is printed
  host.replaceChildren(el("div", { class: "suite" }, head(), el("div", { class: "bar" }, nav, suite.cells.length ? filters(state, left) : null), main, prints));
  document.title = `${suite.summary.verdict}: ${headline(suite)}`;
  if (active === "filter" && old) {
    const search = host.querySelector("#filter");
    search.focus();
    search.setSelectionRange(caret, caret);
  }
  const table = host.querySelector(".split > .table");
  if (table) table.scrollTop = scrolled;
};

/** On paper there are no views to choose from: the others follow. */
page.printSuite = (host, prints) => {
  const place = host.querySelector(".print-only");
  if (!place) return;
  const state = page.state();
  const left = filtered(state);
  const current = state.get("view") ?? "";
  const others = ["ledger", "limits", "vacuous"].filter((name) => suite.cells.length && name !== current);
  place.replaceChildren(...(prints ? others.map((name) => view(name, state, left)) : []));
};

/** A key on the suite page. */
page.suiteKey = (event) => {
  if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) {
    event.preventDefault();
    document.getElementById("filter")?.focus();
  } else if (event.key === "Escape") {
    if (event.target.id === "filter") page.change({ q: "" });
    else if (page.state().get("cell") !== null) document.querySelector(".detail header button")?.click();
  }
};
