// The views that the report has only when a server answers for it, and the bar that leads to them.

const { el } = page;
const VIEWS = [["", "Report"], ["failures", "Stored failures"], ["search", "Search"]];
let shown = "";
let back = "#ui=failures";

const bar = el("nav", { class: "served-bar", "aria-label": "oneroom ui" });
document.body.prepend(bar);

/** The address of a run, by its id or by scenario, policy and seed. */
page.runAddress = (name) => `#${new URLSearchParams({ run: name.id ?? "", ...(name.id ? {} : name) })}`;

/** A link to a run that is not in the report. */
page.runLink = (scenario, policy, seed) => el("p", {}, el("a", { href: page.runAddress({ scenario, policy, seed: String(seed) }) }, `Open the run of seed ${seed}`));

/** Where one came from to the run that is shown. */
page.backFromRun = () => back;

function drawBar(current) {
  bar.hidden = current === null;
  bar.replaceChildren(el("b", {}, "oneroom ui"), ...VIEWS.filter(([name]) => name || page.suiteBlock)
    .map(([name, title]) => el("a", { href: name ? `#ui=${name}` : "#", "aria-current": name === current ? "page" : null }, title)));
}

/** The run that the address names, null if it names none that the report does not have. */
function runOf(state) {
  if (state.has("run")) {
    const scenario = { scenario: state.get("scenario") ?? "", policy: state.get("policy") ?? "", seed: Number(state.get("seed") ?? 1) };
    return { id: state.get("run"), ...scenario };
  }
  const id = state.get("failure");
  return id && !page.runBlock(id) ? { id, scenario: "", policy: "", seed: 1 } : null;
}

async function showRun(host, name) {
  const key = `run ${JSON.stringify(name)}`;
  if (shown === key) return;
  shown = key;
  page.hideFailure();
  host.replaceChildren(el("p", { class: "served-view quiet", role: "status" }, "playing the run …"));
  try {
    const { run } = await page.request("/what-if", { name, changes: [] });
    if (shown !== key) return;
    host.replaceChildren();
    page.showFailure(host, run, { back, id: run.id });
  } catch (error) {
    if (shown === key) host.replaceChildren(el("main", { class: "served-view" }, el("h1", {}, "No such run"), page.trouble(error), el("p", {}, el("a", { href: back }, "← back"))));
  }
}

/** Draws what the address asks for, if only the server has it; returns whether that was so. */
page.drawServed = (host) => {
  const state = page.state();
  const run = runOf(state);
  if (state.get("ui") !== "search" || run) page.hideSearch();
  if (run) {
    drawBar(null);
    showRun(host, run);
    return true;
  }
  const view = state.get("ui") ?? (page.suiteBlock ? "" : "failures");
  drawBar(state.has("failure") ? null : view);
  if (!state.has("failure")) back = location.hash || "#";
  if (!view) {
    shown = "";
    return false;
  }
  if (shown === view) return true;
  shown = view;
  page.hideFailure();
  if (view === "search") page.showSearch(host);
  else page.showFailures(host);
  return true;
};
