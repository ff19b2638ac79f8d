// Texts of the timeline: times in words, and widths without asking the browser for each of them.

const SIZE = 12;
const widths = [new Map(), new Map()];
let pen = null;

/** Widths are those of this element's font. */
page.measureIn = (element) => {
  pen = document.createElement("canvas").getContext("2d");
  pen.family = getComputedStyle(element).fontFamily;
  for (const known of widths) known.clear();
};

function advance(character, bold) {
  const known = widths[bold ? 1 : 0];
  let width = known.get(character);
  if (width === undefined) {
    // A browser without canvas gets a guess, on the wide side.
    if (!pen) width = SIZE * 0.62;
    else {
      pen.font = `${bold ? "600 " : ""}${SIZE}px ${pen.family}`;
      width = pen.measureText(character).width;
    }
    known.set(character, width);
  }
  return width;
}

/** The width of a text in pixels: the sum of its characters', so a little too much where they are kerned. */
page.width = (text, bold) => {
  let sum = 0;
  for (const character of text) sum += advance(character, bold);
  return sum;
};

/** The text, cut with an ellipsis if it is too wide. */
page.fit = (text, room, bold) => {
  let sum = 0;
  let place = 0;
  let cut = 0;
  const ellipsis = advance("…", bold);
  for (const character of text) {
    sum += advance(character, bold);
    if (sum > room) return `${text.slice(0, cut).trimEnd()}…`;
    place += character.length;
    if (sum + ellipsis <= room) cut = place;
  }
  return text;
};

/** The text in lines, `most` of them; the last is cut. Breaks at spaces, and within names like DUPLICATE_IDENTITY. */
page.wrap = (text, room, bold, most) => {
  if (page.width(text, bold) <= room) return [text];
  const words = text.split(/(?<= )|(?<=[_/.:])(?=[\w])|(?<=[a-z])(?=[A-Z])/);
  const lines = [];
  let line = "";
  for (let i = 0; i < words.length; i++) {
    if (line && page.width((line + words[i]).trimEnd(), bold) > room) {
      if (lines.length === most - 1) {
        line += words.slice(i).join("");
        break;
      }
      lines.push(line.trimEnd());
      line = words[i];
    } else line += words[i];
  }
  lines.push(line.trimEnd());
  return lines.map((one) => page.fit(one, room, bold));
};

const plain = (value, digits) => value.toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** A span of microseconds in its natural unit. */
page.spanWords = (us) => {
  if (us < 1e3) return `${us} µs`;
  if (us < 1e6) return `${us < 1e4 ? plain(us / 1e3, 1) : Math.round(us / 1e3)} ms`;
  if (us < 12e7) return `${plain(us / 1e6, 2)} s`;
  return `${Math.floor(us / 6e7)} min ${Math.floor((us % 6e7) / 1e6)} s`;
};

/** A time of the run in seconds, cut to milliseconds. */
page.clock = (us) => (Math.floor(us / 1e3) / 1e3).toFixed(3);

/** The text as markup: the only way by which a name gets into what is drawn. */
page.escape = (text) => String(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
