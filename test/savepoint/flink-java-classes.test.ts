// State of Java classes, and raw state, in what Flink wrote: declared, read as types of the program, or refused.
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import {
  ListStateDescriptor,
  Savepoint,
  type SavepointOpenOptions,
  SavepointTypes,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { headerOf } from '../support/flink-contents.ts';
import { FLINK_RELEASES, flinkSavepoint } from '../support/flink-jobs.ts';
import { savepointRowsOf } from '../support/savepoint-rows.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const ADDRESS_CLASS = 'rockstate.jobs.PojosFunction$Address';
const ADDRESS = SavepointTypes.pojo(ADDRESS_CLASS, { zip: Types.INT, city: Types.STRING });
const PERSON = SavepointTypes.pojo('rockstate.jobs.PojosFunction$Person', {
  ...{ name: Types.STRING, age: Types.INT, height: Types.DOUBLE, address: ADDRESS },
});
const KEY = -1;
const [NEWEST] = FLINK_RELEASES as readonly [string];

describe.each(FLINK_RELEASES)('Pojos of Flink %s', (release) => {
  const { savepoint } = flinkSavepoint(release, 'heap-canonical');

  async function pojos(bench: Bench, options: SavepointOpenOptions = {}) {
    const restore = (await Savepoint.open(savepoint, options)).operator('pojos');
    const keyed = await bench.open({ keyType: Types.INT, maxParallelism: 128, restore });
    keyed.setCurrentKey(KEY);
    return keyed;
  }

  it('that are declared have the serializer that Flink wrote', async () => {
    const { states } = await headerOf((await Savepoint.open(savepoint)).operator('pojos'));
    const person = states.find(({ name }) => name === 'person')?.serializers.VALUE_SERIALIZER;
    expect(PERSON.serializer.snapshot).toEqual(person);
  });

  describe.each(Object.entries(PLAIN_BACKENDS))('in %s', (_backend, create) => {
    it('are plain objects where they are declared', () =>
      withBackend(create, async (bench) => {
        const keyed = await pojos(bench);
        const person = keyed.getState(new ValueStateDescriptor('person', PERSON));
        expect(person.value()).toEqual({ address: null, age: 2, height: 0.5, name: 'Name 2' });
        person.update({ address: { city: 'Nantucket', zip: 1 }, age: 3, height: 2, name: null });
        expect(person.value()?.address).toEqual({ city: 'Nantucket', zip: 1 });
        const addresses = keyed.getListState(new ListStateDescriptor('addresses', ADDRESS));
        expect(addresses.get()).toContainEqual({ city: 'City 1', zip: 10_002 });
      }));

    it('are refused where other fields are declared', () =>
      withBackend(create, async (bench) => {
        const keyed = await pojos(bench);
        const other = SavepointTypes.pojo(ADDRESS_CLASS, { zip: Types.LONG, city: Types.STRING });
        expect(() => keyed.getListState(new ListStateDescriptor('addresses', other))).toThrow(
          /State 'addresses' is stored as POJO\(.*Address\), which can not be used as POJO\(.*\): field 'zip': INT can not become LONG/,
        );
      }));

    it("are read as a type of the program, and written again under Flink's class", () =>
      withBackend(create, async (bench) => {
        const text = textOfAddress();
        const keyed = await pojos(bench, { types: new SavepointTypes().registerType(ADDRESS_CLASS, text) });
        const addresses = keyed.getListState(new ListStateDescriptor('addresses', text));
        expect(addresses.get()).toContain('10002 City 1');
        const to = join(bench.directory, 'savepoint');
        await keyed.savepoint(to, { uid: 'pojos' });
        const [ours, flinks] = await Promise.all([to, savepoint].map((path) => savepointRowsOf(path, 'pojos')));
        expect(ours?.rows).toEqual(flinks?.rows);
        expect(ours?.header).toEqual(flinks?.header);
      }));
  });
});

/** An address as a text, in the bytes of its Pojo. */
function textOfAddress(): TypeInformation<string> {
  const { serializer } = ADDRESS;
  return {
    name: 'ADDRESS',
    serializer: {
      ...{ id: 'test.Address', length: -1 },
      serialize(value, output) {
        const [zip, ...city] = value.split(' ');
        serializer.serialize({ zip: Number(zip), city: city.join(' ') }, output);
      },
      deserialize(input) {
        const { city, zip } = serializer.deserialize(input) as { city: string; zip: number };
        return `${zip} ${city}`;
      },
    },
  };
}

describe('raw keyed state that is no timers', () => {
  const { savepoint, files, expected } = flinkSavepoint(NEWEST, 'rocksdb-heap-timers-incremental');
  const IDENTIFIER = Buffer.from('f1cd859f', 'hex');
  const keyType = Types.TUPLE(Types.STRING, Types.LONG);

  /** A copy of the checkpoint, in which the identifiers of the timers are destroyed. */
  async function open(bench: Bench, allowNonRestoredState: boolean) {
    const copy = join(bench.directory, 'checkpoint');
    await cp(savepoint, copy, { recursive: true });
    let destroyed = 0;
    for (const name of await readdir(copy)) {
      const bytes = await readFile(join(copy, name));
      for (let at = bytes.indexOf(IDENTIFIER); at >= 0; at = bytes.indexOf(IDENTIFIER)) {
        bytes[at] = 0;
        destroyed++;
      }
      await writeFile(join(copy, name), bytes);
    }
    expect(destroyed).toBeGreaterThan(0);
    const mappings = [{ from: expected.pathPrefix as string, to: files }];
    const restore = (await Savepoint.open(copy, { mappings, allowNonRestoredState })).operator('timers');
    return bench.open({ keyType, maxParallelism: 128, restore });
  }

  it('is refused', () =>
    withBackend(PLAIN_BACKENDS.HashMap as never, async (bench) => {
      await expect(open(bench, false)).rejects.toThrow(
        /'?timers'? .*raw keyed state of its own.*allowNonRestoredState/s,
      );
      expect(await bench.leftovers()).toEqual([]);
    }));

  it('is left behind where that is allowed, and the other state is there', () =>
    withBackend(PLAIN_BACKENDS.RocksDB as never, async (bench) => {
      const keyed = await open(bench, true);
      keyed.setCurrentKey(['', 0]);
      expect(keyed.getState(new ValueStateDescriptor('count', Types.LONG)).value()).toBe(3);
    }));
});
