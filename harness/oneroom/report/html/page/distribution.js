// Distributions on a logarithmic axis: the cumulative curve of each policy, and strips.

const { el, svg } = page;
const ZERO = 26; // pixels of the place of 0, which a logarithm has not
const TICKS_MS = [1, 10, 100, 1000, 10000, 60000, 600000, 3600000];
const TICKS = [1, 10, 100, 1000, 10000, 100000, 1000000];

/** The logarithmic axis from 0 (apart) to `highest`, `width` pixels. */
page.logAxis = (key, highest, width) => {
  const ms = key.endsWith("_ms");
  const top = Math.max(highest, ms ? 10 : 2) * 1.15;
  const at = (value) => (value < 1 ? ZERO / 2 : ZERO + ((width - ZERO) * Math.log10(value)) / Math.log10(top));
  const ticks = (ms ? TICKS_MS : TICKS).filter((value) => value <= top);
  return { at, ticks, top };
};

const short = (key, value) => {
  if (!key.endsWith("_ms")) return page.count(value);
  if (value >= 3600000) return `${value / 3600000} h`;
  return value >= 60000 ? `${value / 60000} min` : page.duration(value);
};

const line = (x1, y1, x2, y2, name) => svg("line", { x1, y1, x2, y2, class: name });

/** The strip of one distribution: p50, p95, p99, maximum, and the bound of a limit. */
page.quantileStrip = (key, [p50, p95, p99, highest], axis, width, limit) => {
  const middle = 9;
  const at = (value) => axis.at(value).toFixed(1);
  const parts = axis.ticks.map((value) => line(at(value), 0, at(value), 18, "tick"));
  parts.push(line(ZERO - 4, 3, ZERO - 4, 15, "break"));
  parts.push(line(at(0), middle, at(highest), middle, "whisker"));
  const left = axis.at(p50), right = axis.at(p95);
  parts.push(svg("rect", { x: left - 1, y: middle - 5, width: Math.max(2, right - left + 2), height: 10, class: "box" }));
  parts.push(line(at(p50), middle - 5, at(p50), middle + 5, "median"));
  parts.push(line(at(p99), middle - 4, at(p99), middle + 4, "p99"));
  parts.push(svg("circle", { cx: at(highest), cy: middle, r: 3.5, class: "highest" }));
  if (limit) {
    const x = axis.at(limit.bound);
    parts.push(line(x, 0, x, 18, "bound"));
    if (limit.relation !== "==") {
      const side = limit.relation === "<=" ? 1 : -1;
      parts.push(svg("path", { d: `M${x} 0h${6 * side}M${x} 18h${6 * side}`, class: "bound" }));
    }
  }
  return svg("svg", { width, height: 18, class: "strip", "aria-hidden": "true" }, parts);
};

/** The axis under strips. */
page.stripAxis = (key, axis, width) => {
  const texts = [svg("text", { x: ZERO / 2, y: 11, "text-anchor": "middle" }, "0")];
  let last = ZERO / 2;
  for (const value of axis.ticks) {
    const x = axis.at(value);
    if (x - last < 34 || x > width - 10) continue;
    texts.push(svg("text", { x: x.toFixed(1), y: 11, "text-anchor": "middle" }, short(key, value)));
    last = x;
  }
  return svg("svg", { width, height: 14, class: "strip-axis", "aria-hidden": "true" }, texts);
};

/** The cumulative curves of some policies: share of runs with at most so much. */
page.curves = (entry, shown, width) => {
  const height = 250, left = 44, right = 200, top = 10, bottom = 26;
  const highest = Math.max(...entry.policies.map((one) => one.highest));
  const axis = page.logAxis(entry.key, highest, width - left - right);
  const x = (value) => left + axis.at(value);
  const y = (share) => top + (1 - share) * (height - top - bottom);
  const parts = [];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(line(left, y(share), width - right, y(share), "tick"));
    parts.push(svg("text", { x: left - 6, y: y(share) + 4, "text-anchor": "end" }, `${share * 100} %`));
  }
  let last = -99;
  for (const value of [0, ...axis.ticks]) {
    if (value) parts.push(line(x(value), top, x(value), height - bottom, "tick"));
    if (x(value) - last < 40) continue;
    last = x(value);
    parts.push(svg("text", { x: x(value), y: height - bottom + 16, "text-anchor": "middle" }, value ? short(entry.key, value) : "0"));
  }
  const ends = [];
  shown.forEach((one, index) => {
    let path = `M${x(0).toFixed(1)} ${y(0).toFixed(1)}`;
    for (const [value, share] of one.curve) path += `H${x(value).toFixed(1)}V${y(share).toFixed(1)}`;
    path += `H${width - right}`;
    parts.push(svg("path", { d: path, class: `curve series-${index % 6}` }));
    const [p50, , p99] = one.quantiles;
    ends.push({ one, index, p50, p99, from: one.curve[0][1] });
  });
  // Labels in the order of the curves at 0: the higher one is the better policy.
  ends.sort((a, b) => b.from - a.from || a.p50 - b.p50);
  ends.forEach((end, place) => {
    const at = top + 8 + place * 30;
    parts.push(line(width - right + 12, at - 4, width - right + 36, at - 4, `curve series-${end.index % 6}`));
    parts.push(svg("text", { x: width - right + 42, y: at, class: "name" }, end.one.policy));
    parts.push(svg("text", { x: width - right + 42, y: at + 13 }, `${page.percent(end.from)} % at 0, p99 ${page.value(entry.key, end.p99)}`));
  });
  const label = `${entry.key}: share of runs with at most so much, a curve for each policy; the same figures are in the table below`;
  const tall = Math.max(height, top + ends.length * 30 + 8);
  return svg("svg", { width, height: tall, viewBox: `0 0 ${width} ${tall}`, class: "curves", role: "img", "aria-label": label }, parts);
};
