import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EmbeddedRocksDBStateBackend, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { runProgram } from '../support/run-program.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const rockstate = new URL('../../dist/cli/rockstate.js', import.meta.url);
const COUNT = new ValueStateDescriptor('count', Types.LONG);

function withCheckpoint(run: (bench: Bench) => Promise<void>): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(true),
    async (bench) => {
      const keyed = await bench.open({ keyType: Types.LONG });
      keyed.setCurrentKey(1);
      keyed.getState(COUNT).update(1);
      await keyed.snapshot(1, bench.storage);
      await run(bench);
    },
  );
}

describe('rockstate verify', () => {
  test('says that all is well', () =>
    withCheckpoint(async ({ storage }) => {
      const { status, stdout } = await runProgram(rockstate, ['verify', join(storage.directory, 'chk-1')]);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^Checkpoint 1: 1 backends, \d+ files, \d+ bytes, 0 damaged\.\n$/);
    }));

  test('names the damaged file, and what was expected and found', () =>
    withCheckpoint(async ({ storage }) => {
      const file = (await storage.open(1)).files.find(({ shared }) => shared);
      await truncate(join(storage.directory, file?.path ?? ''), 10);
      const { status, stderr } = await runProgram(rockstate, ['verify', join(storage.directory, 'chk-1')]);
      expect(status).toBe(1);
      expect(stderr).toContain(`${file?.path} (${file?.name}): expected ${file?.sizeBytes} bytes with CRC-32`);
      expect(stderr).toContain('found 10 bytes with');
    }));

  test('fails for what is no checkpoint', () =>
    withCheckpoint(async ({ storage }) => {
      expect(await runProgram(rockstate, ['verify', storage.directory])).toMatchObject({ status: 2 });
      const missing = await runProgram(rockstate, ['verify', join(storage.directory, 'chk-9')]);
      expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('no complete checkpoint 9') });
    }));
});

describe('rockstate gc', () => {
  test('shows, and removes, what no checkpoint needs', () =>
    withCheckpoint(async ({ storage }) => {
      await writeFile(join(storage.directory, 'shared', 'orphan.sst'), 'left by a crash');
      const dry = await runProgram(rockstate, ['gc', storage.directory, '--dry-run']);
      expect(dry).toMatchObject({ status: 0, stdout: 'shared/orphan.sst\n1 files, 15 bytes would be removed.\n' });
      const wet = await runProgram(rockstate, ['gc', storage.directory]);
      expect(wet).toMatchObject({ status: 0, stdout: 'shared/orphan.sst\n1 files, 15 bytes removed.\n' });
      const again = await runProgram(rockstate, ['gc', storage.directory]);
      expect(again.stdout).toBe('0 files, 0 bytes removed.\n');
      expect(await storage.verify(1)).toEqual([]);
    }));
});
