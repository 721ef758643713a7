// What restoring a RocksDB checkpoint of Flink does to its files, and says of damaged ones.
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EmbeddedRocksDBStateBackend,
  keyGroupRangeOf,
  ListStateDescriptor,
  Savepoint,
  Types,
} from '../../lib/index.ts';
import { FLINK_RELEASES, flinkSavepoint } from '../support/flink-jobs.ts';
import { filesIn } from '../support/stored-files.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const [NEWEST] = FLINK_RELEASES as readonly [string];
const UID = 'collections';
const STRINGS = new ListStateDescriptor('strings', Types.STRING);
const { files: golden, expected } = flinkSavepoint(NEWEST, 'rocksdb-incremental');
const FROM = expected.pathPrefix as string;

async function copyOfGolden({ directory }: Bench): Promise<string> {
  const copy = join(directory, 'flink');
  await cp(golden, copy, { recursive: true });
  return copy;
}

async function operatorIn(copy: string) {
  const savepoint = await Savepoint.open(join(copy, 'chk-2'), { mappings: [{ from: FROM, to: copy }] });
  return savepoint.operator(UID);
}

describe.each(Object.entries(PLAIN_BACKENDS))(
  'a checkpoint of Flink in RocksDB, restored into %s',
  (_backend, create) => {
    const options = { keyType: Types.STRING, maxParallelism: 128 };

    it('names files that are elsewhere: a mapping is needed', () =>
      withBackend(create, async (bench) => {
        const savepoint = await Savepoint.open(join(await copyOfGolden(bench), 'chk-2'));
        const opened = bench.open({ ...options, restore: savepoint.operator(UID) });
        await expect(opened).rejects.toThrow(/which is not there\. If it was moved, say where with a mapping/);
      }));

    it.each(['shared', 'chk-2'])('is refused when a file in %s is shorter than it should be', (directory) =>
      withBackend(create, async (bench) => {
        const copy = await copyOfGolden(bench);
        const file = (await filesIn(join(copy, directory))).find((name) => name !== '_metadata') as string;
        const { length } = await readFile(join(copy, directory, file));
        await truncate(join(copy, directory, file), length - 1);
        const opened = operatorIn(copy).then((restore) => bench.open({ ...options, restore }));
        await expect(opened).rejects.toThrow(`has ${length - 1} bytes, and should have ${length}`);
        expect(await bench.leftovers()).toEqual([]);
      }),
    );

    it('is refused when a file is damaged', () =>
      withBackend(create, async (bench) => {
        const copy = await copyOfGolden(bench);
        for (const file of await filesIn(join(copy, 'shared'))) {
          const bytes = await readFile(join(copy, 'shared', file));
          await writeFile(join(copy, 'shared', file), bytes.fill(0));
        }
        const restore = await operatorIn(copy);
        await expect(bench.open({ ...options, restore })).rejects.toThrow(/magic|orrupt/);
        expect(await bench.leftovers()).toEqual([]);
      }));
  },
);

describe('files of a checkpoint of Flink', () => {
  const modes: Readonly<Record<string, readonly [settings: Record<string, boolean>, parallelism: number]>> = {
    'opened as they are': [{}, 2],
    'clipped and copied': [{}, 3],
    'taken over': [{ 'state.backend.rocksdb.use-ingest-db-restore-mode': true }, 1],
  };

  it.each(Object.entries(modes))('are not changed when they are %s, written to and compacted', (_mode, [settings, p]) =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(true).configure(settings),
      async (bench) => {
        const copy = await copyOfGolden(bench);
        const before = await contentsOf(copy);
        const restore = await operatorIn(copy);
        for (let index = 0; index < p; index++) {
          const keyGroupRange = keyGroupRangeOf(index, 128, p);
          const keyed = await bench.open({ keyType: Types.STRING, maxParallelism: 128, keyGroupRange, restore });
          const strings = keyed.getListState(STRINGS);
          for (const key of keyed.getKeys('strings')) {
            keyed.setCurrentKey(key);
            strings.add('ours');
          }
          const handle = await keyed.snapshot(index + 1, bench.storage);
          // Nothing of it is in Flink's files: those may be deleted now.
          expect(handle.checkpointedSizeBytes).toBe(handle.sizeBytes);
          await keyed.close();
        }
        expect(await contentsOf(copy)).toEqual(before);
      },
    ),
  );

  it('are not needed any more after the restore', () =>
    withBackend(PLAIN_BACKENDS.RocksDB as never, async (bench) => {
      const copy = await copyOfGolden(bench);
      const keyed = await bench.open({ keyType: Types.STRING, maxParallelism: 128, restore: await operatorIn(copy) });
      await rm(copy, { recursive: true });
      keyed.setCurrentKey('');
      expect(keyed.getListState(STRINGS).get()).toEqual(['s0', 's1', 's2']);
    }));
});

async function contentsOf(directory: string): Promise<Record<string, string>> {
  const names = await filesIn(directory);
  const contents = await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')));
  return Object.fromEntries(names.map((name, index) => [name, contents[index] as string]));
}
