// The memtable of each state is the one that its rows are looked up in.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import {
  EmbeddedRocksDBStateBackend,
  ListStateDescriptor,
  MapStateDescriptor,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { withBackend } from '../support/with-backend.ts';

const VALUE = new ValueStateDescriptor('value', Types.STRING);
const LIST = new ListStateDescriptor('list', Types.STRING);
const MAP = new MapStateDescriptor('map', Types.STRING, Types.STRING);

// Text whose length only its serializer knows.
const { layout: _, ...serializer } = Types.STRING.serializer;
const UNTOLD: TypeInformation<string> = { ...Types.STRING, serializer };

async function memtablesOf<K>(keyed: KeyedStateBackend<K>): Promise<Record<string, (string | undefined)[]>> {
  const { columnFamilies } = await (keyed as KeyedStateBackend<K> & RocksDBInspection).effectiveOptions();
  return Object.fromEntries(
    Object.entries(columnFamilies).map(([name, { options }]) => [
      name,
      [options.memtable_factory?.value, options.prefix_extractor?.value],
    ]),
  );
}

async function expectMemtables<K>(
  key: { type: TypeInformation<K>; maxParallelism: number },
  expected: Readonly<Record<string, readonly string[]>>,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const create = () => new EmbeddedRocksDBStateBackend().configure(config);
  await withBackend(create, async ({ open }) => {
    const keyed = await open({ keyType: key.type, maxParallelism: key.maxParallelism });
    for (const descriptor of [VALUE, LIST, MAP]) {
      keyed.getState(descriptor as ValueStateDescriptor<string>);
    }
    keyed.getTimerService('timers', {
      namespaceType: Types.VOID,
      triggerable: { onEventTime() {}, onProcessingTime() {} },
    });
    expect(await memtablesOf(keyed)).toMatchObject(expected);
  });
}

describe('a memtable', () => {
  const SKIP_LIST = ['SkipListFactory', 'nullptr'];

  it('finds rows by their keys, and those of maps by what one key has in common', () =>
    expectMemtables(
      { type: Types.LONG, maxParallelism: 128 },
      {
        value: ['rockstate.KeyGroupMemTable:1', 'nullptr'],
        list: ['rockstate.KeyGroupMemTable:1', 'nullptr'],
        // Key group, long, and the byte of no namespace.
        map: ['rockstate.KeyGroupMemTable:1', 'rocksdb.FixedPrefix.10'],
        '_timer_state/event_timers': SKIP_LIST,
        default: SKIP_LIST,
      },
    ));

  it('goes by the layout of keys without a fixed length', () =>
    expectMemtables(
      { type: Types.STRING, maxParallelism: 129 },
      {
        value: ['rockstate.KeyGroupMemTable:2', 'nullptr'],
        map: ['rockstate.KeyGroupMemTable:2', 'rockstate.RowPrefix:2:S:1'],
      },
    ));

  it('is a skip list for maps whose keys can not be told from what follows', () =>
    expectMemtables(
      { type: UNTOLD, maxParallelism: 128 },
      { value: ['rockstate.KeyGroupMemTable:1', 'nullptr'], map: SKIP_LIST },
    ));

  it('is a skip list for everything where that is configured', () =>
    expectMemtables(
      { type: Types.LONG, maxParallelism: 128 },
      { value: SKIP_LIST, list: SKIP_LIST, map: SKIP_LIST },
      { 'state.backend.rocksdb.memtable': 'SKIP_LIST' },
    ));
});
