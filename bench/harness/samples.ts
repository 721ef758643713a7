// Samples of several quantities, for rows of a table and the sides that are compared.
import { median, quantile, spread } from './statistics.ts';

const NOISY_SPREAD = 0.15;

/** What the samples of a quantity came to. */
export interface Summary {
  readonly median: number;
  /** Interquartile range, as a share of the median. */
  readonly spread: number;
  readonly isNoisy: boolean;
}

/** Quotients of the sides, each repetition against its neighbour. */
export interface Ratio {
  readonly median: number;
  readonly quartiles: readonly [number, number];
}

export class Samples {
  readonly #values = new Map<string, Map<string, Record<string, number>[]>>();

  add(row: string, side: string, quantities: Record<string, number>): void {
    const sides = this.#values.get(row) ?? new Map<string, Record<string, number>[]>();
    this.#values.set(row, sides);
    sides.set(side, [...(sides.get(side) ?? []), quantities]);
  }

  get rows(): string[] {
    return [...this.#values.keys()];
  }

  summary(row: string, side: string, quantity: string): Summary {
    const values = this.#of(row, side, quantity);
    return { median: median(values), spread: spread(values), isNoisy: spread(values) > NOISY_SPREAD };
  }

  /** How many times as much `side` took of a quantity as `baseline`. */
  ratio(
    row: string,
    quantity: string,
    { side, baseline }: { readonly side: string; readonly baseline: string },
  ): Ratio {
    const of = this.#of(row, baseline, quantity);
    const ratios = this.#of(row, side, quantity).map((value, repetition) => value / (of[repetition] as number));
    return { median: median(ratios), quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)] };
  }

  /** All that was added. */
  toJSON(): object {
    return Object.fromEntries([...this.#values].map(([row, sides]) => [row, Object.fromEntries(sides)]));
  }

  #of(row: string, side: string, quantity: string): number[] {
    return (this.#values.get(row)?.get(side) ?? []).map((quantities) => quantities[quantity] as number);
  }
}
