// Moving a record of the timeline: dragged along time, or by keys.

const CLICK = 5; // pixels that are no drag yet
const PAUSE_MS = 250; // after the last key
// With the shift key; without it they walk and scroll. Time runs down.
const KEYS = { ArrowUp: -1e4, ArrowDown: 1e4, PageUp: -1e6, PageDown: 1e6 };

page.KEY_HELP.push([["Shift ↑", "↓"], "move it by 10 ms"], [["Shift Page ↑", "↓"], "by 1 s"], [["z"], "undo"]);

/** The line at the time to which something is being moved. */
function guide(view) {
  const line = page.el("div", { class: "guide" }, page.el("span", {}));
  view.root.append(line);
  return {
    show(y, words) {
      const box = view.scroller.getBoundingClientRect();
      line.style.left = `${box.left}px`;
      line.style.width = `${view.scroller.clientWidth}px`;
      line.style.top = `${y}px`;
      line.firstChild.textContent = words;
    },
    remove: () => line.remove(),
  };
}

const words = (from, to) => `${page.clock(to)} s (${to < from ? "−" : "+"}${page.spanWords(Math.abs(to - from))})`;

function drag(session, down) {
  const { view } = session;
  const mark = down.target.closest?.("[data-n]");
  if (!mark || down.button !== 0 || down.pointerType === "touch") return;
  down.stopPropagation(); // the sheet is not panned
  const n = Number(mark.dataset.n);
  const from = view.run.at[n];
  let line = null;
  let to = from;
  view.dragged = false;
  const time = (event) => Math.max(0, Math.round(view.layout.timeAt(event.clientY - view.sheet.getBoundingClientRect().top)));
  const move = (event) => {
    if (!line && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < CLICK) return;
    view.dragged = true;
    view.tip.hidden = true;
    line ??= guide(view);
    to = time(event);
    line.show(event.clientY, words(from, to));
  };
  const end = (event) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("keydown", cancel, true);
    line?.remove();
    if (line && event.type === "pointerup" && to !== from) session.move(n, to);
  };
  const cancel = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end(event);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("keydown", cancel, true);
}

function onKey(session, state, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "z") session.undo();
  if (!event.shiftKey || !(event.key in KEYS)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { view } = session;
  const n = view.current();
  if (state.n !== n) Object.assign(state, { n, to: view.run.at[n] });
  state.to = Math.max(0, state.to + KEYS[event.key]);
  state.line ??= guide(view);
  const top = view.sheet.getBoundingClientRect().top + view.layout.yAt(state.to);
  const box = view.scroller.getBoundingClientRect();
  state.line.show(Math.max(box.top + view.headHeight, Math.min(box.bottom - 4, top)), words(view.run.at[n], state.to));
  view.announcer.textContent = `${page.clock(state.to)} seconds`;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    state.line.remove();
    state.line = null;
    state.n = -1;
    session.move(n, state.to);
  }, PAUSE_MS);
}

/** Listens for moves in the run that is shown. */
page.listenToMoves = (session) => {
  const { view } = session;
  const { signal } = view.stop;
  const state = { n: -1, to: 0, line: null, timer: 0 };
  view.scroller.addEventListener("pointerdown", (event) => drag(session, event), { signal, capture: true });
  document.addEventListener("keydown", (event) => onKey(session, state, event), { signal, capture: true });
  signal.addEventListener("abort", () => clearTimeout(state.timer));
};
