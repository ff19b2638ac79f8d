// Which records a text finds: texts are looked at once, however many records have them.

const MARKED = 400; // the most hits that get words at once

/** The numbers of the records whose sentence or kind has the text in it; letter case does not count. */
page.findRecords = (run, wanted) => {
  const text = wanted.trim().toLowerCase();
  if (text.length < 2) return [];
  const has = run.texts.map((one) => one.toLowerCase().includes(text));
  const kinds = run.data.kinds.map((kind) => kind.name.toLowerCase().includes(text));
  const lanes = run.lanes.map((lane) => lane.name.toLowerCase().includes(text));
  const found = [];
  for (let n = 0; n < run.count; n++) {
    const said = run.data.records.said[n];
    const direct = said >= 0 ? has[said] : has[run.data.records.words[n]] || lanes[run.lane[n]];
    // `main opens` is in no text by itself.
    if (direct || kinds[run.kind[n]] || (said < 0 && text.includes(" ") && run.sentence(n).toLowerCase().includes(text))) found.push(n);
  }
  return found;
};

page.search = (view, wanted) => {
  view.found = page.findRecords(view.run, wanted);
  view.hits = new Set(view.found.slice(0, MARKED));
  view.hit = -1;
  view.relayout();
  view.foundWords.textContent = wanted.trim().length > 1 ? `${view.found.length.toLocaleString("en-US")} found` : "";
  if (view.found.length) page.nextHit(view, 1);
};

/** Goes to the next hit, or the one before. */
page.nextHit = (view, by) => {
  if (!view.found.length) return;
  view.hit = (view.hit + by + view.found.length) % view.found.length;
  const n = view.found[view.hit];
  if (!view.hits.has(n)) {
    view.hits = new Set([n]);
    view.relayout();
  }
  view.foundWords.textContent = `${view.hit + 1} of ${view.found.length.toLocaleString("en-US")}`;
  view.go(n);
};
