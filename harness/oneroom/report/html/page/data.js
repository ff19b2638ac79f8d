// Elements from text alone (a name is never markup), and the data blocks of the document.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element; an attribute `onclick` is a listener of `click`. */
page.el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
page.svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** The JSON of a data block: deflated (zlib), in base64. */
page.read = async (block) => {
  const bytes = Uint8Array.from(atob(block.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
};

/** The block of the run that shows a failure, null if the document has none; "" is the first run. */
page.runBlock = (id) => document.querySelector(id ? `script[data-failures~="${CSS.escape(id)}"]` : "script[data-failures]");

/** A command with a button that copies it. */
page.command = (line, label) => {
  const button = page.el("button", { type: "button", class: "copy", "aria-label": `copy: ${label ?? line}`, title: "copy the command" }, "copy");
  button.addEventListener("click", async () => {
    await page.copy(line);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });
  return page.el("span", { class: "command" }, page.el("code", { title: line }, line), button);
};

/** Copies text; a page of file:// may have no clipboard of its own. */
page.copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = page.el("textarea", { "aria-hidden": "true", class: "off-screen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};
