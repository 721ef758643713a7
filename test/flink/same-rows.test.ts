// Our RocksDB backend, written to as the goldens say that Flink's was, holds the same rows.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { type RocksDBRowGoldens, readGoldens } from '../support/flink-goldens.ts';
import { mean, sum } from '../support/functions.ts';
import { type Rows, rowsOf } from '../support/rows.ts';
import { withBackend } from '../support/with-backend.ts';

const goldens = readGoldens<RocksDBRowGoldens>('rocksdb-rows');

// Java's serializer of strings takes null too; ours leaves that to NULLABLE, which is another format.
const textOrNull: TypeInformation<string | null> = {
  name: 'text or null',
  serializer: {
    ...Types.STRING.serializer,
    serialize: (value, output) =>
      value === null ? output.writeByte(0) : Types.STRING.serializer.serialize(value, output),
  },
};

/** The writes of `RocksDBRowGoldens.java`, but for timers and times to live. */
function fill<K>(keyed: KeyedStateBackend<K>, key: K): void {
  keyed.setCurrentKey(key);
  keyed.getState(new ValueStateDescriptor('value', Types.LONG)).update(1);
  const list = keyed.getListState(new ListStateDescriptor('list', Types.STRING));
  list.add('a');
  list.add('b');
  list.addAll(['', 'c,d']);
  const updated = keyed.getListState(new ListStateDescriptor('list-updated', Types.LONG));
  updated.add(9);
  updated.update([1, 2]);
  const map = keyed.getMapState(new MapStateDescriptor('map', Types.STRING, Types.LONG));
  map.put('one', 1);
  map.put('', -1);
  const nulls = keyed.getMapState(new MapStateDescriptor('map-null-value', Types.LONG, textOrNull));
  nulls.put(1, null);
  nulls.put(2, '');
  const reducing = keyed.getReducingState(new ReducingStateDescriptor('reducing', sum, Types.LONG));
  reducing.add(2);
  reducing.add(3);
  const average = new AggregatingStateDescriptor('aggregating', mean, Types.TUPLE(Types.LONG, Types.LONG));
  const aggregating = keyed.getAggregatingState(average);
  aggregating.add(4);
  aggregating.add(7);
  fillNamespaces(keyed);
}

function fillNamespaces<K>(keyed: KeyedStateBackend<K>): void {
  const inWindow = new ValueStateDescriptor('value-in-window', Types.LONG);
  const window = (start: number) => ({ namespace: { start, end: start + 60_000 }, namespaceType: Types.TIME_WINDOW });
  keyed.getPartitionedState(inWindow, window(0)).update(1);
  keyed.getPartitionedState(inWindow, window(60_000)).update(2);
  const inText = new MapStateDescriptor('map-in-text-namespace', Types.STRING, Types.LONG);
  keyed.getPartitionedState(inText, { namespace: 'ns', namespaceType: Types.STRING }).put('one', 1);
}

function rowsOfFlink(keyType: string, maxParallelism: number): Rows {
  const rows: Record<string, Record<string, string>> = { default: {} };
  for (const row of goldens.rows) {
    const isOurs = !row.columnFamily.startsWith('_timer_state/') && !row.columnFamily.startsWith('ttl-');
    if (isOurs && row.keyType === keyType && row.maxParallelism === maxParallelism) {
      rows[row.columnFamily] ??= {};
      Object.assign(rows[row.columnFamily] as object, { [row.key]: row.value });
    }
  }
  return rows;
}

describe('after the same writes, there are the rows of Flink', () => {
  it.each([
    ['STRING', 128, ['a', 'hello']],
    ['LONG', 128, [42, -1]],
    ['STRING', 1000, ['a']],
  ] as const)('with %s keys and %i key groups', (keyType, maxParallelism, keys) =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(),
      async (bench) => {
        const keyed = await bench.open({ keyType: Types[keyType] as TypeInformation<unknown>, maxParallelism });
        for (const key of keys) {
          fill(keyed, key);
        }
        const rows = await rowsOf(bench, await keyed.snapshot(1, bench.storage));
        expect(Object.keys(rows)).toHaveLength(10);
        expect(rows).toEqual(rowsOfFlink(keyType, maxParallelism));
      },
    ),
  );
});
