import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckpointStorage } from '../../lib/api/checkpoint.ts';
import { EmbeddedRocksDBStateBackend, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);

/** What was downloaded from the storage. */
function countDownloads(storage: CheckpointStorage): { storage: CheckpointStorage; names: string[] } {
  const names: string[] = [];
  return {
    names,
    storage: {
      begin: (id) => storage.begin(id),
      download(handle, file, path) {
        names.push(file.name);
        return storage.download(handle, file, path);
      },
    },
  };
}

async function withLocalCopies(
  run: (bench: Bench, parts: { backend: EmbeddedRocksDBStateBackend; copies: string }) => Promise<void>,
): Promise<void> {
  await withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async (bench) => {
      const copies = join(bench.directory, 'copies');
      const backend = new EmbeddedRocksDBStateBackend(true).configure({
        'execution.checkpointing.local-backup.enabled': true,
        'execution.state-recovery.from-local': true,
        'execution.checkpointing.local-backup.dirs': copies,
      });
      await run(bench, { backend, copies });
    },
  );
}

async function checkpoints({ localDir, storage }: Bench, backend: EmbeddedRocksDBStateBackend, ids: readonly number[]) {
  await using keyed = await backend.createKeyedStateBackend({ keyType: Types.LONG, localDir });
  for (const id of ids) {
    for (let key = 0; key < 1000; key++) {
      keyed.setCurrentKey(key);
      keyed.getState(COUNT).update(key * id);
    }
    await keyed.snapshot(id, storage);
  }
  return keyed.backendId;
}

describe('local recovery', () => {
  test('reads the copy on this machine, and nothing from the storage', () =>
    withLocalCopies(async (bench, { backend, copies }) => {
      const backendId = await checkpoints(bench, backend, [1, 2]);
      expect(await readdir(join(copies, backendId))).toEqual(['chk-2']);
      const { storage, names } = countDownloads(bench.storage);
      const handle = await bench.storage.open(2);
      await using restored = await backend.createKeyedStateBackend({
        keyType: Types.LONG,
        localDir: bench.localDir,
        restore: { storage, handle },
      });
      expect(names).toEqual([]);
      restored.setCurrentKey(999);
      expect(restored.getState(COUNT).value()).toBe(1998);
      // The copy is that of the checkpoint, whatever the database does.
      restored.getState(COUNT).update(0);
      await restored.snapshot(3, bench.storage);
      await restored.close();
      expect(await readdir(copies)).toEqual([restored.backendId]);
    }));

  test('reads from the storage what is missing or damaged', () =>
    withLocalCopies(async (bench, { backend, copies }) => {
      const backendId = await checkpoints(bench, backend, [1]);
      const copy = join(copies, backendId, 'chk-1');
      const table = (await readdir(copy)).find((name) => name.endsWith('.sst')) ?? '';
      // Another file: that of the copy may be the storage's.
      await rm(join(copy, table));
      await writeFile(join(copy, table), 'damage');
      await rm(join(copy, 'CURRENT'));
      const { storage, names } = countDownloads(bench.storage);
      const handle = await bench.storage.open(1);
      await using restored = await backend.createKeyedStateBackend({
        keyType: Types.LONG,
        localDir: bench.localDir,
        restore: { storage, handle },
      });
      expect(names.sort()).toEqual([table, 'CURRENT'].sort());
      restored.setCurrentKey(999);
      expect(restored.getState(COUNT).value()).toBe(999);
    }));

  test('needs a directory', () =>
    withLocalCopies(async ({ localDir }) => {
      const backend = new EmbeddedRocksDBStateBackend().configure({ 'state.backend.local-recovery': true });
      await expect(backend.createKeyedStateBackend({ keyType: Types.LONG, localDir })).rejects.toThrow(
        /set 'execution\.checkpointing\.local-backup\.dirs'/,
      );
    }));
});
