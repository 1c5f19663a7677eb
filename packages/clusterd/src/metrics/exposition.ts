/** Metrics in the text format of Prometheus, version 0.0.4. */

export type Labels = Readonly<Record<string, string>>;

/** A value with the labels that tell it from the others of its metric. */
export type Sample = readonly [labels: Labels, value: number];

/** Names are those of metrics: `[a-zA-Z_:][a-zA-Z0-9_:]*`. A metric is what is given out of it when it is read. */
export class Metrics {
  readonly #metrics: (() => string)[] = [];

  /** What is only ever counted up. */
  counter(name: string, help: string): Counter {
    const counter = new Counter();
    this.#add(name, help, "counter", () => counter.samples());
    return counter;
  }

  /** What others count up. */
  counted(name: string, help: string, read: () => number): void {
    this.#add(name, help, "counter", () => [[{}, read()]]);
  }

  /** What goes up and down, as it is when somebody asks. */
  gauge(name: string, help: string, read: () => Iterable<Sample>): void {
    this.#add(name, help, "gauge", read);
  }

  /** Values by how many are at most so great. @param bounds ascending */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const histogram = new Histogram(bounds);
    this.#metrics.push(() => head(name, help, "histogram") + histogram.text(name));
    return histogram;
  }

  /** All of them as they are now. */
  text(): string {
    return this.#metrics.map((metric) => metric()).join("");
  }

  #add(name: string, help: string, type: string, read: () => Iterable<Sample>): void {
    this.#metrics.push(() => {
      const lines = Array.from(read(), ([labels, value]) => line(name, labels, value));
      return head(name, help, type) + lines.join("");
    });
  }
}

export class Counter {
  readonly #values = new Map<string, { readonly labels: Labels; value: number }>();

  add(labels: Labels = {}): void {
    const entry = entryOf(this.#values, labels, () => ({ labels, value: 0 }));
    entry.value++;
  }

  *samples(): Generator<Sample> {
    for (const { labels, value } of this.#values.values()) yield [labels, value];
  }
}

interface Distribution {
  readonly labels: Labels;
  /** How many fell between a bound and the one before it; the last ones beyond all bounds. */
  readonly counts: number[];
  sum: number;
}

export class Histogram {
  readonly #bounds: readonly number[];
  readonly #values = new Map<string, Distribution>();

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  observe(value: number, labels: Labels = {}): void {
    const entry = entryOf(this.#values, labels, () => ({
      labels,
      counts: [...this.#bounds, 0].map(() => 0),
      sum: 0,
    }));
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = at === -1 ? this.#bounds.length : at;
    entry.counts[bucket] = (entry.counts[bucket] ?? 0) + 1;
    entry.sum += value;
  }

  text(name: string): string {
    let text = "";
    for (const { labels, counts, sum } of this.#values.values()) {
      let below = 0;
      for (const [at, count] of counts.entries()) {
        below += count;
        const le = numberText(this.#bounds[at] ?? Infinity);
        text += line(`${name}_bucket`, { ...labels, le }, below);
      }
      text += line(`${name}_sum`, labels, sum) + line(`${name}_count`, labels, below);
    }
    return text;
  }
}

function entryOf<T>(entries: Map<string, T>, labels: Labels, make: () => T): T {
  const key = JSON.stringify(labels);
  const found = entries.get(key);
  if (found !== undefined) return found;
  const made = make();
  entries.set(key, made);
  return made;
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: Labels, value: number): string {
  const all = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${all.length === 0 ? "" : `{${all.join(",")}}`} ${numberText(value)}\n`;
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
