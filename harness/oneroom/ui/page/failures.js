// The stored failures, the newest first.

const { el } = page;

function row(failure) {
  if (failure.error) return el("tr", {}, el("th", { scope: "row" }, failure.id), el("td", { colspan: "4", class: "quiet" }, failure.error));
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: page.runAddress({ id: failure.id }) }, failure.check), el("span", { class: "message" }, failure.message)),
    el("td", {}, failure.title, el("small", {}, `${failure.scenario}:${failure.line}`)),
    el("td", {}, el("code", {}, failure.policy)),
    el("td", {}, failure.at),
    el("td", {}, new Date(failure.kept_s * 1000).toLocaleString(), el("small", { class: "mono" }, failure.id)));
}

/** Draws the stored failures into `host`. */
page.showFailures = async (host) => {
  const main = el("main", { class: "served-view" }, el("h1", {}, "Stored failures"));
  host.replaceChildren(main);
  document.title = "stored failures · oneroom";
  try {
    const failures = await page.request("/failures");
    main.append(failures.length
      ? el("table", { class: "stored" },
        el("thead", {}, el("tr", {}, ["what broke", "scenario", "policy", "at", "kept"].map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, failures.map(row)))
      : el("p", { class: "quiet" }, "No failure is stored in .oneroom. What oneroom run and oneroom fuzz find is kept there."));
  } catch (error) {
    main.append(page.trouble(error));
  }
};

/** What went wrong, in words. */
page.trouble = (error) => el("p", { class: "trouble", role: "alert" }, error.message);
