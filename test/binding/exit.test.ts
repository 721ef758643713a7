import { describe, expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const exitWithoutClose = new URL('programs/exit-without-close.mjs', import.meta.url);

describe('a process that ends without closing its database', () => {
  test.each([
    'idle',
    'idle-process-exit',
    'working',
    'working-process-exit',
    'compacting-process-exit',
    'open-scan-and-snapshot',
    'closing-process-exit',
    'opening-process-exit',
  ])('ends well, and the database is whole: %s', (scenario) =>
    withDirectory(async ({ directory, open }) => {
      expect(await runProgram(exitWithoutClose, [directory, scenario])).toEqual(cleanOutcome('exiting\n'));
      const db = await open();
      expect([...db.scan({ keysOnly: true })].length % 1000).toBe(0);
    }),
  );

  test('by an uncaught error ends with that error', () =>
    withDirectory(async ({ directory }) => {
      const outcome = await runProgram(exitWithoutClose, [directory, 'uncaught-error']);
      expect(outcome).toMatchObject({ status: 1, signal: null });
      expect(outcome.stderr).toContain('Error: on purpose');
    }));
});
