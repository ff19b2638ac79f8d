// Heads of lanes: a button each, which makes the lane wide or narrow.

const { el } = page;
const FLAT = 40;
const TALL = 82;

page.drawHeads = (view) => {
  const { layout } = view;
  const upright = layout.small || layout.lanes.some((lane) => lane.kind !== "count" && !lane.wide);
  view.headHeight = upright ? TALL : FLAT;
  view.heads.style.height = `${view.headHeight}px`;
  view.heads.style.width = `${layout.width}px`;
  view.heads.replaceChildren(el("span", { class: "head-clock" }, layout.small ? "s" : "seconds"), ...layout.lanes.map((lane) => head(lane, layout)));
};

function head(lane, layout) {
  const count = lane.kind === "count";
  const turned = count ? layout.small : !lane.wide;
  const looks = ["head", lane.kind, lane.concerned ? "concerned" : "", turned ? "turned" : ""].join(" ");
  const content = [el("b", {}, lane.name), turned ? null : el("small", {}, count ? "" : lane.note)];
  const node = count
    ? el("span", { class: looks, title: lane.note }, content)
    : el("button", { type: "button", class: looks, "data-lane": lane.place, "aria-expanded": String(lane.wide), title: `${lane.name}: ${lane.note}; click to make it ${lane.wide ? "narrow" : "wide"}` }, content);
  node.style.left = `${lane.x}px`;
  node.style.width = `${lane.w}px`;
  return node;
}
