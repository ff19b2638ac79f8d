// A run as the page works with it: its columns as typed arrays, and what follows from them.

const NAME_AND_WORDS = -1;
const NAME_COLON_WORDS = -2;
const LASTS = -1;

function sums(differences, Kind) {
  const found = new Kind(differences.length);
  let value = 0;
  for (let n = 0; n < differences.length; n++) found[n] = value += differences[n];
  return found;
}

/** The numbers of the records that `cause` names as their cause, as linked lists: the first, and the next of each. */
function effectLists(cause) {
  const first = new Int32Array(cause.length).fill(-1);
  const next = new Int32Array(cause.length).fill(-1);
  for (let n = cause.length - 1; n >= 0; n--) {
    if (cause[n] < 0) continue;
    next[n] = first[cause[n]];
    first[cause[n]] = n;
  }
  return { first, next };
}

class Run {
  /** `data` is the JSON of a run, `format` 1 (docs/report.md). */
  constructor(data) {
    const { records, spans, texts } = data;
    this.data = data;
    this.texts = texts;
    this.count = records.at.length;
    this.end = data.end_us;
    this.at = sums(records.at, Float64Array);
    this.lane = Uint16Array.from(records.lane);
    this.cause = Int32Array.from(records.cause, (distance, n) => (distance ? n - distance : -1));
    this.kind = Uint16Array.from(records.kind);
    this.rank = Uint8Array.from(records.rank);
    this.mark = Uint8Array.from(records.mark);
    this.arrow = Uint8Array.from(records.arrow);
    this.effectList = effectLists(this.cause);
    this.lanes = data.lanes.map(([name, kind, note], place) => ({ name, kind, note, place }));
    const begins = sums(spans.begin, Int32Array);
    this.spans = spans.lane.map((lane, i) => ({
      lane, track: texts[spans.track[i]], style: texts[spans.style[i]], label: texts[spans.label[i]],
      begin: begins[i], end: spans.length[i] === LASTS ? -1 : begins[i] + spans.length[i],
    }));
    this.group = data.kinds.map((kind) => kind.group);
    this.numberSlots();
  }

  /** Bands lie side by side: `slot` is a span's place among the tracks of its lane. */
  numberSlots() {
    const tracks = new Map();
    for (const span of this.spans) {
      if (this.lanes[span.lane].kind !== "bands") continue;
      if (!tracks.has(span.lane)) tracks.set(span.lane, new Set());
      tracks.get(span.lane).add(span.track);
    }
    const sorted = new Map([...tracks].map(([lane, names]) => [lane, [...names].sort()]));
    for (const [lane, names] of sorted) this.lanes[lane].slots = names.length;
    for (const span of this.spans) span.slot = sorted.get(span.lane)?.indexOf(span.track) ?? 0;
  }

  /** The words beside a record's mark. */
  words(n) { return this.texts[this.data.records.words[n]]; }

  /** The same for a narrow lane. */
  shortWords(n) { return this.texts[this.data.records.short[n]]; }

  /** What happened, with the place. */
  sentence(n) {
    const said = this.data.records.said[n];
    if (said >= 0) return this.texts[said];
    return `${this.lanes[this.lane[n]].name}${said === NAME_COLON_WORDS ? ":" : ""} ${this.words(n)}`;
  }

  /** What is searched: two texts at most, and a lane's name. */
  saysItself(n) { return this.data.records.said[n] > NAME_AND_WORDS; }

  kindName(n) { return this.data.kinds[this.kind[n]].name; }

  markName(n) { return this.data.marks[this.mark[n]]; }

  arrowName(n) { return this.data.arrows[this.arrow[n]]; }

  rankName(n) { return this.data.ranks[this.rank[n]]; }

  /** The records that this one is the cause of, oldest first. */
  effects(n) {
    const found = [];
    for (let m = this.effectList.first[n]; m >= 0; m = this.effectList.next[m]) found.push(m);
    return found;
  }

  /** Pairs of a name and a value: the record's own fields. */
  fields(n) {
    this.rows ??= this.rowsOfKinds();
    return this.data.kinds[this.kind[n]].fields
      .map(({ name, text, values }) => [name, text ? this.texts[values[this.rows[n]]] : values[this.rows[n]]])
      .filter(([, value]) => value !== "");
  }

  rowsOfKinds() {
    const next = new Int32Array(this.data.kinds.length);
    return Int32Array.from(this.kind, (kind) => next[kind]++);
  }

  /** The causal cone of a record: `before` has what led to it, itself included, `after` what followed from it. */
  cone(n) {
    const before = new Set();
    for (let m = n; m >= 0 && !before.has(m); m = this.cause[m]) before.add(m);
    const after = new Set();
    const open = [n];
    while (open.length) {
      for (const m of this.effects(open.pop())) {
        if (!after.has(m)) { after.add(m); open.push(m); }
      }
    }
    return { before, after, has: (m) => before.has(m) || after.has(m), size: before.size + after.size };
  }

  /** The first record at or after a time; `count` if there is none. */
  firstAt(at) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

page.Run = Run;
