// From the address to what is shown: the suite, or one failure.

const { el } = page;
const host = document.getElementById("page");
let shown = "";
let back = "#";

/** The other theme than the one that is shown, remembered for this file as far as the browser does. */
page.toggleTheme = () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
};

async function showRun(id, block) {
  const key = `failure ${id}`;
  if (shown === key) return;
  shown = key;
  const run = await page.read(block);
  if (shown !== key) return;
  host.replaceChildren();
  page.showFailure(host, run, { back: page.suiteBlock ? back : "", id });
  scrollTo(0, 0);
}

/** Draws what the address asks for. A page that a server answers for has more views: `page.drawServed`. */
page.draw = () => {
  if (page.drawServed?.(host)) {
    shown = "";
    return undefined;
  }
  const id = page.state().get("failure");
  const block = id === null ? null : page.runBlock(id);
  if (block) return showRun(id, block);
  if (!page.suiteBlock) return showRun("", page.runBlock(""));
  if (shown !== "suite") page.hideFailure?.();
  shown = "suite";
  back = location.hash || "#";
  page.showSuite(host);
  if (id !== null) host.querySelector("main").prepend(el("p", { class: "quiet", role: "status" }, `This report has no page of ${id}: only the first failures have one. oneroom show ${id} --open makes it.`));
  return undefined;
};

async function begin() {
  page.suiteBlock = document.getElementById("suite");
  if (page.suiteBlock) page.load(await page.read(page.suiteBlock));
  await page.draw();
  addEventListener("hashchange", page.draw);
  addEventListener("keydown", (event) => {
    if (shown === "suite" && !event.ctrlKey && !event.metaKey && !event.altKey) page.suiteKey(event);
  });
  addEventListener("beforeprint", () => shown === "suite" && page.printSuite(host, true));
  addEventListener("afterprint", () => shown === "suite" && page.printSuite(host, false));
}

if (typeof DecompressionStream === "function") begin();
else host.append(el("p", {}, "This browser is too old to unpack the report (it has no DecompressionStream). The same in text: results.ndjson and failures/ beside this file."));
