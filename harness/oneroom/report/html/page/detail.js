// Beside the heat map: the failures of all, or all that is known of one cell.

const { el } = page;
const WIDTH = 180;

/** The heading of a failure, a link to its page if there is one. */
page.failureLink = (failure) => (page.runBlock(failure.id) || page.drawServed
  ? el("a", { href: `#failure=${encodeURIComponent(failure.id)}`, class: "check" }, failure.check)
  : el("span", { class: "check" }, failure.check));

/** One failure: what broke, why, how often, and the command that makes it again. */
page.failure = (suite, failure, { place = true } = {}) => el("li", { class: "failure" },
  el("p", {}, page.failureLink(failure), ` at ${failure.at}`),
  el("p", { class: "message" }, failure.message),
  failure.mechanism ? el("p", { class: "mechanism quiet" }, failure.mechanism) : null,
  el("p", { class: "meta" },
    place ? el("span", {}, `${failure.scenario}:${failure.line}`) : null,
    place ? el("span", {}, failure.policy) : null,
    failure.rate ? el("span", {}, failure.rate) : null,
    failure.worst_seed >= 0 ? el("span", {}, `worst ${page.value(failure.check, failure.worst)} in seed ${failure.worst_seed}`) : null),
  page.command(failure.repro));

function ledgerOf(suite, index) {
  const cell = suite.cells[index];
  const limits = new Map(suite.limits.filter((limit) => limit.cell === index).map((limit) => [limit.ledger, limit]));
  const keys = [...new Set([...limits.keys(), ...Object.keys(cell.ledger)])];
  if (!keys.length) return null;
  const rows = keys.map((key) => {
    const [p50, p95, p99, highest, seed] = cell.ledger[key] ?? [0, 0, 0, 0, cell.first];
    const limit = limits.get(key);
    const axis = page.logAxis(key, Math.max(highest, limit?.bound ?? 0), WIDTH);
    return el("tr", { class: limit?.broken ? "over" : null },
      el("th", { scope: "row" }, key.replace(/_ms$/, "").replaceAll("_", " "), limit ? el("small", {}, ` ${limit.relation} ${page.value(key, limit.bound)}`) : null,
        page.quantileStrip(key, [p50, p95, p99, highest], axis, WIDTH, limit)),
      el("td", {}, page.value(key, p50)),
      el("td", {}, page.value(key, highest), el("small", {}, ` seed ${limit && limit.worst !== highest ? limit.seed : seed}`)));
  });
  return el("section", {}, el("h3", {}, "Ledger"),
    el("table", { class: "figures" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "entry"), el("th", { scope: "col" }, "p50"), el("th", { scope: "col" }, "max"))), el("tbody", {}, rows)));
}

/** All that is known of one cell. */
page.cellDetail = (suite, index, onclose) => {
  const cell = suite.cells[index];
  const row = suite.rows[cell.row];
  const outcome = page.outcome(cell);
  const failures = suite.failuresOf[index];
  return el("article", { class: "detail" },
    el("header", {}, el("h2", { tabindex: "-1" }, row.title || row.name), el("button", { type: "button", onclick: onclose, "aria-label": "close, back to all failures", title: "close (Esc)" }, "×")),
    el("p", { class: "meta" }, el("code", {}, `${row.path}:${row.line}`), el("span", {}, cell.policy)),
    el("p", {}, el("span", { class: `pill ${outcome === "violated" || outcome === "nondeterministic" ? "" : outcome === "held" || outcome === "expected" ? "ok" : "odd"}` }, (outcome === "expected" ? "as expected" : outcome).toUpperCase()), page.outcomeWords(cell)),
    cell.shortfalls.length ? el("ul", {}, cell.shortfalls.map((sentence) => el("li", {}, sentence))) : null,
    failures.length ? el("section", {}, el("h3", {}, "Failures"), el("ul", { class: "failures" }, failures.map((failure) => page.failure(suite, failure, { place: false })))) : null,
    outcome === "expected" ? el("section", {}, el("h3", {}, "Violated, as expected"), el("ul", {}, Object.entries(cell.violated).map(([check, hits]) => el("li", {}, el("code", {}, check), ` in ${page.count(hits)} of ${page.plural(cell.seeds, "seed")}`)))) : null,
    el("section", {}, el("h3", {}, "See a run"), page.command(`${cell.show}${cell.first}`), page.runLink?.(row.path, cell.policy, cell.first)),
    ledgerOf(suite, index),
    cell.vacuous.length ? el("details", {}, el("summary", {}, `${page.plural(cell.vacuous.length, "check")} had nothing to guard`), el("p", {}, cell.vacuous.join(", "))) : null);
};

/** The distinct failures, the most frequent first. */
page.allFailures = (suite, failures) => el("article", { class: "detail" },
  el("h2", {}, failures.length ? page.plural(failures.length, "failure") : "No failure"),
  failures.length
    ? el("ul", { class: "failures" }, failures.map((failure) => page.failure(suite, failure)))
    : el("p", { class: "quiet" }, suite.cells.length ? "Choose a cell to see its ledger and a command that shows one of its runs." : ""));
