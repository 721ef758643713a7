import { describe, expect, test } from 'vitest';
import { nodeReleases } from '../support/node-versions.ts';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const useWorkers = new URL('programs/use-workers.mjs', import.meta.url);
const releases = nodeReleases();

describe.each(releases)('on Node.js $version', ({ binary }) => {
  test.each([
    ['works in several environments at once', 'side-by-side'],
    ['ends an environment while work is under way', 'terminate-while-working'],
    ['ends an environment with scans and snapshots open', 'terminate-with-scans'],
  ])('the addon %s', (_what, scenario) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(useWorkers, [directory, scenario], [], binary)).toEqual(cleanOutcome('done\n'));
    }),
  );
});
