import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const useWorkers = new URL('programs/use-workers.mjs', import.meta.url);

describe('worker threads', () => {
  test.each([
    ['several at once, each with a database of its own', 'side-by-side'],
    ['that end without closing', 'end-without-close'],
    ['that call process.exit while working', 'exit-while-working'],
    ['terminated while reads, flushes and compactions are under way', 'terminate-while-working'],
    ['terminated while opening and closing', 'terminate-while-opening'],
    ['terminated with scans and snapshots open', 'terminate-with-scans'],
  ])('%s: they release what they own, and no more', (_what, scenario) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(useWorkers, [directory, scenario])).toEqual(cleanOutcome('done\n'));
    }),
  );

  test('leave the addon loaded when the only one that used it is gone, as background threads go on', () =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(useWorkers, [directory, 'only-in-workers'])).toEqual(cleanOutcome('done\n'));
    }));

  test('cannot open what another thread has open', () =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(useWorkers, [directory, 'same-path'])).toEqual(
        cleanOutcome('ERR_ROCKSDB_IO_ERROR\ndone\n'),
      );
      expect(await readFile(join(directory, 'main', 'CURRENT'), 'utf8')).toContain('MANIFEST');
    }));
});
