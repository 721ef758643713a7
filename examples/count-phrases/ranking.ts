// The most frequent phrases of one length, in constant memory however many are offered.

export interface RankedPhrase {
  readonly phrase: string;
  readonly count: number;
}

export class Ranking {
  readonly #size: number;
  readonly #ranked: RankedPhrase[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** The same phrase may be offered again, with the same count. */
  offer(phrase: string, count: number): void {
    const candidate = { phrase, count };
    const last = this.#ranked.at(-1);
    if (this.#ranked.length === this.#size && last !== undefined && compare(candidate, last) >= 0) {
      return;
    }
    if (this.#ranked.some((known) => known.phrase === phrase)) {
      return;
    }
    this.#ranked.push(candidate);
    this.#ranked.sort(compare);
    this.#ranked.length = Math.min(this.#ranked.length, this.#size);
  }

  /** The most frequent first; of equals, in the order of their characters. */
  toArray(): RankedPhrase[] {
    return [...this.#ranked];
  }
}

function compare(a: RankedPhrase, b: RankedPhrase): number {
  if (a.count !== b.count) {
    return b.count - a.count;
  }
  return a.phrase < b.phrase ? -1 : Number(a.phrase > b.phrase);
}
