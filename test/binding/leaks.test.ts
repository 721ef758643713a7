import { describe, expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const growth = new URL('programs/growth.mjs', import.meta.url);
const dropUnclosed = new URL('programs/drop-unclosed.mjs', import.meta.url);

describe('memory stays bounded', () => {
  test.each([
    ['over every native entry point, again and again', 'entry-points'],
    ['when databases are opened and closed', 'databases'],
    ['when scans and snapshots are dropped unclosed', 'garbage'],
    ['when every call fails', 'failures'],
    ['when large values come and go', 'large-values'],
    ['over a million gets without a turn of the event loop', 'gets'],
  ])('%s', (_what, scenario) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(growth, [directory, scenario], ['--expose-gc'])).toEqual(cleanOutcome('bounded\n'));
    }),
  );
});

describe('memory of what is dropped unclosed is collected without asking', () => {
  test.each([
    ['values that are read in pieces', 'values'],
    ['memory that databases shared', 'memories'],
  ])('%s', (_what, scenario) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(dropUnclosed, [directory, scenario])).toEqual(cleanOutcome('bounded\n'));
    }),
  );
});
