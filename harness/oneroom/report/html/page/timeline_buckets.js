// Things with a top and a bottom, found by where they are.

const HEIGHT = 1024;

class Buckets {
  /** `things` have `y0` and `y1`. */
  constructor(things, height) {
    this.things = things;
    this.seen = new Uint32Array(things.length);
    this.turn = 0;
    this.buckets = Array.from({ length: Math.floor(height / HEIGHT) + 1 }, () => []);
    things.forEach((thing, i) => {
      const last = this.bucket(thing.y1);
      for (let b = this.bucket(thing.y0); b <= last; b++) this.buckets[b].push(i);
    });
  }

  bucket(y) { return Math.max(0, Math.min(this.buckets.length - 1, Math.floor(y / HEIGHT))); }

  /** Those that lie between two heights, each once, in their own order. */
  between(y0, y1) {
    this.turn++;
    const found = [];
    for (let b = this.bucket(y0); b <= this.bucket(y1); b++) {
      for (const i of this.buckets[b]) {
        const thing = this.things[i];
        if (this.seen[i] === this.turn || thing.y1 < y0 || thing.y0 > y1) continue;
        this.seen[i] = this.turn;
        found.push(i);
      }
    }
    return found.sort((a, b) => a - b).map((i) => this.things[i]);
  }
}

page.Buckets = Buckets;
