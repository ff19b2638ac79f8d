// What if: the run that is shown, played again with records at other times. Every change is asked for with all those
// before it, so going back is asking with fewer.

const { el } = page;
const KEPT = ["level", "dims", "zoom", "unfolds", "hiddenGroups", "widths"];
let replacing = null; // the session whose next version is being shown

class WhatIf {
  constructor(name, back) {
    this.name = name;
    this.back = back;
    this.changes = [];
    this.answer = null;
    this.asked = 0;
  }

  /** Shows what belongs to the run that is shown from now on. */
  attach(view) {
    this.view = view;
    this.verdict = el("p", { class: "outcome", role: "status" });
    this.list = el("ol", { class: "changes" });
    this.undoButton = el("button", { type: "button", onclick: () => this.undo(), title: "take the last change back (z)" }, "undo");
    this.resetButton = el("button", { type: "button", onclick: () => this.play([]) }, "as it was");
    this.difference = el("div", { class: "difference" });
    this.form = el("form", { class: "move" });
    this.trouble = el("div", {});
    this.saving = page.saveForm?.(this) ?? null;
    const section = el("section", { class: "what-if", "aria-label": "what if" }, el("h2", {}, "What if"),
      this.verdict, this.form, this.trouble, this.list, el("p", { class: "buttons" }, this.undoButton, this.resetButton), this.difference, this.saving);
    view.root.querySelector("aside").firstElementChild.after(section);
    page.listenToMoves(this);
    this.show();
  }

  show() {
    const { answer, view } = this;
    const changed = this.changes.length > 0;
    this.undoButton.hidden = this.resetButton.hidden = this.list.hidden = this.difference.hidden = !changed;
    if (this.saving) this.saving.hidden = !changed;
    this.trouble.replaceChildren();
    this.chose(view.selected);
    if (!changed) return;
    const pill = (verdict) => el("span", { class: `pill ${verdict === "violated" ? "" : verdict === "held" ? "ok" : "odd"}` }, verdict.toUpperCase());
    const others = answer.broken.filter((check) => !answer.broke.includes(check));
    this.verdict.replaceChildren(pill(answer.was), "→ ", pill(answer.verdict),
      others.length ? ` also broken now: ${others.join(", ")}` : "", el("small", {}, ` played in ${answer.played_ms} ms`));
    this.list.replaceChildren(...answer.changes.map(({ text, from_us: from, to_us: to, asked_us: asked }) => el("li", {}, text,
      el("time", {}, `${page.clock(from)} s → ${page.clock(to)} s`), Math.abs(asked - to) >= 1000 ? el("small", {}, ` as near to ${page.clock(asked)} s as the scenario allows`) : null)));
    const { difference } = answer;
    this.difference.replaceChildren(...(difference
      ? [el("h3", {}, "First difference"), el("p", {}, el("small", {}, "was"), difference.was), el("p", {}, el("small", {}, "now"),
        el("button", { type: "button", class: "go", "data-go": difference.record }, difference.now))]
      : [el("p", { class: "quiet" }, "Times alone differ.")]));
  }

  /** The record `n` is chosen, -1 for none: it can be moved. */
  chose(n) {
    const { view } = this;
    if (n < 0) {
      this.form.replaceChildren(el("p", { class: "quiet" }, "Drag a mark along time, or choose one and press Shift with ↑ or ↓: a message, a step, a crash, a window that opens."));
      this.form.onsubmit = (event) => event.preventDefault();
      return;
    }
    const seconds = el("input", { type: "number", step: "0.001", min: "0", value: page.clock(view.run.at[n]), "aria-label": "seconds" });
    this.form.replaceChildren(el("label", {}, `move “${view.run.sentence(n)}” to `, seconds, " s "), el("button", {}, "play"));
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.move(n, Math.round(Number(seconds.value) * 1e6));
    };
  }

  /** Plays the run with record `n` at another time. What was moved last and moves again is one change. */
  move(n, at) {
    const again = this.answer && this.changes.length && this.answer.moved === n;
    const before = again ? this.changes.slice(0, -1) : this.changes;
    const record = again ? this.changes.at(-1).record : n;
    return this.play([...before, { record, at_us: Math.max(0, at) }]);
  }

  undo() { if (this.changes.length) this.play(this.changes.slice(0, -1)); }

  async play(changes) {
    const asked = ++this.asked;
    this.view.root.setAttribute("aria-busy", "true");
    try {
      const answer = await page.request("/what-if", { name: this.name, changes });
      if (asked !== this.asked) return; // a later one is under way
      this.changes = changes;
      this.answer = answer;
      this.replace();
    } catch (error) {
      if (asked !== this.asked) return;
      this.view.root.removeAttribute("aria-busy");
      this.trouble.replaceChildren(page.trouble(error));
      this.view.announcer.textContent = error.message;
    }
  }

  /** Shows the run as it is now, as the one before was shown. */
  replace() {
    const old = this.view;
    const { scrollTop } = old.scroller;
    const at = old.layout.timeAt(scrollTop);
    history.replaceState(null, "", page.address({ sel: "" }));
    replacing = this;
    const view = page.showFailure(document.getElementById("page"), this.answer.run, { back: this.back, id: this.answer.run.id });
    replacing = null;
    for (const name of KEPT) view[name] = old[name];
    view.drawHeader();
    view.relayout();
    view.scroller.scrollTop = view.layout.yAt(at);
    const { moved } = this.answer;
    if (moved >= 0) view.go(moved, { choose: true });
    view.scroller.focus({ preventScroll: true });
    const broken = this.answer.broken.length ? `: ${this.answer.broken.join(", ")}` : "";
    view.announcer.textContent = `${this.answer.verdict}${broken}; it was ${this.answer.was}.`;
  }
}

/** A run is shown: it can be changed. */
page.onRunShown = (view) => {
  const { data } = view.run;
  const name = { id: view.id || data.id, scenario: data.scenario, policy: data.policy, seed: data.seed };
  const session = replacing ?? new WhatIf(name, page.backFromRun());
  session.attach(view);
  view.whatIf = session;
};

page.onRecordChosen = (view) => view.whatIf?.chose(view.selected);
