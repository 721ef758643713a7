import { describe, expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const allocations = new URL('programs/allocations.mjs', import.meta.url);
const OPTIONS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];

describe('reading and writing one row allocates nothing but the value that it answers', () => {
  test.each(['update', 'value', 'value of a key without one', 'clear'])('%s', (call) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(allocations, [directory, call], OPTIONS)).toEqual(cleanOutcome('nothing\n'));
    }),
  );
});
