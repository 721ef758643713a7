// All stores, by the names by which they are asked for.
import type { StoreKind } from './store.ts';
import { CLASSIC_LEVEL } from './stores/classic-level.ts';
import { LMDB } from './stores/lmdb.ts';
import { NXTEDITION } from './stores/nxtedition.ts';
import { ROCKSDB_NATIVE } from './stores/rocksdb-native.ts';
import { ROCKSTATE, ROCKSTATE_WITHOUT_LOG } from './stores/rockstate.ts';

/** The first is what the others are compared with. */
export const STORES: Readonly<Record<string, StoreKind>> = {
  rockstate: ROCKSTATE,
  'rockstate-no-log': ROCKSTATE_WITHOUT_LOG,
  'rocksdb-native': ROCKSDB_NATIVE,
  nxtedition: NXTEDITION,
  'classic-level': CLASSIC_LEVEL,
  lmdb: LMDB,
};

export const BASELINE = 'rockstate';

export function storeNamed(name: string): StoreKind {
  const store = STORES[name];
  if (store === undefined) {
    throw new Error(`There is no peer '${name}'; there are ${Object.keys(STORES).join(', ')}.`);
  }
  return store;
}
