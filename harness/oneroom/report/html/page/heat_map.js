// The heat map: a row for each scenario, a column for each policy, folders that can be folded.

const { el } = page;
const MOST_COLUMNS = 8;
const SYMBOLS = { held: "·", vacuous: "∅", inconclusive: "?", nondeterministic: "≠", expected: "", violated: "✗" };

/** The outcome of a cell: its verdict, or `expected` for a violation that the scenario expects. */
page.outcome = (cell) => (cell.verdict === "held" && cell.excused[0] ? "expected" : cell.verdict);

/** The share of seeds that a cell is about. */
page.share = (cell) => (page.outcome(cell) === "expected" ? cell.excused[0] : cell.unexpected[0]) / cell.seeds;

/** The shade of a share, 1 to 5, in logarithmic steps. */
page.shade = (share) => (share >= 1 ? 5 : share >= 0.5 ? 4 : share >= 0.1 ? 3 : share >= 0.01 ? 2 : 1);

/** What a cell comes to, in a sentence. */
page.outcomeWords = (cell) => {
  const seeds = page.plural(cell.seeds, "seed");
  const outcome = page.outcome(cell);
  if (outcome === "expected") return `violated as expected in ${page.rate(cell.excused, cell.seeds)}`;
  if (outcome === "violated" && cell.unexpected[0]) return `violated in ${page.rate(cell.unexpected, cell.seeds)}`;
  if (cell.shortfalls.length) return `${outcome}: ${cell.shortfalls.join("; ")}`;
  if (outcome === "held" && cell.seeds > 1) return `held in ${seeds}: at most ${page.percent(cell.unexpected[2])} % fail (95 %)`;
  return `${outcome}${cell.gave_up ? `, ${cell.gave_up}` : ""} in ${seeds}`;
};

const figure = (cell) => {
  const outcome = page.outcome(cell);
  if (outcome === "expected" || (outcome === "violated" && cell.unexpected[0])) return page.percent(page.share(cell));
  return SYMBOLS[outcome] ?? "!";
};

function mark(suite, index, withName) {
  const cell = suite.cells[index];
  const row = suite.rows[cell.row];
  const outcome = page.outcome(cell);
  const shade = outcome === "violated" ? ` shade-${cell.unexpected[0] ? page.shade(page.share(cell)) : 5}` : "";
  const words = `${cell.policy}, ${row.name}: ${page.outcomeWords(cell)}`;
  return el("button", {
    type: "button", class: `cell ${outcome}${shade}`, "data-cell": index, tabindex: "-1", title: words, "aria-label": words,
  }, withName ? [el("span", { class: "whose" }, cell.policy), " "] : null, figure(cell));
}

/** Columns: policies that many scenarios run under, and the others together in one. */
page.columns = (suite, cells, only) => {
  const counts = new Map();
  for (const index of cells) counts.set(suite.cells[index].policy, (counts.get(suite.cells[index].policy) ?? 0) + 1);
  const names = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  if (only) return { own: names, others: [] };
  if (names.length <= MOST_COLUMNS) return { own: names, others: [] };
  const own = names.filter((name, place) => place < 2 || (place < MOST_COLUMNS - 1 && counts.get(name) * 25 >= cells.length));
  return { own, others: names.filter((name) => !own.includes(name)) };
};

const severity = (cell) => {
  const place = ["held", "expected", "vacuous", "inconclusive", "violated", "nondeterministic"].indexOf(page.outcome(cell));
  return place + Math.min(0.99, page.share(cell)) / (place >= 4 ? 1 : 2);
};

/** Rows in the order asked for, each with its shown cells. */
function ordered(suite, cells, sort) {
  const rows = new Map();
  for (const index of cells) {
    const row = suite.cells[index].row;
    if (!rows.has(row)) rows.set(row, []);
    rows.get(row).push(index);
  }
  const list = [...rows].map(([row, shown]) => ({ row: suite.rows[row], shown, worst: Math.max(...shown.map((index) => severity(suite.cells[index]))) }));
  if (sort === "name") list.sort((a, b) => a.row.name.localeCompare(b.row.name));
  else if (sort === "worst") list.sort((a, b) => b.worst - a.worst || a.row.n - b.row.n);
  else list.sort((a, b) => a.row.n - b.row.n);
  return list;
}

/** Checks that broke unexpectedly, as the last column of a row. */
function broken(suite, shown) {
  const names = new Set(shown.flatMap((index) => suite.failuresOf[index].map((failure) => failure.check)));
  if (names.size) return [...names].join(", ");
  const excused = new Set(shown.flatMap((index) => (page.outcome(suite.cells[index]) === "expected" ? Object.keys(suite.cells[index].violated) : [])));
  return excused.size ? `as expected: ${[...excused].join(", ")}` : shown.flatMap((index) => suite.cells[index].shortfalls).join("; ");
}

