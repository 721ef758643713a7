import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import { MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { Closeable } from '../../lib/options/filters.ts';
import type { RocksDBOptionsFactory } from '../../lib/options/options-factory.ts';
import { MyOptionsFactory } from '../fixtures/modules/my-options-factory.ts';
import { factoryOf, type Opened, withOpened } from '../support/open-with-options.ts';
import { withBackend } from '../support/with-backend.ts';

const FACTORY = 'state.backend.rocksdb.options-factory';
const INTERVAL = 'my.custom.rocksdb.block.restart-interval';
const MODULE = fileURLToPath(new URL('../fixtures/modules/my-options-factory.ts', import.meta.url));

function expectExample({ effective, columnFamily }: Opened, interval: string): void {
  expect(effective.database).toMatchObject({
    max_background_jobs: { value: '4', source: 'factory' },
    use_fsync: { value: 'false', source: 'factory' },
  });
  expect(columnFamily.tableOptions.block_restart_interval).toEqual({ value: interval, source: 'factory' });
}

describe("the factory of Flink's documentation", () => {
  it.each([
    ['16', {}],
    ['8', { [INTERVAL]: 8 }],
  ])('set in code gives an interval of %s with %j', (interval, config) =>
    withOpened(
      new EmbeddedRocksDBStateBackend().configure(config).setRocksDBOptions(new MyOptionsFactory()),
      (opened) => expectExample(opened, interval),
    ),
  );

  it.each([MODULE, `${MODULE}#MyOptionsFactory`])('named by the configuration does the same: %s', (specifier) =>
    withOpened(new EmbeddedRocksDBStateBackend().configure({ [FACTORY]: specifier, [INTERVAL]: '4' }), (opened) =>
      expectExample(opened, '4'),
    ),
  );

  it('is refused with a bad value of its own option, by name', async () => {
    const backend = new EmbeddedRocksDBStateBackend().configure({ [FACTORY]: MODULE, [INTERVAL]: 'four' });
    await expect(withOpened(backend, () => {})).rejects.toThrow(`Option '${INTERVAL}' must be`);
  });
});

describe('a factory', () => {
  it('set in code goes before one that the configuration names (T125)', () =>
    withOpened(
      new EmbeddedRocksDBStateBackend()
        .configure({ [FACTORY]: MODULE })
        .setRocksDBOptions(factoryOf({ columnFamily: (options) => options.setCompactionStyle('FIFO') })),
      ({ effective, columnFamily }) => {
        expect(columnFamily.options.compaction_style).toEqual({ value: 'kCompactionStyleFIFO', source: 'factory' });
        expect(effective.database.max_background_jobs).toEqual({ value: '2', source: 'default' });
      },
    ));

  it('gives each state options of its own, by name', () =>
    withBackend(
      () =>
        new EmbeddedRocksDBStateBackend().setRocksDBOptions({
          createDBOptions: (options) => options,
          createColumnOptions: (options, _handles, state) =>
            state === 'large' ? options.setCompressionPerLevel(['ZSTD_COMPRESSION']) : options,
        }),
      async ({ open }) => {
        const [large, small] = ['large', 'small'].map((name) => new ValueStateDescriptor(name, Types.STRING));
        const keyed = (await open({ keyType: Types.STRING, states: [large as never] })) as KeyedStateBackend<string> &
          RocksDBInspection;
        keyed.getState(small as ValueStateDescriptor<string>);
        const { columnFamilies } = await keyed.effectiveOptions();
        const compression = (name: string) => columnFamilies[name]?.options.compression_per_level;
        expect(compression('large')).toEqual({ value: 'kZSTD', source: 'factory' });
        expect(compression('small')).toEqual({ value: 'kLZ4Compression', source: 'default' });
      },
    ));

  it('that optimizes for point lookups leaves maps as they are (T164)', () =>
    withBackend(
      () =>
        new EmbeddedRocksDBStateBackend().setRocksDBOptions(
          factoryOf({ columnFamily: (options) => options.optimizeForPointLookup(64) }),
        ),
      async ({ open }) => {
        const keyed = await open({ keyType: Types.STRING });
        const map = keyed.getMapState(new MapStateDescriptor('map', Types.LONG, Types.LONG));
        keyed.setCurrentKey('a');
        for (let i = 0; i < 100; i++) {
          map.put(i, i * i);
        }
        const seen: number[] = [];
        for (const { key, value } of map.entries()) {
          expect(value).toBe(key * key);
          seen.push(key);
          map.remove(key);
        }
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
        expect(map.isEmpty()).toBe(true);
      },
    ));

  it('with a prefix extractor leaves maps as they are', () =>
    withBackend(
      () =>
        new EmbeddedRocksDBStateBackend().setRocksDBOptions(
          factoryOf({
            columnFamily: (options) =>
              options
                .setPrefixExtractor('fixed:12')
                .setMemtablePrefixBloomSizeRatio(0.2)
                .setMemtableWholeKeyFiltering(true),
          }),
        ),
      async ({ open }) => {
        const keyed = await open({ keyType: Types.STRING });
        const map = keyed.getMapState(new MapStateDescriptor('map', Types.STRING, Types.LONG));
        keyed.setCurrentKey('a');
        for (let i = 0; i < 300; i++) {
          map.put(`${i}-of-many`, i);
        }
        expect([...map.keys()]).toHaveLength(300);
      },
    ));
});

describe('what is refused when a backend opens, leaving nothing behind:', () => {
  const refusals: readonly (readonly [string, RocksDBOptionsFactory, string])[] = [
    ['an unknown database option', factoryOf({ db: (o) => o.set('max_backgroud_jobs', 2) }), 'max_backgroud_jobs'],
    [
      'an unknown option of a state',
      factoryOf({ columnFamily: (o) => o.set('write_bufer_size', 2) }),
      'write_bufer_size',
    ],
    [
      'an unknown table option',
      factoryOf({ columnFamily: (o) => o.tableFormatConfig().set('blok_size', 2) }),
      'blok_size',
    ],
    ['a bad value', factoryOf({ db: (o) => o.set('max_open_files', 'many') }), 'max_open_files'],
    ['a value out of range', factoryOf({ db: (o) => o.setMaxOpenFiles(2 ** 40) }), 'max_open_files'],
    [
      'a plain table on shared memory',
      factoryOf({ columnFamily: (o) => o.set('table_factory', 'PlainTable') }),
      "State 'default' can't share memory",
    ],
    [
      'what the factory throws',
      factoryOf({
        db() {
          throw new Error('Artificial failure');
        },
      }),
      'Artificial failure',
    ],
  ];

  it.each(refusals)('%s', (_what, factory, message) =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory),
      async ({ open, leftovers }) => {
        await expect(open({ keyType: Types.STRING })).rejects.toThrow(message);
        expect(await leftovers().catch(() => [])).toEqual([]);
      },
    ),
  );

  it.each([undefined, null, 7, {}, { createDBOptions: () => 7 }])('%j instead of a factory', (factory) => {
    expect(() => new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTIONS_FACTORY' }),
    );
  });

  it('a module that exports none', async () => {
    const backend = new EmbeddedRocksDBStateBackend().configure({ [FACTORY]: `${MODULE}#notAFactory` });
    await expect(withOpened(backend, () => {})).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTIONS_FACTORY', message: expect.stringContaining(FACTORY) }),
    );
  });

  it('a module that is not there', async () => {
    const backend = new EmbeddedRocksDBStateBackend().configure({ [FACTORY]: './no-such-factory.mjs' });
    await expect(withOpened(backend, () => {})).rejects.toThrow(`Option '${FACTORY}' names './no-such-factory.mjs'`);
  });

  it('a wrong value of a setter, at once', () => {
    const factory = factoryOf({ db: (options) => options.setUseFsync('no' as never) });
    return expect(withOpened(new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory), () => {})).rejects.toThrow(
      'setUseFsync takes a value of type boolean; received "no".',
    );
  });
});

