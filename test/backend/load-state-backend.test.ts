import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import {
  CheckpointingOptions,
  Configuration,
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  HashMapStateBackend,
  JobManagerCheckpointStorage,
  loadCheckpointStorage,
  loadStateBackend,
} from '../../lib/index.ts';
import { LocalFileStore } from '../../lib/storage/local-file-store.ts';
import { withStore } from '../support/stored-checkpoints.ts';
import { warningsDuring } from '../support/warnings.ts';

const FACTORY = fileURLToPath(new URL('../fixtures/modules/state-backend-factory.mjs', import.meta.url));

describe('the state backend of a configuration', () => {
  test.each([
    [{}, HashMapStateBackend],
    [{ 'state.backend.type': 'hashmap' }, HashMapStateBackend],
    [{ 'state.backend.type': 'RocksDB' }, EmbeddedRocksDBStateBackend],
    [{ 'state.backend': 'rocksdb' }, EmbeddedRocksDBStateBackend],
    [{ 'state.backend.type': 'jobmanager' }, HashMapStateBackend],
    [{ 'state.backend.type': 'filesystem' }, HashMapStateBackend],
  ])('%o', async (entries, expected) => {
    expect(await loadStateBackend(new Configuration(entries))).toBeInstanceOf(expected);
  });

  test('may be made by the factory of a module, which sees the configuration', async () => {
    const config = new Configuration({ 'state.backend.type': FACTORY, 'my.own': 1 });
    expect(await loadStateBackend(config)).toMatchObject({ createdWith: config });
  });

  test('from code goes before the configuration, and is configured by it', async () => {
    const config = new Configuration({
      'state.backend.type': 'hashmap',
      'state.backend.rocksdb.write-batch-size': '1kb',
    });
    const fromCode = new EmbeddedRocksDBStateBackend();
    const loaded = (await loadStateBackend(config, fromCode)) as EmbeddedRocksDBStateBackend;
    expect(loaded).toBeInstanceOf(EmbeddedRocksDBStateBackend);
    expect(loaded.getWriteBatchSize()).toBe(1024);
    expect(fromCode.getWriteBatchSize()).toBe(2 * 1024 * 1024);
  });

  test.each([
    [
      'rocks',
      /'state\.backend\.type' must be 'hashmap', 'rocksdb', or the module of a factory\..*'rocks', which can't be loaded/,
    ],
    ['./no-such-file.mjs', /no-such-file\.mjs/],
    [`${FACTORY}#notAFactory`, /is no factory: it has no method createFromConfig/],
    [`${FACTORY}#missing`, /exports no class or object 'missing', but: default, notAFactory/],
  ])('is refused when it is %s', async (type, message) => {
    const loading = loadStateBackend(new Configuration({ 'state.backend.type': type }));
    await expect(loading).rejects.toMatchObject({
      code: 'ERR_INVALID_CONFIG_VALUE',
      message: expect.stringMatching(message),
    });
  });

  test('comes with warnings of misspelt keys and of options without effect', async () => {
    const config = new Configuration({
      'state.backend.rocksdb.tread.num': 4,
      'state.changelog.enabled': true,
      'state.backend.async': true,
      'my.own.key': 1,
    });
    expect(await warningsDuring(() => loadStateBackend(config))).toEqual([
      "There is no option 'state.backend.rocksdb.tread.num'; the nearest is 'state.backend.rocksdb.thread.num'.",
      "Option 'state.changelog.enabled' has no effect: there is no changelog backend.",
    ]);
  });
});

describe('the checkpoint storage of a configuration', () => {
  const directory = '/tmp/checkpoints';

  test.each([
    [{}, JobManagerCheckpointStorage],
    [{ 'state.checkpoints.dir': directory }, FileSystemCheckpointStorage],
    [
      { 'execution.checkpointing.storage': 'jobmanager', 'execution.checkpointing.dir': directory },
      JobManagerCheckpointStorage,
    ],
    [
      { 'execution.checkpointing.storage': 'FileSystem', 'execution.checkpointing.dir': directory },
      FileSystemCheckpointStorage,
    ],
    [{ 'state.backend': 'filesystem', 'state.backend.fs.checkpointdir': directory }, FileSystemCheckpointStorage],
    [{ 'state.backend': 'jobmanager', 'state.checkpoints.dir': directory }, JobManagerCheckpointStorage],
  ])('%o', async (entries, expected) => {
    const storage = await loadCheckpointStorage(new Configuration(entries));
    expect(storage).toBeInstanceOf(expected);
    if (storage instanceof FileSystemCheckpointStorage) {
      expect(storage.directory).toBe(directory);
    }
  });

  test('from code goes before the configuration', async () => {
    const fromCode = new JobManagerCheckpointStorage();
    const config = new Configuration().set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
    expect(await loadCheckpointStorage(config, { fromCode })).toBe(fromCode);
  });

  test.each([
    [true, 4],
    [false, 1],
  ])('deletes shared files in parallel or not (%s)', (parallel, most) =>
    withStore(async ({ storage, store }) => {
      await store(1, [], ['a', 'b', 'c', 'd', 'e']);
      const loaded = (await loadCheckpointStorage(
        new Configuration({
          'execution.checkpointing.dir': storage.directory,
          'execution.checkpointing.cleaner.parallel-mode': parallel,
        }),
      )) as FileSystemCheckpointStorage;
      const { remove } = LocalFileStore.prototype;
      let [atOnce, mostAtOnce] = [0, 0];
      const removing = vi.spyOn(LocalFileStore.prototype, 'remove').mockImplementation(async function (
        this: LocalFileStore,
        path,
      ) {
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        await remove.call(this, path);
        atOnce -= 1;
      });
      await loaded.discard(1).finally(() => removing.mockRestore());
      expect(mostAtOnce).toBe(most);
      expect(await loaded.list()).toEqual([]);
    }),
  );

  test('in files needs a directory', async () => {
    const loading = loadCheckpointStorage(new Configuration({ 'execution.checkpointing.storage': 'filesystem' }));
    await expect(loading).rejects.toThrow(/'filesystem', which needs 'execution\.checkpointing\.dir' as well/);
  });
});
