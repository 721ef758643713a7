import { describe, expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const allocations = new URL('programs/allocations.mjs', import.meta.url);
const OPTIONS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];

const BACKENDS = ['rocksdb', 'hashmap'];
const CALLS = ['update', 'value', 'value of a key without one', 'clear'];

describe('reading and writing one row allocates nothing but the value that it answers', () => {
  test.each(BACKENDS.flatMap((backend) => CALLS.map((call) => [backend, call] as const)))('%s: %s', (backend, call) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(allocations, [directory, backend, call], OPTIONS)).toEqual(cleanOutcome('nothing\n'));
    }),
  );
});