function scenarioRow(suite, { row, shown }, columns) {
  const byPolicy = new Map(shown.map((index) => [suite.cells[index].policy, index]));
  const cells = columns.own.map((policy) => el("td", {}, byPolicy.has(policy) ? mark(suite, byPolicy.get(policy), false) : el("span", { class: "not-run" }, el("span", { class: "unseen" }, "not run"))));
  if (columns.others.length) cells.push(el("td", { class: "others" }, columns.others.filter((policy) => byPolicy.has(policy)).map((policy) => mark(suite, byPolicy.get(policy), true))));
  return el("tr", {},
    el("th", { scope: "row", title: `${row.path}:${row.line}\n${row.title}` }, el("span", { class: "name" }, row.name), el("span", { class: "title" }, row.title)),
    cells,
    el("td", { class: "broken" }, broken(suite, shown)));
}

/** The marks of a folded folder: how many of its scenarios came to what, under each policy. */
function summary(suite, rows, columns) {
  const per = (policies) => {
    const cells = rows.flatMap(({ shown }) => shown).map((index) => suite.cells[index]).filter((cell) => policies.includes(cell.policy));
    if (!cells.length) return null;
    const counts = {};
    for (const cell of cells) counts[page.outcome(cell)] = (counts[page.outcome(cell)] ?? 0) + 1;
    const bad = cells.length - (counts.held ?? 0) - (counts.expected ?? 0);
    return el("span", { class: bad ? "sum bad" : "sum" }, bad ? `${bad}/${cells.length}` : `${cells.length}`);
  };
  const marks = columns.own.map((policy) => el("td", {}, per([policy])));
  if (columns.others.length) marks.push(el("td", { class: "others" }, per(columns.others)));
  return marks;
}

/** The table of the shown cells. `folds` remembers folders that the reader folded or unfolded. */
page.heatMap = (suite, cells, { sort, only, folds, unfolded, onfold }) => {
  const columns = page.columns(suite, cells, only);
  const rows = ordered(suite, cells, sort);
  const heads = columns.own.map((policy) => el("th", { scope: "col" }, el("span", {}, policy.replaceAll("-", "-\u200b"))));
  if (columns.others.length) heads.push(el("th", { scope: "col", class: "others" }, el("span", {}, `${columns.others.length} other policies`)));
  const head = el("thead", {}, el("tr", {}, el("th", { scope: "col" }, page.plural(rows.length, "scenario")), heads, el("th", { scope: "col", class: "broken" }, "checks that broke")));
  const groups = new Map();
  for (const row of rows) {
    const folder = sort === "file" ? row.row.folder : "";
    if (!groups.has(folder)) groups.set(folder, []);
    groups.get(folder).push(row);
  }
  const bodies = [...groups].map(([folder, inside]) => {
    if (sort !== "file" || groups.size === 1) return el("tbody", {}, inside.map((row) => scenarioRow(suite, row, columns)));
    const quiet = inside.every(({ worst }) => worst < 2);
    const open = folds.get(folder) ?? (unfolded || !quiet);
    const button = el("button", { type: "button", class: "fold", "aria-expanded": String(open), onclick: () => onfold(folder, !open) },
      el("span", { class: "arrow", "aria-hidden": "true" }, open ? "▾" : "▸"), folder || "(no folder)", el("span", { class: "title" }, ` ${page.plural(inside.length, "scenario")}${quiet ? ", all as expected" : ""}`));
    const first = el("tr", { class: "folder" }, el("th", { scope: "rowgroup" }, button), summary(suite, inside, columns), el("td", { class: "broken" }));
    return el("tbody", {}, first, open ? inside.map((row) => scenarioRow(suite, row, columns)) : []);
  });
  return el("table", { class: "heat-map", "aria-label": "scenarios by policies" }, head, bodies);
};

/** The cell to go to with an arrow key. */
page.neighbour = (table, cell, key) => {
  const rows = [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("button")]).filter((row) => row.length);
  const at = rows.findIndex((row) => row.includes(cell));
  const place = rows[at].indexOf(cell);
  if (key === "ArrowLeft" || key === "ArrowRight") return rows[at][place + (key === "ArrowRight" ? 1 : -1)];
  if (key === "Home" || key === "End") return key === "Home" ? rows[0][0] : rows.at(-1)[0];
  const next = rows[at + (key === "ArrowDown" ? 1 : -1)];
  const x = cell.getBoundingClientRect().left;
  return next?.reduce((best, one) => (Math.abs(one.getBoundingClientRect().left - x) < Math.abs(best.getBoundingClientRect().left - x) ? one : best));
};
