// Merges listings that are sorted by bytes into one, in which equal items appear once.
import type { Listing } from '../api/backend.ts';

/**
 * @param bytesOf - what the items are sorted by, unsigned.
 * @param resultOf - what the merged listing gives of an item.
 */
export function mergeSorted<T, R>(
  sources: readonly Listing<T>[],
  bytesOf: (item: T) => Uint8Array,
  resultOf: (item: T) => R,
): Listing<R> {
  return {
    *[Symbol.iterator]() {
      const cursors = sources.map((source) => source[Symbol.iterator]());
      try {
        const heads = cursors.map((cursor) => cursor.next());
        for (let first = smallest(heads, bytesOf); first !== undefined; first = smallest(heads, bytesOf)) {
          yield resultOf(first.item);
          for (const index of first.indexes) {
            heads[index] = (cursors[index] as Iterator<T>).next();
          }
        }
      } finally {
        for (const cursor of cursors) {
          cursor.return?.();
        }
      }
    },
    async *[Symbol.asyncIterator]() {
      const cursors = sources.map((source) => source[Symbol.asyncIterator]());
      try {
        const heads = await Promise.all(cursors.map((cursor) => cursor.next()));
        for (let first = smallest(heads, bytesOf); first !== undefined; first = smallest(heads, bytesOf)) {
          yield resultOf(first.item);
          for (const index of first.indexes) {
            heads[index] = await (cursors[index] as AsyncIterator<T>).next();
          }
        }
      } finally {
        await Promise.all(cursors.map((cursor) => cursor.return?.()));
      }
    },
  };
}

/** The smallest head, and where it stands; `undefined` when all sources have ended. */
function smallest<T>(
  heads: readonly IteratorResult<T>[],
  bytesOf: (item: T) => Uint8Array,
): { readonly item: T; readonly indexes: readonly number[] } | undefined {
  let best: { item: T; indexes: number[] } | undefined;
  heads.forEach((head, index) => {
    if (head.done) {
      return;
    }
    const order = best === undefined ? -1 : Buffer.compare(bytesOf(head.value), bytesOf(best.item));
    if (order < 0) {
      best = { item: head.value, indexes: [index] };
    } else if (order === 0) {
      best?.indexes.push(index);
    }
  });
  return best;
}
