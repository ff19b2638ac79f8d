// The views beside the heat map: the ledger as distributions, the limits of `expect`, vacuous checks.

const { el } = page;
const WIDTH = 360;
const MOST_CURVES = 6;
const MOST_LIMITS = 60;

const MEANINGS = {
  no_owner_ms: "the user wants a call, and no window owns it",
  no_room_ms: "the user wants a call, and no window has a connected Room",
  two_rooms_ms: "two or more windows hold a Room",
  silent_ms: "the user speaks, and the SFU has no open microphone",
  unheard_ms: "the user speaks in a call, and no packets arrive",
  deaf_ms: "others speak in the call, and no packets arrive here",
  calls_torn_down: "times a call was torn down and came back",
  torn_down_ms: "the user wants a call, and it is torn down",
  chat_late_ms: "the longest way of a chat message to a window",
  evictions: "windows pushed out of the call by another one",
  flaps: "times others saw the user go and come back",
  prompts: "permission prompts shown",
  expired_tokens: "tries to open a Room with an expired token",
  commands_lost: "commands expired, refused or never answered",
  ghosts: "sessions that became ghosts",
  ghost_ms: "at least one ghost is listed",
  listed_twice_ms: "the SFU lists the user twice",
  handoffs: "planned handoffs begun",
  elections: "ownerships begun",
};

function quantileRow(suite, entry, one, axis) {
  const [p50, p95, p99] = one.quantiles;
  return el("tr", {},
    el("th", { scope: "row" }, one.policy, el("small", {}, ` ${page.plural(one.runs, "run")}`)),
    el("td", { class: "drawn" }, page.quantileStrip(entry.key, [p50, p95, p99, one.highest], axis, WIDTH)),
    [p50, p95, p99, one.highest].map((value) => el("td", {}, page.value(entry.key, value))),
    el("td", { class: "where" }, one.highest ? `${one.scenario}, seed ${one.seed}` : ""));
}

function entrySection(suite, entry, policies) {
  const rows = entry.policies.filter((one) => policies.includes(one.policy));
  const axis = page.logAxis(entry.key, Math.max(...rows.map((one) => one.highest)), WIDTH);
  return el("section", { class: "entry" },
    el("h3", {}, el("code", {}, entry.key), el("small", {}, ` ${MEANINGS[entry.key] ?? ""}`)),
    el("table", { class: "figures wide" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "policy"), el("th", { scope: "col", class: "drawn" }, page.stripAxis(entry.key, axis, WIDTH), el("span", { class: "unseen" }, "strip")),
        ["p50", "p95", "p99", "max"].map((name) => el("th", { scope: "col" }, name)), el("th", { scope: "col", class: "where" }, "run of the maximum"))),
      el("tbody", {}, rows.map((one) => quantileRow(suite, entry, one, axis)))));
}

/** The ledger: curves of one entry, and strips of all of them. */
page.ledger = (suite, { key, policy, onkey }) => {
  if (!suite.ledger.length) return el("p", { class: "quiet" }, "No entry of the ledger is above 0 in any run.");
  const entry = suite.ledger.find((one) => one.key === key) ?? suite.ledger[0];
  const policies = policy ? [policy] : suite.policies;
  const shown = entry.policies.filter((one) => policies.includes(one.policy)).sort((a, b) => b.runs - a.runs);
  const choice = el("select", { "aria-label": "entry of the ledger", onchange: (event) => onkey(event.target.value) },
    suite.ledger.map((one) => el("option", { value: one.key, selected: one === entry }, one.key)));
  return el("div", { class: "ledger" },
    el("h2", {}, choice, el("span", { class: "quiet" }, ` ${MEANINGS[entry.key] ?? ""}: share of runs with at most so much`)),
    page.curves(entry, shown.slice(0, MOST_CURVES), 920),
    shown.length > MOST_CURVES ? el("p", { class: "quiet" }, `The ${MOST_CURVES} policies with most runs; the filter shows any other.`) : null,
    el("p", { class: "quiet key" }, "Strips: box from p50 to p95, tick p99, dot maximum; 0 stands apart at the left. Runs of different scenarios are in one distribution, so compare policies that ran the same ones."),
    suite.ledger.map((one) => entrySection(suite, one, policies)));
};

const margin = (limit) => {
  if (limit.broken) return -1;
  if (limit.relation === "==") return 2;
  return limit.bound ? Math.abs(limit.bound - limit.worst) / limit.bound : limit.worst ? 1 : 0.999;
};

/** Limits on the ledger, the broken and the closest first, each with its worst seed. */
page.limits = (suite, cells, { all, onall }) => {
  const shown = suite.limits.filter((limit) => cells.has(limit.cell)).sort((a, b) => margin(a) - margin(b));
  if (!shown.length) return el("p", { class: "quiet" }, "No scenario shown here puts a limit on the ledger (expect: {ledger: …}).");
  const rows = (all ? shown : shown.slice(0, MOST_LIMITS)).map((limit) => {
    const cell = suite.cells[limit.cell];
    const row = suite.rows[cell.row];
    const [p50, p95, p99, highest] = cell.ledger[limit.ledger] ?? [0, 0, 0, 0];
    const axis = page.logAxis(limit.ledger, Math.max(highest, limit.bound), WIDTH);
    return el("tr", { class: limit.broken ? "over" : null },
      el("th", { scope: "row" }, `${row.path}:${limit.line}`, el("small", {}, ` ${cell.policy}`)),
      el("td", {}, el("code", {}, limit.ledger)),
      el("td", { class: "drawn" }, page.quantileStrip(limit.ledger, [p50, p95, p99, highest], axis, WIDTH, limit)),
      el("td", {}, `${limit.relation} ${page.value(limit.ledger, limit.bound)}`),
      el("td", {}, limit.broken ? "✗ " : "", page.value(limit.ledger, limit.worst)),
      el("td", {}, page.command(`${cell.show}${limit.seed}`, `the run of seed ${limit.seed}`)));
  });
  return el("div", { class: "limits" },
    el("h2", {}, `${page.plural(shown.length, "limit")} `, el("span", { class: "quiet" }, "broken ones first, then the closest; the line is the bound, the run is the one furthest into it")),
    el("table", { class: "figures wide" },
      el("thead", {}, el("tr", {}, ["scenario", "entry", "all seeds", "limit", "worst", "its run"].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, rows)),
    shown.length > rows.length ? el("button", { type: "button", onclick: onall }, `show all ${page.count(shown.length)}`) : null);
};

/** Checks that had nothing to guard: in all runs, and where. */
page.vacuous = (suite, cells) => {
  const counts = new Map();
  for (const index of cells) for (const check of suite.cells[index].vacuous) counts.set(check, (counts.get(check) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]).map(([check, count]) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, check)), el("td", {}, count === cells.size ? "all" : page.count(count)), el("td", {}, page.count(cells.size - count))));
  if (!rows.length) return el("p", { class: "quiet" }, "Each check had something to guard in some run of each cell.");
  return el("div", { class: "vacuous" },
    el("h2", {}, "Vacuous checks ", el("span", { class: "quiet" }, "a cell says nothing of a check that had nothing to guard in any of its runs")),
    el("table", { class: "figures" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "check"), el("th", { scope: "col" }, "vacuous in"), el("th", { scope: "col" }, "guarded something in"))), el("tbody", {}, rows)));
};
