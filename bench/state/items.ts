// All items, by name.
import type { Kind } from './kind.ts';
import { LIST } from './list-items.ts';
import { MAP } from './map-items.ts';
import { VALUE } from './value-items.ts';
import { MAP_KEYS } from './work.ts';

// Each is worked with by its own items only.
const KINDS = [VALUE, LIST, MAP] as unknown as readonly Kind<unknown>[];

/** In the order of Flink's own benchmarks. */
export const ITEM_NAMES: readonly string[] = KINDS.flatMap(({ items }) => Object.keys(items));

/** The kind of state that an item is of. */
export function kindOf(item: string): Kind<unknown> {
  const kind = KINDS.find(({ items }) => Object.hasOwn(items, item));
  if (kind === undefined) {
    throw new Error(`There is no item '${item}'; there are ${ITEM_NAMES.join(', ')}.`);
  }
  return kind;
}

/** What a call of an item counts for. */
export function operationsOf(item: string): number {
  return kindOf(item).perEntry.includes(item) ? MAP_KEYS : 1;
}