describe('handles of a factory', () => {
  class Handles implements RocksDBOptionsFactory {
    readonly closed: string[] = [];
    readonly #db: object;
    readonly #failing: string;

    constructor({ db = {}, failing = '' }: { db?: Record<string, string>; failing?: string } = {}) {
      this.#db = db;
      this.#failing = failing;
    }

    createDBOptions(options: Parameters<RocksDBOptionsFactory['createDBOptions']>[0], handles: Closeable[]) {
      handles.push(this.#handle('db'));
      for (const [name, value] of Object.entries(this.#db)) {
        options.set(name, value);
      }
      return options;
    }

    createColumnOptions(
      options: Parameters<RocksDBOptionsFactory['createColumnOptions']>[0],
      handles: Closeable[],
      state: string,
    ) {
      handles.push(this.#handle(state));
      return options;
    }

    #handle(name: string): Closeable {
      return {
        close: () => {
          this.closed.push(name);
          if (name === this.#failing) {
            throw new Error(`Artificial failure of ${name}`);
          }
        },
      };
    }
  }

  it('are closed with the backend, last first', async () => {
    const factory = new Handles();
    await withOpened(new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory), ({ keyed }) => {
      keyed.getState(new ValueStateDescriptor('later', Types.LONG));
      expect(factory.closed).toEqual([]);
    });
    expect(factory.closed).toEqual(['later', 'default', 'state', 'db']);
  });

  it('are closed when the backend does not open', async () => {
    const factory = new Handles({ db: { no_such_option: '1' } });
    await expect(withOpened(new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory), () => {})).rejects.toThrow(
      'no_such_option',
    );
    expect(factory.closed).toEqual(['default', 'state', 'db']);
  });

  it('are all closed when one can not be, and closing fails, but nothing is left behind', () => {
    const factory = new Handles({ failing: 'default' });
    return withBackend(
      () => new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory),
      async ({ localDir, leftovers }) => {
        const keyed = await new EmbeddedRocksDBStateBackend()
          .setRocksDBOptions(factory)
          .createKeyedStateBackend({ keyType: Types.STRING, localDir });
        await expect(keyed.close()).rejects.toThrow(
          expect.objectContaining({
            errors: [expect.objectContaining({ message: 'Artificial failure of default' })],
          }),
        );
        expect(factory.closed).toEqual(['default', 'db']);
        expect(await leftovers()).toEqual([]);
      },
    );
  });

  it('that can not be closed do not hide why the backend does not open', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on('warning', listener);
    const factory = new Handles({ db: { no_such_option: '1' }, failing: 'db' });
    await withBackend(
      () => new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory),
      async ({ open, leftovers }) => {
        await expect(open({ keyType: Types.STRING })).rejects.toThrow('no_such_option');
        expect(await leftovers()).toEqual([]);
      },
    );
    await setImmediate();
    process.off('warning', listener);
    expect(warnings).toEqual([expect.objectContaining({ name: 'AggregateError' })]);
  });
});
