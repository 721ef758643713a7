// Checkpoints while the operating system reports errors, by a library that goes before libc.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const { EIO, ENOSPC, EROFS } = constants.errno;

const canFail = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

interface Report {
  readonly first: unknown;
  readonly second: { readonly name: string; readonly message: string; readonly code: string };
  readonly third: unknown;
  readonly fourth: unknown;
  readonly files: readonly string[];
  readonly working: readonly string[];
  readonly damaged: readonly unknown[];
  readonly restored: readonly [number, string];
  readonly garbage: { readonly files: readonly string[] };
}

let directory = '';
let library = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rockstate-faults-'));
  library = join(directory, 'failing-io.so');
  if (canFail) {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, here('failing-io.c'), '-ldl']);
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

function report(fault: string, ...copy: readonly 'copy'[]): Report {
  const at = mkdtempSync(join(directory, 'job-'));
  const env = { ...process.env, LD_PRELOAD: library, FAILING_IO_CONTROL: join(at, 'control') };
  return JSON.parse(
    execFileSync(process.execPath, [here('failing-io-job.mjs'), at, fault, ...copy], { env, encoding: 'utf8' }),
  );
}

const ROCKSDB = 'ERR_ROCKSDB_IO_ERROR';

// What fails, how, the code of the cause, and what is said of it.
const STORAGE_FAULTS: readonly (readonly [string, string, string, string])[] = [
  ['writing a table fails', `write ${EIO} /checkpoints/shared/`, ROCKSDB, 'IO error: .*Input/output error'],
  ['writing another file fails', `write ${EIO} /checkpoints/chk-2/`, ROCKSDB, 'IO error: .*Input/output error'],
  [
    'there is no space for a table',
    `write ${ENOSPC} /checkpoints/shared/`,
    ROCKSDB,
    'IO error: No space left on device',
  ],
  ['there is no space for the metadata', `write ${ENOSPC} /_metadata`, 'ENOSPC', 'ENOSPC: '],
  ['a table can not be made durable', `fsync ${EIO} /checkpoints/shared/`, 'EIO', 'EIO: '],
  ['the metadata can not be made durable', `fsync ${EIO} /_metadata`, 'EIO', 'EIO: '],
  ['the name of the metadata can not be made durable', `fsync ${EIO} /checkpoints/chk-2`, 'EIO', 'EIO: '],
  ['the metadata can not get its name', `rename ${EROFS} /_metadata`, 'EROFS', 'EROFS: '],
];

const why = canFail ? '' : ' (skipped: it takes Linux and a C compiler)';

describe.skipIf(!canFail)(`a checkpoint during which${why}`, () => {
  it.each(STORAGE_FAULTS)(
    '%s is refused for that reason, leaves nothing, and the next one is complete',
    (_what, fault, code, reason) => {
      const said = report(fault, 'copy');
      expect(said.first).toBe('complete');
      expect(said.second).toMatchObject({ name: 'CheckpointError', code });
      expect(said.second.message).toMatch(new RegExp(`^Checkpoint 2 failed: ${reason}`));
      expect(said.files.filter((path) => path.startsWith('chk-2'))).toEqual([]);
      expect(said.working).toEqual(['db']);
      expect([said.third, said.fourth]).toEqual(['complete', 'complete']);
      expect(said.restored).toEqual([3, 'second']);
      expect(said.damaged).toEqual([]);
      expect(said.garbage.files).toEqual([]);
    },
  );

  it('files can not be linked into the storage copies them', () => {
    const said = report(`link ${EIO} /checkpoints/`);
    expect([said.first, said.second, said.third, said.fourth]).toEqual(Array(4).fill('complete'));
    expect(said.damaged).toEqual([]);
    expect(said.restored).toEqual([3, 'second']);
  });

  it('a linked table can not be made durable is refused, and leaves nothing', () => {
    const said = report(`fsync ${EIO} /checkpoints/shared/`);
    expect(said.second).toMatchObject({ name: 'CheckpointError', code: 'EIO' });
    expect(said.files.filter((path) => path.startsWith('chk-2'))).toEqual([]);
    expect([said.third, said.fourth]).toEqual(['complete', 'complete']);
    expect(said.restored).toEqual([3, 'second']);
    expect(said.garbage.files).toEqual([]);
  });

  it.each(['/checkpoints/', '/local/'])('writes take less than they are given in %s is complete', (part) => {
    const said = report(`write short ${part}`, 'copy');
    expect([said.first, said.second, said.third, said.fourth]).toEqual(Array(4).fill('complete'));
    expect(said.damaged).toEqual([]);
    expect(said.restored).toEqual([3, 'second']);
  });

  it('local files can not be linked is refused, leaves nothing, and the next one is complete', () => {
    const said = report(`link ${EIO} /local/`);
    expect(said.second).toMatchObject({ name: 'CheckpointError', code: 'ERR_ROCKSDB_IO_ERROR' });
    expect(said.working).toEqual(['db']);
    expect([said.third, said.fourth]).toEqual(['complete', 'complete']);
    expect(said.restored).toEqual([3, 'second']);
  });

  it('the local disk fails is refused, as are later ones, until the backend is restored from the one before', () => {
    const said = report(`write ${EIO} /local/`);
    for (const refused of [said.second, said.third]) {
      expect(refused).toMatchObject({ name: 'CheckpointError', code: 'ERR_ROCKSDB_IO_ERROR' });
    }
    expect(said.files.filter((path) => /^chk-[23]/.test(path))).toEqual([]);
    expect(said.working).toEqual(['db']);
    expect(said.restored).toEqual([1, 'first']);
    expect(said.fourth).toBe('complete');
    expect(said.garbage.files).toEqual([]);
  });
});
