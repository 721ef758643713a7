// What is compared: the same work on states of different sizes and numbers.

export interface Case {
  /** Of all states together. */
  readonly keys: number;
  readonly states: number;
}

export interface CaseSettings extends Case {
  /** Of the slot. */
  readonly memory: string;
  readonly directory: string;
}

export function caseName({ keys, states }: Case): string {
  return `${keys.toExponential(0).replace('e+', 'e')} keys, ${states} ${states === 1 ? 'state' : 'states'}`;
}

/** What is done with one key: read, written without being read, and read and written. */
export const ITEMS = ['get', 'put', 'update'] as const;

export type ItemName = (typeof ITEMS)[number];

/** Bytes that a process has in use. */
export interface Usage {
  readonly rss: number;
  /** Blocks, and what memtables are charged with. */
  readonly cache: number;
  readonly memtables: number;
  /** What open files take, in the cache or outside it. */
  readonly tableReaders: number;
}

/** Milliseconds. */
export interface OpenTimes {
  /** Opening with all states, of which none is there. */
  readonly create: number;
  readonly closeEmpty: number;
  /** From a checkpoint whose files are linked. */
  readonly restore: number;
  readonly close: number;
}
