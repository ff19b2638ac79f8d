// A search as it goes on: runs, rate, a heat map that fills, failures as they are stored.

const { el } = page;
const MOST_ROWS = 400;
let following = null; // ends the stream of events

function field(label, control, hint) { return el("label", {}, el("span", {}, label), control, hint ? el("small", {}, hint) : null); }

function form({ scenarios, policies }, onstart) {
  const option = (value, text = value) => el("option", { value }, text);
  const command = el("select", {}, option("fuzz", "drawn scenarios (fuzz)"), option("run", "the scenarios themselves (run)"));
  const scenario = el("select", {}, option("", `all ${page.count(scenarios.length)}`), scenarios.map((path) => option(path)));
  const policy = el("select", {}, option("", "each scenario's own"), policies.map((name) => option(name)));
  const much = el("input", { type: "number", min: "1", value: "60" });
  const unit = el("small", {}, "seconds");
  command.addEventListener("change", () => {
    unit.textContent = command.value === "fuzz" ? "seconds" : "seeds of each";
    much.value = command.value === "fuzz" ? "60" : "10";
  });
  const made = el("form", { class: "search-form" }, field("search", command), field("in", scenario), field("under", policy), field("for", el("span", {}, much, " ", unit)), el("button", { class: "start" }, "start"));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = { command: command.value, scenarios: scenario.value ? [scenario.value] : [], policies: policy.value ? [policy.value] : [] };
    onstart({ ...wanted, [command.value === "fuzz" ? "seconds" : "seeds"]: Number(much.value) });
  });
  return made;
}

function cell(one) {
  if (!one) return el("td", {}, el("span", { class: "not-run", title: "not run" }));
  const share = one.failed / one.runs;
  const words = `${one.policy}, ${one.scenario}: ${page.count(one.failed)} of ${page.plural(one.runs, "run")} not as expected`;
  return el("td", {}, el("span", { class: `cell ${one.failed ? `violated shade-${page.shade(share)}` : "held"}`, title: words }, one.failed ? page.percent(share) : "·", el("span", { class: "unseen" }, ` ${words}`)));
}

/** A row for each scenario, those that broke first, a column for each policy. */
function heatMap(cells) {
  const policies = [...new Set(cells.map((one) => one.policy))];
  const rows = new Map();
  for (const one of cells) {
    if (!rows.has(one.scenario)) rows.set(one.scenario, new Map());
    rows.get(one.scenario).set(one.policy, one);
  }
  const worst = (row) => Math.max(...[...row.values()].map((one) => one.failed / one.runs));
  const sorted = [...rows].sort(([, a], [, b]) => worst(b) - worst(a));
  const left = sorted.length - MOST_ROWS;
  return [el("table", { class: "heat-map" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "scenario"), policies.map((name) => el("th", { scope: "col" }, el("span", {}, name))))),
    el("tbody", {}, sorted.slice(0, MOST_ROWS).map(([path, row]) => el("tr", {}, el("th", { scope: "row", title: path }, path), policies.map((name) => cell(row.get(name))))))),
  ...(left > 0 ? [el("p", { class: "quiet" }, `and ${page.plural(left, "scenario")} more, without a failure or with fewer`)] : [])];
}

function failure(one) {
  return el("li", { class: "failure" }, el("p", {}, el("a", { href: page.runAddress({ id: one.id }), class: "check" }, one.check ?? one.id), one.at ? ` at ${one.at}` : ""),
    el("p", { class: "message" }, one.message ?? one.error), el("p", { class: "meta" }, el("span", {}, one.title), el("span", {}, one.policy)));
}

class SearchView {
  constructor(host) {
    this.state = el("p", { class: "figures-line" }, "no search is running");
    this.line = el("code", { class: "line" });
    this.announcer = el("p", { class: "unseen", role: "status" });
    this.stop = el("button", { type: "button", hidden: true, onclick: () => this.ask("/stop", {}) }, "stop");
    this.map = el("div", { class: "table" });
    this.failures = el("ul", { class: "failures" });
    this.count = el("h2", {}, "Failures");
    this.trouble = el("div", {});
    this.form = el("div", {});
    const side = el("aside", { tabindex: "0", "aria-label": "failures" }, this.count, this.failures);
    host.replaceChildren(el("main", { class: "served-view" }, el("h1", {}, "Search"), this.form, this.trouble,
      el("div", { class: "now" }, this.state, this.stop, this.line), this.announcer, el("div", { class: "suite live" }, el("div", { class: "split" }, this.map, side))));
    document.title = "search · oneroom";
    this.ask("/choices").then((choices) => choices && this.form.replaceChildren(form(choices, (wanted) => this.start(wanted))));
  }

  async ask(path, body) {
    try {
      const answer = await page.request(path, body);
      this.trouble.replaceChildren();
      return answer;
    } catch (error) {
      this.trouble.replaceChildren(page.trouble(error));
      return null;
    }
  }

  async start(wanted) {
    if (!await this.ask("/search", wanted)) return;
    this.failures.replaceChildren();
    this.map.replaceChildren();
    this.state.textContent = "starting …";
  }

  hear(event, value) {
    if (event === "progress") this.progress(value);
    else if (event === "failures") this.found(value);
    else if (event === "end") this.end(value);
  }

  progress({ pid, line, runs, failed, started_s: started, now_s: now, cells, own }) {
    if (pid !== this.pid) {
      this.pid = pid;
      this.failures.replaceChildren();
      this.announcer.textContent = "a search is running";
    }
    const spent = Math.max(0.001, now - started);
    this.stop.hidden = !own;
    this.state.replaceChildren(el("b", {}, page.plural(runs, "run")), el("span", {}, `${page.count(Math.round(runs / spent))} a second`),
      el("b", { class: failed ? "bad" : "" }, `${page.count(failed)} not as expected`), el("span", {}, page.duration(Math.round(spent) * 1000)));
    this.line.textContent = line;
    this.map.replaceChildren(...heatMap(cells));
  }

  found(failures) {
    this.failures.prepend(...failures.map(failure));
    const count = this.failures.childElementCount;
    this.count.textContent = page.plural(count, "failure");
    this.announcer.textContent = `${page.plural(count, "failure")} so far`;
  }

  end({ code, told }) {
    this.stop.hidden = true;
    const report = el("button", { type: "button", onclick: () => { location.hash = "#"; location.reload(); } }, "see its report");
    this.state.replaceChildren(...(told ? ["it could not be run"] : [...this.state.childNodes, el("span", {}, "over"), report]));
    if (told) this.trouble.replaceChildren(el("pre", { class: "trouble", role: "alert" }, told));
    this.announcer.textContent = `the search is over${code === 1 ? ", with failures" : ""}`;
  }
}

/** Draws the search that goes on into `host`, or how one is started. */
page.showSearch = async (host) => {
  page.hideSearch();
  following = new AbortController();
  const { signal } = following;
  const view = new SearchView(host);
  try {
    await page.events("/events", (event, value) => signal.aborted || view.hear(event, value), signal);
    if (!signal.aborted) throw new Error("oneroom ui has ended");
  } catch (error) {
    if (!signal.aborted) view.trouble.replaceChildren(page.trouble(error));
  }
};

page.hideSearch = () => {
  following?.abort();
  following = null;
};
