// Keys in the order in which a program uses them: some often and most seldom, as words are, or all alike.

export interface Distribution {
  readonly name: string;
  /** The exponent of Zipf's law; 0 is uniform. */
  readonly exponent: number;
}

export const DISTRIBUTIONS: readonly Distribution[] = [
  { name: 'Zipf, s = 0.99', exponent: 0.99 },
  { name: 'Zipf, s = 1.2', exponent: 1.2 },
  { name: 'uniform', exponent: 0 },
];

/** Draws keys from 0 up to `keys`; which of them are used often has nothing to do with their order. */
export function drawKeys({ exponent }: Distribution, keys: number, count: number): Uint32Array {
  const cumulated = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank++) {
    sum += (rank + 1) ** -exponent;
    cumulated[rank] = sum;
  }
  const keyOf = shuffled(keys);
  return Uint32Array.from({ length: count }, () => keyOf[rankAt(cumulated, Math.random() * sum)] as number);
}

// The first whose cumulated weight is beyond the point.
function rankAt(cumulated: Float64Array, point: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulated[middle] as number) > point) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function shuffled(count: number): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [all[last], all[other]] = [all[other] as number, all[last] as number];
  }
  return all;
}
