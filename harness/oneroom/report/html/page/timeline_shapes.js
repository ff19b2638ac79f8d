// The looks of states, marks and arrows, as SVG markup. Numbers alone go into it; texts go through page.escape.

page.shapeDefinitions = `<defs>
<pattern id="run-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="still" width="7" height="7"/><path class="still-line" d="M0 0V7"/></pattern>
<pattern id="run-opening" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="room-soft" width="6" height="6"/><rect class="room" width="6" height="2.6"/></pattern>
<pattern id="run-reconnecting" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="room-soft" width="6" height="6"/><rect class="room" width="3" height="6"/></pattern>
<marker id="run-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6.5" markerHeight="6.5" markerUnits="userSpaceOnUse" orient="auto"><path class="faint" d="M0 .6 8 4 0 7.4z"/></marker>
<marker id="run-cause" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="ink" d="M0 .6 8 4 0 7.4z"/></marker>
</defs>`;

const rectangle = (looks, x, y0, width, y1, further = "") => `<rect class="${looks}" x="${x}" y="${y0}" width="${width}" height="${Math.max(2, y1 - y0)}" ${further}/>`;

/** A window's tracks beside its line: the offset and the width of each. */
const STRIPS = { mic: [14, 4], camera: [19, 4], screen: [24, 4], chat: [-17, 3], prompt: [-22, 4] };

/** The bar of a Room at `x`. */
page.roomBar = (x, y0, y1, style) => rectangle(`room-bar ${style}`, x - 8, y0, 16, y1, 'rx="2"');

/** The lifeline at `x`: an owner's is heavy, a candidate's dashed, hidden hollow, paused dotted. */
page.lifeline = (x, y0, y1, style) => {
  const looks = style.split(" ");
  const hidden = looks.includes("hidden");
  const paused = looks.includes("paused") ? " paused" : "";
  if (looks[0] === "owner" || looks[0] === "handing-over") {
    return `<path class="line-back" d="M${x} ${y0}V${y1}"/><path class="line-${looks[0]}${paused}" d="M${x} ${y0}V${y1}"/>${hidden ? `<path class="line-hollow" d="M${x} ${y0}V${y1}"/>` : ""}`;
  }
  if (looks[0] === "candidate") return `<path class="line-candidate${paused}" d="M${x} ${y0}V${y1}"/>`;
  if (hidden) return `<path class="line-thin${paused}" d="M${x - 2} ${y0}V${y1}M${x + 2} ${y0}V${y1}"/>`;
  return `<path class="line-${looks[0] === "retired" ? "retired" : "follower"}${paused}" d="M${x} ${y0}V${y1}"/>`;
};

/** A strip of a window's track: capture, prompt, chat socket, fault. */
page.strip = (lane, span) => {
  const fault = span.track.startsWith("fault");
  const [offset, width] = fault ? [lane.w - (lane.cx - lane.x) - 7 - 5 * Number(span.track.slice(5)), 4] : STRIPS[span.track];
  return rectangle(`strip ${fault ? "fault" : `${span.track} ${span.style}`}`, lane.cx + offset, span.y0, width, span.y1, `data-n="${span.begin}"`);
};

/** A band at `x`, `width` wide. */
page.band = (x, width, span) => rectangle(`band ${span.style}`, x, span.y0, width, span.y1, `data-n="${span.begin}"`);

/** The mark of a record at `x`, `y`; `big` if it has words, `lit` if it is of the cause or the cone. */
page.mark = (name, x, y, { big = true, lit = false } = {}) => {
  const cross = `M${x - 6} ${y - 6}l12 12m0-12l-12 12`;
  switch (name) {
    case "user": return `<path class="user" d="M${x - 6} ${y - 6}L${x + 7} ${y}L${x - 6} ${y + 6}Z"/>`;
    case "fault": return `<path class="fault-mark" d="M${x} ${y - 7}l7 7l-7 7l-7-7z"/>`;
    case "crash": return `<path class="cross-back" d="${cross}"/><path class="cross" d="${cross}"/>`;
    case "end": return `<path class="end" d="M${x - 8} ${y}H${x + 8}"/>`;
    case "lost": return `<path class="lost" d="M${x - 4} ${y - 4}l8 8m0-8l-8 8"/>`;
    case "step": return lit ? `<circle class="dot-lit" cx="${x}" cy="${y}" r="4.5"/>` : `<rect class="mid" x="${x - 3}" y="${y - 3}" width="6" height="6"/>`;
    case "console": return `<path class="console" d="M${x - 4} ${y - 5}l5 5l-5 5"/>`;
    case "error": return `<path class="error" d="M${x} ${y - 7}l7.5 13h-15z"/><path class="error-sign" d="M${x} ${y - 2.5}v4m0 1.6v1.6"/>`;
  }
  if (lit) return `<circle class="dot-lit" cx="${x}" cy="${y}" r="4.5"/>`;
  return big ? `<circle class="dot" cx="${x}" cy="${y}" r="2.6"/>` : `<circle class="dot-small" cx="${x}" cy="${y}" r="1.6"/>`;
};

/** The mark of the failing record, and that of the `number`th sentence of its cause. */
page.failingMark = (x, y) => `<circle class="failing" cx="${x}" cy="${y}" r="9"/><path class="failing-cross" d="M${x - 3.5} ${y - 3.5}l7 7m0-7l-7 7"/>`;
page.numberMark = (x, y, number) => `<circle class="number" cx="${x}" cy="${y}" r="8.5"/><text class="number-text" x="${x}" y="${y + 4}">${number}</text>`;

/** An edge of a fold: torn paper. */
page.tear = (y, width) => {
  let path = `M0 ${y}`;
  for (let x = 0, i = 0; x < width; x += 8, i++) path += `l4 ${i % 2 ? -4 : 4}l4 ${i % 2 ? 4 : -4}`;
  return path;
};

/** A sample for the legend, 36 by 20 around (18, 10). */
page.sample = (name) => {
  const [what, ...rest] = name.split(" ");
  const style = rest.join(" ");
  const [x, y] = [18, 10];
  const span = { y0: 1, y1: 19, begin: -1, track: what, style };
  switch (what) {
    case "room": return page.roomBar(x, 1, 19, style);
    case "casing": return [10, 26].map((at) => `${rectangle("casing", at - 7, 1, 14, 19)}${rectangle("room", at - 4, 1, 8, 19)}`).join("");
    case "line": return page.lifeline(x, 1, 19, style);
    case "pause": return `${rectangle("pause", 3, 1, 30, 19)}${page.lifeline(x, 1, 19, "follower paused")}`;
    case "band": return page.band(x - 5, 10, span);
    case "fault": return page.strip({ x: 0, w: 25, cx: 0 }, { ...span, track: "fault0" });
    case "mark": return page.mark(style, x, y);
    case "arrow": return sampleArrow(style);
    default: return page.strip({ x: 0, w: 36, cx: x - STRIPS[what][0] - 2 }, span);
  }
};

function sampleArrow(style) {
  if (style === "beat") return '<path class="arrow beat" d="M16 8L32 12" marker-end="url(#run-head)"/>';
  if (style === "lost") return `<path class="arrow lost-line" d="M3 5L22 12"/>${page.mark("lost", 23, 12)}`;
  return `<path class="arrow ${style}" d="M3 5L33 15" marker-end="url(#run-head)"/>`;
}
