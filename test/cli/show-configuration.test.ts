import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const rockstate = new URL('../../dist/cli/rockstate.js', import.meta.url);

describe('rockstate config', () => {
  test('shows what a file says, with -D going before it', () =>
    withDirectory(async ({ directory }) => {
      await mkdir(directory, { recursive: true });
      await writeFile(
        join(directory, 'config.yaml'),
        'state:\n  backend:\n    type: rocksdb\n    rocksdb:\n      thread.num: 2\n      tread: 1\n',
      );
      const args = [
        'config',
        '--conf-dir',
        directory,
        '-Dstate.backend.rocksdb.thread.num=8',
        '-D',
        'state.changelog.enabled=true',
      ];
      const shown = await runProgram(rockstate, args);
      expect(shown).toMatchObject({ status: 0 });
      expect(shown.stdout).toContain('State backend\n  state.backend.type: rocksdb\n');
      expect(shown.stdout).toContain('RocksDB\n  state.backend.rocksdb.thread.num: 8\n');
      expect(shown.stderr).toContain("There is no option 'state.backend.rocksdb.tread'; the nearest is");
      expect(shown.stderr).toContain("Option 'state.changelog.enabled' has no effect");
    }));

  test('hides secrets', async () => {
    const { stdout } = await runProgram(rockstate, ['config', '-Ds3.access-key=me', '-Ds3.secret-key=sesame']);
    expect(stdout).toContain('  s3.access-key: me\n');
    expect(stdout).toContain('  s3.secret-key: ******\n');
    expect(stdout).not.toContain('sesame');
  });

  test('shows all options and their defaults with --all', async () => {
    const { status, stdout } = await runProgram(rockstate, ['config', '--all']);
    expect(status).toBe(0);
    expect(stdout).toContain('  state.backend.rocksdb.writebuffer.size: 64mb  (default)\n');
    expect(stdout).toContain('  state.backend.rocksdb.log.dir: (none)  (default)\n');
    expect(stdout.split('\n').length).toBeGreaterThan(80);
  });

  test('fails for a value that is not allowed, naming it', async () => {
    const { status, stderr } = await runProgram(rockstate, ['config', '-Dstate.backend.rocksdb.thread.num=0']);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `Option 'state.backend.rocksdb.thread.num' must be an integer of 32 bits, more than 0; received "0".`,
    );
  });

  test('fails for a directory without a configuration', () =>
    withDirectory(async ({ directory }) => {
      const { status, stderr } = await runProgram(rockstate, ['config', '--conf-dir', directory]);
      expect(status).toBe(1);
      expect(stderr).toContain(directory);
    }));
});
