// Numbers as people read them, in the words of the text report.

const plain = (value, digits) => (value.toFixed(digits).includes(".") ? value.toFixed(digits).replace(/\.?0+$/, "") : value.toFixed(digits));

/** A number with thousands separated. */
page.count = (number) => number.toLocaleString("en-US");

/** A number with its noun: `1 seed`, `1,000 seeds`. */
page.plural = (number, noun) => `${page.count(number)} ${noun}${number === 1 ? "" : "s"}`;

/** A span of milliseconds in its natural unit. */
page.duration = (ms) => {
  if (ms < 1000) return `${plain(ms, 0)} ms`;
  if (ms < 120000) return `${plain(ms / 1000, 2)} s`;
  const minutes = Math.floor(ms / 60000);
  return `${minutes} min ${Math.floor((ms % 60000) / 1000)} s`;
};

/** A value of the ledger in the unit of its key. */
page.value = (key, value) => (key.endsWith("_ms") ? page.duration(value) : page.count(value));

/** A share as the few characters of a cell: `100`, `62`, `3.1`, `0.04`. */
page.percent = (share) => {
  const percent = 100 * share;
  if (percent >= 10 || percent === 0) return plain(percent, 0);
  return percent >= 1 ? plain(percent, 1) : percent >= 0.005 ? plain(percent, 2) : "<.01";
};

/** `3.1 % (1.1–8.7)` of hits with their interval. */
page.rate = ([hits, low, high], runs) => (runs === 1
  ? `${hits} of 1 seed`
  : `${page.count(hits)} of ${page.plural(runs, "seed")}, ${page.percent(hits / runs)} % (95 % CI ${page.percent(low)}–${page.percent(high)})`);
