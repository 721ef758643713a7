import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Coverage, complaints, coverageIn } from './scenario-coverage.ts';

const root = join(import.meta.dirname, '../..');
// First and last.
const COVERED: readonly (readonly [number, number])[] = [
  [1, 83],
  [165, 263],
];

const table = coverageIn(readFileSync(join(root, 'docs/scenario-coverage.md'), 'utf8'));
const sources = new Map(
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('house/'))
    .map((name) => [`test/${name}`, readFileSync(join(root, 'test', name), 'utf8')]),
);

test('every scenario is tested where the table says, or has a reason why not', () => {
  const covered = COVERED.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => `T${String(first + index).padStart(3, '0')}`),
  );
  expect(table.map(({ scenario }) => scenario)).toEqual(covered);
  expect(table.flatMap((row) => complaints(row, sources))).toEqual([]);
});

const files = new Map([['test/a.test.ts', "it('does it (T002)', () => {});"]]);

test.each<[string, Coverage, RegExp]>([
  ['a file that is not there', { scenario: 'T002', file: 'test/b.test.ts', name: 'does it (T002)' }, /no file/],
  [
    'a file without the number',
    { scenario: 'T001', file: 'test/a.test.ts', name: 'does it (T002)' },
    /does not name T001/,
  ],
  [
    'a test that is not there',
    { scenario: 'T002', file: 'test/a.test.ts', name: 'does more (T002)' },
    /no test 'does more/,
  ],
  ['a name that is none', { scenario: 'T002', file: 'test/a.test.ts', name: '' }, /no test ''/],
  ['no test, and no reason', { scenario: 'T001', reason: '' }, /nor a reason/],
  ['no test, although there is one', { scenario: 'T002', reason: 'Later.' }, /tested in test\/a\.test\.ts/],
])('the check finds %s', (_what, row, message) => {
  expect(complaints(row, files)).toEqual([expect.stringMatching(message)]);
});

test('the check is content with what is right', () => {
  const rows = coverageIn('| T001 | — Later. |\n| T002 | `test/a.test.ts`: does it (T002) |\n');
  expect(rows).toHaveLength(2);
  expect(rows.flatMap((row) => complaints(row, files))).toEqual([]);
});
