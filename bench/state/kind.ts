// What is common to the items of a kind of state.
import type { KeyedStateBackend, StateDescriptor } from '../../lib/index.ts';
import type { Work } from './work.ts';

/** What an item works on. */
export interface Access<S> {
  readonly keyed: KeyedStateBackend<number>;
  readonly state: S;
  readonly work: Work;
}

/** Does the work once, and answers what it adds to the checksum; `index` counts the calls. */
export type Item<S> = (access: Access<S>, index: number) => number;

/** The items of a kind of state, which begin with the same rows. */
export interface Kind<S> {
  readonly descriptor: StateDescriptor<S>;
  readonly open: (keyed: KeyedStateBackend<number>) => S;
  readonly items: Readonly<Record<string, Item<S>>>;
  /** Names of the items that count as one operation for every entry of a map. */
  readonly perEntry: readonly string[];
  /** Whether every iteration begins with the rows of the set-up alone, compacted. */
  readonly isRenewed: boolean;
  /** Stores what the current key has before the items begin. */
  readonly store: (access: Access<S>, key: number) => void;
  /** Checksum of what the current key has. */
  readonly digest: (state: S) => number;
}
