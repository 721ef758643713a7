// The bytes that states leave in RocksDB: those that Flink writes, so that either can read the other's.
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
import { maximum, sum } from '../support/functions.ts';
import { hexOf, type Rows, rowsOf } from '../support/rows.ts';
import { nullable } from '../support/types.ts';
import { withBackend } from '../support/with-backend.ts';

// Of 128 key groups, "a" is in 81 and "hello" in 35; of 1000, "a" is in 201.
const A = hexOf('51', '0261', '00');
const HELLO = hexOf('23', '0668656c6c6f', '00');

interface Options<K> {
  readonly keyType: TypeInformation<K>;
  readonly maxParallelism?: number;
}

/** The rows that `fill` leaves, by state. */
async function rowsAfter<K>(options: Options<K>, fill: (keyed: KeyedStateBackend<K>) => void): Promise<Rows> {
  let rows: Rows = {};
  await withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async (bench) => {
      const keyed = await bench.open(options);
      fill(keyed);
      rows = await rowsOf(bench, await keyed.snapshot(1, bench.storage));
    },
  );
  return rows;
}

/** As {@link rowsAfter}, with text keys, of which "a" is current. */
function rowsOfA(fill: (keyed: KeyedStateBackend<string>) => void): Promise<Rows> {
  return rowsAfter({ keyType: Types.STRING }, (keyed) => {
    keyed.setCurrentKey('a');
    fill(keyed);
  });
}

describe('the rows of a state', () => {
  it('hold a value as its type writes it', async () => {
    const rows = await rowsOfA((keyed) => {
      const count = keyed.getState(new ValueStateDescriptor('count', Types.LONG));
      count.update(1);
      keyed.setCurrentKey('hello');
      count.update(2);
    });
    expect(rows).toEqual({ default: {}, count: { [A]: '0000000000000001', [HELLO]: '0000000000000002' } });
  });

  it.each([
    ['added one by one', [['a'], ['b']]],
    ['added at once', [['a', 'b']]],
  ])('hold the elements of a list with commas between them, when %s', async (_how, additions) => {
    const rows = await rowsOfA((keyed) => {
      const list = keyed.getListState(new ListStateDescriptor('list', Types.STRING));
      for (const texts of additions) {
        list.addAll(texts);
      }
    });
    expect(rows.list).toEqual({ [A]: hexOf('0261', '2c', '0262') });
  });

  it('hold the elements of a list with commas between them, when it was replaced and added to', async () => {
    const rows = await rowsOfA((keyed) => {
      const list = keyed.getListState(new ListStateDescriptor('list', Types.STRING));
      list.add('gone');
      list.update(['a', 'b']);
      list.add('');
    });
    expect(rows.list).toEqual({ [A]: hexOf('0261', '2c', '0262', '2c', '01') });
  });

  it('hold a list that was merged from namespaces with commas between the elements', async () => {
    const rows = await rowsOfA((keyed) => {
      const descriptor = new ListStateDescriptor('list', Types.STRING);
      const at = (namespace: number) => keyed.getPartitionedState(descriptor, { namespace, namespaceType: Types.LONG });
      at(1).addAll(['a', 'b']);
      at(2).addAll(['c', 'd']);
      at(1).mergeNamespaces(1, [2]);
    });
    const key = hexOf('51', '0261', '0000000000000001');
    expect(rows.list).toEqual({ [key]: hexOf('0261', '2c', '0262', '2c', '0263', '2c', '0264') });
  });

  it('hold an entry of a map each: its key behind the rest, its value behind a zero', async () => {
    const rows = await rowsOfA((keyed) => {
      keyed.getMapState(new MapStateDescriptor('map', Types.STRING, Types.LONG)).put('k', 7);
      keyed.getMapState(new MapStateDescriptor('batch', Types.STRING, Types.LONG)).putAll([
        ['k', 7],
        ['', -1],
      ]);
    });
    expect(rows.map).toEqual({ [hexOf(A, '026b')]: hexOf('00', '0000000000000007') });
    expect(rows.batch).toEqual({
      [hexOf(A, '01')]: hexOf('00', 'ffffffffffffffff'),
      [hexOf(A, '026b')]: hexOf('00', '0000000000000007'),
    });
  });

  it('hold a null in a map as the flag alone, as Flink does', async () => {
    const rows = await rowsOfA((keyed) => {
      const map = keyed.getMapState(new MapStateDescriptor('map', Types.STRING, nullable(Types.LONG)));
      map.put('k', null);
      map.put('l', 7);
      for (const entry of map) {
        entry.setValue(entry.value ?? null);
      }
    });
    expect(rows.map).toEqual({
      [hexOf(A, '026b')]: '01',
      [hexOf(A, '026c')]: hexOf('00', '01', '0000000000000007'),
    });
  });

  it('hold what was reduced or aggregated as a value', async () => {
    const rows = await rowsOfA((keyed) => {
      const reducing = keyed.getReducingState(new ReducingStateDescriptor('reducing', sum, Types.LONG));
      const aggregating = keyed.getAggregatingState(new AggregatingStateDescriptor('aggregating', maximum, Types.LONG));
      for (const state of [reducing, aggregating]) {
        state.add(2);
        state.add(3);
      }
    });
    expect(rows.reducing).toEqual({ [A]: '0000000000000005' });
    expect(rows.aggregating).toEqual({ [A]: '0000000000000003' });
  });

  it('are gone once the state is cleared', async () => {
    const rows = await rowsOfA((keyed) => {
      const list = keyed.getListState(new ListStateDescriptor('list', Types.LONG));
      const map = keyed.getMapState(new MapStateDescriptor('map', Types.LONG, Types.LONG));
      list.addAll([1, 2]);
      map.putAll([
        [1, 2],
        [3, 4],
      ]);
      list.clear();
      map.clear();
    });
    expect(rows).toEqual({ default: {}, list: {}, map: {} });
  });
});

