// What the items work on: the keys and values of Flink's own state benchmarks, drawn so that every side draws the same.
// Work.java of bench/flink and work.h of bench/floor are the same in Java and C++.

/** Entries of each key's map. */
export const MAP_KEYS = 10;
/** Elements that `listAddAll` adds. */
export const LIST_VALUES = 100;

/** Tells the draws apart. */
const DRAW = { setUpKeys: 1, newKeys: 2, mapKeys: 3, mapValues: 4, values: 5, stored: 6, list: 7, map: 8 };
const TWO_TO_21 = 0x20_0000;
const TWO_TO_32 = 0x1_0000_0000;
const TWO_TO_53 = 2 ** 53;

export class Work {
  readonly keyCount: number;
  /** What `listAddAll` adds. */
  readonly list: readonly number[];
  /** What `mapPutAll` puts. */
  readonly map: ReadonlyMap<number, number>;
  readonly #setUpKeys: Int32Array;
  readonly #newKeys: Int32Array;
  readonly #mapKeys: Int32Array;
  readonly #mapValues: Float64Array;
  readonly #values: Int32Array;

  /** @param keyCount - 500,000 in Flink's. */
  constructor(keyCount: number) {
    this.keyCount = keyCount;
    this.#setUpKeys = shuffled(keyCount, DRAW.setUpKeys);
    this.#newKeys = shuffled(keyCount, DRAW.newKeys).map((key) => key + keyCount);
    this.#mapKeys = shuffled(MAP_KEYS, DRAW.mapKeys);
    this.#mapValues = Float64Array.from({ length: MAP_KEYS }, (_, index) => doubleOf(DRAW.mapValues, index));
    this.#values = shuffled(2 * keyCount, DRAW.values);
    this.list = Array.from({ length: LIST_VALUES }, (_, index) => longOf(DRAW.list, index));
    this.map = new Map(Array.from(this.#mapKeys, (key, index) => [key, doubleOf(DRAW.map, index)]));
  }

  /** A key that was there before. */
  setUpKey(index: number): number {
    return this.#setUpKeys[index % this.keyCount] as number;
  }

  /** A key that was not. */
  newKey(index: number): number {
    return this.#newKeys[index % this.keyCount] as number;
  }

  mapKey(index: number): number {
    return this.#mapKeys[index % MAP_KEYS] as number;
  }

  mapValue(index: number): number {
    return this.#mapValues[index % MAP_KEYS] as number;
  }

  value(index: number): number {
    return this.#values[index % this.#values.length] as number;
  }

  /** What the set-up stores under a key. */
  storedLong(key: number): number {
    return longOf(DRAW.stored, key);
  }

  /** What the set-up stores in a key's map, at a place. */
  storedDouble(key: number, place: number): number {
    return doubleOf(DRAW.stored, key * MAP_KEYS + place);
  }
}

/** What a `LONG` adds to a checksum. */
export function bitsOfLong(value: number): number {
  return value | 0;
}

/** What a `DOUBLE` from 0 to 1 adds to a checksum. */
export function bitsOfDouble(value: number): number {
  return (value * TWO_TO_32) | 0;
}

/** All integers from 0 up to `count`, in no order. */
function shuffled(count: number, draw: number): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = (bitsOf(draw, last) >>> 0) % (last + 1);
    const number = numbers[last] as number;
    numbers[last] = numbers[other] as number;
    numbers[other] = number;
  }
  return numbers;
}

/** Of 53 bits, so that a number holds it. */
function longOf(draw: number, index: number): number {
  return (bitsOf(draw, 2 * index) >>> 0) * TWO_TO_21 + (bitsOf(draw, 2 * index + 1) >>> 11);
}

function doubleOf(draw: number, index: number): number {
  return longOf(draw, index) / TWO_TO_53;
}

function bitsOf(draw: number, index: number): number {
  let bits = Math.imul(index ^ Math.imul(draw, 0x9e3779b9), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
