// The bootstrap example as its user meets it: a CSV file becomes a savepoint.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import { runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const MAIN = new URL('../../build/examples/bootstrap/main.js', import.meta.url);
const PURCHASES = 5_000;
const CUSTOMERS = 100;

test('makes a savepoint of a CSV file, and none of a wrong one', () =>
  withDirectory(async ({ directory }) => {
    await mkdir(directory, { recursive: true });
    const [file, savepoint] = [join(directory, 'purchases.csv'), join(directory, 'savepoint')];
    const rows = Array.from({ length: PURCHASES }, (_, i) => `customer ${i % CUSTOMERS},"item ""${i}""",${i}`);
    await writeFile(file, ['customer,item,cents', ...rows].join('\n'));
    const done = await runProgram(MAIN, [file, savepoint]);
    expect(done).toMatchObject({ status: 0, stdout: `${savepoint}: ${PURCHASES} purchases.\n`, stderr: '' });

    await using reader = await StateReader.open(savepoint);
    const operator = reader.operator('purchases');
    let [customers, sum] = [0, 0];
    for await (const { value } of operator.rows('balance')) {
      customers++;
      sum -= value as number;
    }
    expect({ customers, sum }).toEqual({ customers: CUSTOMERS, sum: (PURCHASES * (PURCHASES - 1)) / 2 });
    for await (const { key, value } of operator.rows('items')) {
      const first = Number(String(key).slice('customer '.length));
      const expected = Array.from({ length: PURCHASES / CUSTOMERS }, (_, i) => `item "${first + i * CUSTOMERS}"`);
      expect(value).toEqual(expected);
    }

    await writeFile(file, 'customer,item,cents\nAhab,whale,many\n');
    const refused = await runProgram(MAIN, [file, join(directory, 'other')]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('Row 1 of') });
    expect(await readdir(directory)).not.toContain('other');
  }));
