import { expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

test('the reading of metrics does not keep a process alive', () =>
  withDirectory(async ({ directory }) => {
    const program = new URL('programs/leave-open.mjs', import.meta.url);
    expect(await runProgram(program, [directory])).toEqual(cleanOutcome('ending\n'));
  }));
