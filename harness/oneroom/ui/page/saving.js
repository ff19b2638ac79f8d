// Keeping a changed run as a scenario.

const { el } = page;

const nameOf = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "") || "changed";

/** The form that keeps the run of a session. */
page.saveForm = (session) => {
  const name = el("input", { type: "text", value: `${nameOf(session.view.run.data.title)}-what-if`, "aria-label": "name of the scenario", spellcheck: "false", autocomplete: "off" });
  const said = el("div", { role: "status" });
  const form = el("form", { class: "save" }, el("h3", {}, "Save as scenario"), el("p", {}, name, el("small", {}, ".yaml"), " ", el("button", {}, "save")), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { path, command, repeats, replay } = await page.request("/save", { name: session.name, changes: session.changes, file: name.value });
      said.replaceChildren(el("p", {}, "saved as ", el("code", {}, path)),
        el("p", {}, repeats ? "It comes to the same under:" : "None of its first 20 seeds comes to the same, which depends on delays that are not in the file:"),
        page.command(command), ...(replay ? [el("p", {}, "The very same run:"), page.command(replay)] : []));
    } catch (error) {
      said.replaceChildren(page.trouble(error));
    }
  });
  return form;
};
