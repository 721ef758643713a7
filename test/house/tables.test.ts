// The tables of the guide are those that the rows of lib/options/ make.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
// @ts-expect-error: a script, which has no types.
import { TABLES, withTable } from '../../scripts/write-tables.mjs';

const root = join(import.meta.dirname, '../..');
const tables: readonly { page: string; name: string; write(): Promise<string> }[] = TABLES;

it.each(tables)('the table of $name in $page is current; `npm run tables` writes it', async ({ page, name, write }) => {
  const text = await readFile(join(root, page), 'utf8');
  const table = await write();
  expect(table.split('\n').length).toBeGreaterThan(10);
  expect(withTable(text, name, table)).toBe(text);
});

it('a page without a place for a table is refused', () => {
  expect(() => withTable('# Page', 'options', '| table |')).toThrow(/no place for the table, between <!-- options/);
});
