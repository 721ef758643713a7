// Builds a savepoint from a CSV file, so that a job begins with state: balances and the last purchases of customers.
//
//   npm run build && node build/examples/bootstrap/main.js <file.csv> <savepoint>
//
// The file has the columns customer, item and cents. It is read row by row, and state is in RocksDB: neither has to fit into
// memory.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { EmbeddedRocksDBStateBackend, ListStateDescriptor, Types, ValueStateDescriptor } from 'rockstate';

const UID = 'purchases';
const BALANCE = new ValueStateDescriptor('balance', Types.LONG);
const ITEMS = new ListStateDescriptor('items', Types.STRING);

interface Purchase {
  readonly customer: string;
  readonly item: string;
  readonly cents: string;
}

const [file, savepoint, ...others] = process.argv.slice(2);
if (file === undefined || savepoint === undefined || others.length > 0) {
  console.error('bootstrap takes a CSV file, and a directory for the savepoint, which must not exist');
  process.exitCode = 2;
} else {
  const localDir = await mkdtemp(join(tmpdir(), 'bootstrap-'));
  try {
    const rows = await bootstrap(file, savepoint, localDir);
    console.log(`${savepoint}: ${rows} purchases.`);
  } catch (error) {
    console.error(`bootstrap: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await rm(localDir, { recursive: true, force: true });
  }
}

async function bootstrap(path: string, target: string, localDir: string): Promise<number> {
  const backend = new EmbeddedRocksDBStateBackend();
  await using keyed = await backend.createKeyedStateBackend({
    ...{ keyType: Types.STRING, states: [BALANCE, ITEMS], localDir },
  });
  const balance = keyed.getState(BALANCE);
  const items = keyed.getListState(ITEMS);
  const purchases = parse({ columns: true });
  createReadStream(path)
    .on('error', (error) => purchases.destroy(error))
    .pipe(purchases);
  let rows = 0;
  for await (const { customer, item, cents } of purchases as AsyncIterable<Purchase>) {
    rows++;
    const amount = Number(cents);
    if (!customer || !item || !Number.isSafeInteger(amount)) {
      throw new RangeError(`Row ${rows} of ${path} is no purchase: ${JSON.stringify({ customer, item, cents })}.`);
    }
    keyed.setCurrentKey(customer);
    balance.update((balance.value() ?? 0) - amount);
    items.add(item);
  }
  await keyed.savepoint(target, { uid: UID });
  return rows;
}
