// Keyboard, mouse and touch of the failure page.

const ZOOM = Math.SQRT2;

/** Keys: a function each. */
const KEYS = {
  ArrowUp: (view) => view.run.cause[view.current()],
  ArrowDown: (view) => {
    const effects = view.run.effects(view.current());
    return effects.find((n) => view.chain.has(n)) ?? effects[0] ?? -1;
  },
  ArrowLeft: (view) => sibling(view, -1),
  ArrowRight: (view) => sibling(view, 1),
  j: (view) => view.neighbour(1),
  k: (view) => view.neighbour(-1),
  x: (view) => view.finding.record,
};
const COMMANDS = {
  "/": (view) => view.query.focus(),
  n: (view) => page.nextHit(view, 1),
  N: (view) => page.nextHit(view, -1),
  c: (view) => view.toggleDims(),
  u: (view) => view.toggleFolds(),
  t: (view) => view.toggleTable(),
  "+": (view) => view.zoomBy(ZOOM),
  "=": (view) => view.zoomBy(ZOOM),
  "-": (view) => view.zoomBy(1 / ZOOM),
  0: (view) => view.zoomBy(1 / view.zoom),
  1: (view) => view.setLevel(0),
  2: (view) => view.setLevel(1),
  3: (view) => view.setLevel(2),
  Escape: (view) => view.clear(),
};

page.KEY_HELP = [
  [["↑"], "to its cause"], [["↓"], "to its effect"], [["←", "→"], "other effects of the same cause"], [["j", "k"], "next, previous record"],
  [["x"], "to the failure"], [["c"], "only the cause"], [["u"], "unfold"], [["+", "−", "0"], "zoom"], [["1", "2", "3"], "cause, story, all"],
  [["/"], "search"], [["n", "N"], "next, previous hit"], [["t"], "table"], [["Esc"], "clear"],
];

function sibling(view, by) {
  const n = view.current();
  const cause = view.run.cause[n];
  const among = cause < 0 ? [] : view.run.effects(cause);
  return among[among.indexOf(n) + by] ?? -1;
}

function onKey(view, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // A field has its own keys, a button those that press it.
  if (event.target.closest("input, select, textarea")) return;
  const { key } = event;
  if (KEYS[key]) {
    if (view.isTable() && key.startsWith("Arrow")) return;
    event.preventDefault();
    const n = KEYS[key](view);
    if (n >= 0) view.go(n, { choose: true });
  } else if (COMMANDS[key]) {
    event.preventDefault();
    COMMANDS[key](view);
  }
}

function onSearchKey(view, event) {
  if (event.key === "Enter") {
    event.preventDefault();
    page.nextHit(view, event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    view.clear();
    view.scroller.focus();
  }
}

const recordAt = (event) => Number(event.target.closest("[data-n]")?.dataset.n ?? -1);

function onPoint(view, event) {
  const n = recordAt(event);
  page.drawTip(view, n, event.clientX, event.clientY);
  if (n >= 0 && view.selected < 0) page.drawRecord(view, n);
}

/** The sentence under the pointer. */
page.drawTip = (view, n, x, y) => {
  const { tip, run } = view;
  tip.hidden = n < 0;
  if (n < 0) return;
  const cause = run.cause[n];
  const after = cause >= 0 && run.at[n] > run.at[cause] ? `, ${page.spanWords(run.at[n] - run.at[cause])} after ${run.sentence(cause)}` : "";
  tip.replaceChildren(run.sentence(n), page.el("small", {}, `${page.clock(run.at[n])} s${after}`));
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - tip.offsetHeight - 8))}px`;
};

function onClick(view, event) {
  if (view.dragged) return;
  const fold = event.target.closest("[data-fold]");
  const n = recordAt(event);
  if (fold) {
    view.opened.add(Number(fold.dataset.fold));
    view.relayout();
  } else if (n >= 0) {
    view.go(n, { choose: true });
    // A finger has no hover.
    if (event.pointerType === "touch") page.drawTip(view, n, event.clientX, event.clientY);
  } else if (view.selected >= 0) view.clear();
}

/** What a button of the page is for, by its data. */
function onButton(view, event) {
  const button = event.target.closest("[data-go], [data-level], [data-finding], [data-lane], [data-line]");
  if (!button) return;
  const { go, level, finding, lane, line, file } = button.dataset;
  if (go !== undefined) view.go(Number(go), { choose: Boolean(button.closest(".detail, table")) });
  else if (level !== undefined) view.setLevel(Number(level));
  else if (finding !== undefined) view.choose(view.run.data.findings[Number(finding)]);
  else if (lane !== undefined) view.toggleLane(Number(lane));
  else page.drawSource(view, Number(line), file);
}

/** Dragging the sheet pans it; a wheel with Ctrl zooms around the pointer. */
function pan(view, down) {
  if (down.button !== 0 || down.pointerType === "touch") return;
  const { scroller } = view;
  const from = { x: down.clientX, y: down.clientY, left: scroller.scrollLeft, top: scroller.scrollTop };
  view.dragged = false;
  const move = (event) => {
    if (!view.dragged && Math.hypot(event.clientX - from.x, event.clientY - from.y) < 5) return;
    view.dragged = true;
    scroller.scrollTop = from.top - (event.clientY - from.y);
    scroller.scrollLeft = from.left - (event.clientX - from.x);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", () => removeEventListener("pointermove", move), { once: true });
}

function onWheel(view, event) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  view.zoomBy(event.deltaY < 0 ? ZOOM : 1 / ZOOM, event.clientY - view.scroller.getBoundingClientRect().top);
}

/** A press or a drag on the strip goes to that time. */
function jump(view, down) {
  const move = (event) => {
    const box = view.strip.firstChild.getBoundingClientRect();
    const at = view.overview.timeAt(event.clientX - box.left);
    view.scroller.scrollTop = view.layout.yAt(at) - view.scroller.clientHeight * 0.4;
  };
  down.preventDefault();
  move(down);
  addEventListener("pointermove", move);
  addEventListener("pointerup", () => removeEventListener("pointermove", move), { once: true });
}

/** Listens for everything until `signal` is aborted. */
page.listen = (view, signal) => {
  const on = (target, type, handle, options = {}) => target.addEventListener(type, handle, { ...options, signal });
  on(document, "keydown", (event) => onKey(view, event));
  on(view.query, "keydown", (event) => onSearchKey(view, event));
  let typing = 0;
  on(view.query, "input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => page.search(view, view.query.value), view.run.count > 20000 ? 150 : 0);
  });
  let frame = 0;
  on(view.scroller, "scroll", () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      page.drawTimeline(view);
      page.frameOverview(view);
    });
  }, { passive: true });
  on(view.sheet, "pointermove", (event) => onPoint(view, event));
  on(view.sheet, "pointerleave", () => { view.tip.hidden = true; });
  on(view.sheet, "click", (event) => onClick(view, event));
  on(view.scroller, "pointerdown", (event) => pan(view, event));
  on(view.scroller, "wheel", (event) => onWheel(view, event), { passive: false });
  on(view.strip, "pointerdown", (event) => jump(view, event));
  on(view.root, "click", (event) => onButton(view, event));
  let resizing = 0;
  on(window, "resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => view.relayout(), 60);
  });
  on(window, "beforeprint", () => view.print(true));
  on(window, "afterprint", () => view.print(false));
};
