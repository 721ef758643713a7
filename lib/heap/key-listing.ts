// Lists the keys, or keys and namespaces, that have rows in tables: key group by key group, sorted by their bytes.
import type { Listing } from '../api/backend.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { DataInput } from '../bytes/data-input.ts';
import { isAmbiguous, skipItemLength, writeItemLength } from '../keys/composite-key.ts';
import { inputOf, TextOutput } from './byte-text.ts';
import type { TableView } from './copy-on-write-table.ts';
import { doInSlices, doNow, type PausableWork, sortedTexts } from './pausable-work.ts';
import { TimeSlice } from './time-slice.ts';

/** How the rows' ids are laid out. */
export interface IdLayout<K, N> {
  readonly keySerializer: TypeSerializer<K>;
  readonly namespaceSerializer: TypeSerializer<N>;
}

/** What is listed of. */
export interface ListedRows {
  readonly view: TableView<unknown>;
  /** Whether ids end in the key of a map's entry. */
  readonly hasMapKeys: boolean;
}

/** The keys that have rows with this namespace in any of the tables. */
export function listKeys<K, N>(tables: readonly ListedRows[], layout: IdLayout<K, N>, namespace: N): Listing<K> {
  const wanted = namespaceEnding(layout, namespace);
  return listing(tables, function* (keyGroup) {
    const keys = new Map<string, K>();
    for (const { view, hasMapKeys } of tables) {
      for (const { id } of view.rows(keyGroup)) {
        const { key, end } = readKey(id, layout);
        if (id.startsWith(wanted, end) && (hasMapKeys || id.length === end + wanted.length)) {
          keys.set(id.slice(0, end), key);
        }
        yield;
      }
    }
    return yield* sortedValues(keys);
  });
}

/** The keys and namespaces in one table. */
export function listKeysAndNamespaces<K, N>(table: ListedRows, layout: IdLayout<K, N>): Listing<readonly [K, N]> {
  return listing([table], function* (keyGroup) {
    const pairs = new Map<string, readonly [K, N]>();
    for (const { id } of table.view.rows(keyGroup)) {
      const { key, rest } = readKey(id, layout);
      const namespace = layout.namespaceSerializer.deserialize(rest);
      pairs.set(table.hasMapKeys ? id.slice(0, rest.position) : id, [key, namespace]);
      yield;
    }
    return yield* sortedValues(pairs);
  });
}

function listing<T>(tables: readonly ListedRows[], list: (keyGroup: number) => PausableWork<T[]>): Listing<T> {
  const keyGroups = [...new Set(tables.flatMap(({ view }) => view.keyGroups()))].sort((a, b) => a - b);
  return {
    *[Symbol.iterator]() {
      for (const keyGroup of keyGroups) {
        yield* doNow(list(keyGroup));
      }
    },
    async *[Symbol.asyncIterator]() {
      const slice = new TimeSlice();
      for (const keyGroup of keyGroups) {
        for (const item of await doInSlices(list(keyGroup), slice)) {
          yield item;
          if (slice.isOver) {
            await slice.next();
          }
        }
      }
    },
  };
}

interface ReadKey<K> {
  readonly key: K;
  /** Where the key, and its length, end. */
  readonly end: number;
  /** What follows. */
  readonly rest: DataInput;
}

function readKey<K>(id: string, layout: IdLayout<K, unknown>): ReadKey<K> {
  const { keySerializer, namespaceSerializer } = layout;
  const rest = inputOf(id);
  const key = keySerializer.deserialize(rest);
  if (isAmbiguous(keySerializer, namespaceSerializer)) {
    skipItemLength(rest.position, rest);
  }
  return { key, end: rest.position, rest };
}

/** What ids with this namespace have behind the key and its length. */
function namespaceEnding<N>({ keySerializer, namespaceSerializer }: IdLayout<unknown, N>, namespace: N): string {
  const text = new TextOutput();
  namespaceSerializer.serialize(namespace, text.output);
  if (isAmbiguous(keySerializer, namespaceSerializer)) {
    writeItemLength(text.output.position, text.output);
  }
  return text.textFrom(0);
}

// Texts sort as their bytes do.
function* sortedValues<T>(byText: Map<string, T>): PausableWork<T[]> {
  const values: T[] = [];
  for (const text of yield* sortedTexts([...byText.keys()])) {
    values.push(byText.get(text) as T);
    yield;
  }
  return values;
}
