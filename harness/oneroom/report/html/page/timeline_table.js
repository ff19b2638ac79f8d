// The records as a table, for readers who do not see the picture and for copying.

const { el } = page;
const ROWS = 200; // at a time

/** Shows the table in place of the timeline, from the record that is chosen on. */
page.showTable = (view) => {
  const { run, layout } = view;
  const told = layout.tokens.map((token) => token.n).sort((a, b) => a - b);
  const wanted = view.selected >= 0 ? view.selected : view.finding.record;
  const at = Math.max(0, told.indexOf(wanted));
  fillTable(view, told, Math.floor(at / ROWS) * ROWS, wanted);
  view.table.hidden = false;
  view.scroller.hidden = true;
  const row = view.table.querySelector("[aria-current]");
  if (row) row.scrollIntoView({ block: "center" });
  view.table.focus();
  return run;
};

page.hideTable = (view) => {
  view.table.hidden = true;
  view.scroller.hidden = false;
  view.relayout();
};

function fillTable(view, told, from, wanted) {
  const { run, finding } = view;
  const rows = told.slice(from, from + ROWS).map((n) => {
    const role = n === finding.record ? "shows it" : view.chain.has(n) ? "leads to it" : "";
    const cause = run.cause[n];
    return el("tr", n === wanted ? { "aria-current": "true" } : {}, el("td", {}, page.clock(run.at[n])), el("td", {}, run.lanes[run.lane[n]].name),
      el("th", { scope: "row" }, el("button", { type: "button", class: "go", "data-go": n }, run.sentence(n))), el("td", {}, role), el("td", {}, cause >= 0 ? run.sentence(cause) : ""));
  });
  const page_ = (label, start) => (start >= 0 && start < told.length && start !== from
    ? el("button", { type: "button", onclick: () => { fillTable(view, told, start, wanted); view.table.scrollTop = 0; } }, label) : null);
  const last = Math.min(from + ROWS, told.length);
  view.table.replaceChildren(
    el("p", { class: "pages" }, `Records ${told.length ? from + 1 : 0} to ${last} of ${told.length.toLocaleString("en-US")} that have words `, page_("earlier", from - ROWS), " ", page_("later", from + ROWS)),
    el("table", {}, el("caption", {}, "Records of the run, oldest first"),
      el("thead", {}, el("tr", {}, ["seconds", "place", "what happened", "failure", "cause"].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, rows)),
  );
}