describe('the keys of rows', () => {
  const count = new ValueStateDescriptor('count', Types.LONG);
  const ONE = '0000000000000001';

  it('begin with the key group in one byte, up to 128 of them', async () => {
    const rows = await rowsAfter({ keyType: Types.LONG, maxParallelism: 128 }, (keyed) => {
      keyed.setCurrentKey(42);
      keyed.getState(count).update(1);
    });
    expect(rows.count).toEqual({ [hexOf('1d', '000000000000002a', '00')]: ONE });
  });

  it('begin with the key group in two bytes when there are more', async () => {
    const rows = await rowsAfter({ keyType: Types.STRING, maxParallelism: 1000 }, (keyed) => {
      keyed.setCurrentKey('a');
      keyed.getState(count).update(1);
    });
    expect(rows.count).toEqual({ [hexOf('00c9', '0261', '00')]: ONE });
  });

  it('have the lengths of key and namespace behind them when both vary', async () => {
    const long = 'x'.repeat(300);
    const rows = await rowsOfA((keyed) => {
      for (const namespace of ['ns', long]) {
        keyed.getPartitionedState(count, { namespace, namespaceType: Types.STRING }).update(1);
      }
    });
    const [ns, x300] = [hexOf('036e73', '03'), hexOf('ad02', '78'.repeat(300), '2e01')];
    expect(rows.count).toEqual({ [hexOf('51', '0261', '02', ns)]: ONE, [hexOf('51', '0261', '02', x300)]: ONE });
  });

  it("have no length when key or namespace is of one length, nor behind a map's user key", async () => {
    const map = new MapStateDescriptor('map', Types.STRING, Types.BOOLEAN);
    const longKey = await rowsAfter({ keyType: Types.LONG }, (keyed) => {
      keyed.setCurrentKey(42);
      keyed.getPartitionedState(map, { namespace: 'ns', namespaceType: Types.STRING }).put('k', true);
    });
    expect(longKey.map).toEqual({ [hexOf('1d', '000000000000002a', '036e73', '026b')]: '0001' });
    const longNamespace = await rowsOfA((keyed) => {
      keyed.getPartitionedState(map, { namespace: 42, namespaceType: Types.LONG }).put('k', true);
    });
    expect(longNamespace.map).toEqual({ [hexOf('51', '0261', '000000000000002a', '026b')]: '0001' });
  });
});

describe('column families', () => {
  it('are one for each state, by its name, and a default one without rows', async () => {
    const names = ['count', 'größe', '状態', '\u{1F600}', 'with space', 'default2'];
    const rows = await rowsOfA((keyed) => {
      names.forEach((name, index) => {
        keyed.getState(new ValueStateDescriptor(name, Types.BYTES)).update(Uint8Array.of(index));
      });
    });
    const expected = names.map((name, index) => [name, { [A]: hexOf('00000001', `0${index}`) }]);
    expect(rows).toEqual({ default: {}, ...Object.fromEntries(expected) });
  });

  it('are there for states without anything in them', async () => {
    const rows = await rowsOfA((keyed) => {
      keyed.getListState(new ListStateDescriptor('never used', Types.LONG));
    });
    expect(rows).toEqual({ default: {}, 'never used': {} });
  });
});

describe('iteration over a map', () => {
  it('is in byte order of its keys', () =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(),
      async ({ open }) => {
        const keyed = await open({ keyType: Types.STRING });
        keyed.setCurrentKey('k');
        const map = keyed.getMapState(new MapStateDescriptor('map', Types.LONG, Types.LONG));
        const numbers = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1000);
        map.putAll([...numbers, -1].map((each) => [each, each]));
        // Two's complement: negative numbers come last.
        expect([...map.keys()]).toEqual([...numbers.toSorted((a, b) => a - b), -1]);
      },
    ));
});

describe('a listing of keys', () => {
  it('is in order of key groups, and within one in byte order', () =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(),
      async ({ open }) => {
        const keyed = await open({ keyType: Types.LONG, maxParallelism: 1 });
        for (const name of ['one', 'two']) {
          const state = keyed.getState(new ValueStateDescriptor(name, Types.LONG));
          for (const key of [7, -1, 3, 0, name === 'one' ? 2 : 4]) {
            keyed.setCurrentKey(key);
            state.update(key);
          }
        }
        expect([...keyed.getKeys(['two', 'one'])]).toEqual([0, 2, 3, 4, 7, -1]);
      },
    ));
});
