// Rows that go from one database into an empty one, as a restore with other key groups moves them: read and written by
// JavaScript, copied natively, or taken over with their files.
import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RocksDB, WriteBatch } from '../lib/rocksdb.ts';
import { measure } from './harness/measure.ts';
import { saveResults } from './harness/results.ts';
import { printTable } from './harness/table.ts';

const { values: settings } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    'value-bytes': { type: 'string', default: '240' },
    repetitions: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log('Options: --rows N, --value-bytes N, --repetitions N, --directory PATH on the device to measure');
  process.exit(0);
}
const BATCH_BYTES = 1024 * 1024;
const rows = Number(settings.rows);
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
const FAMILY = 'state';
const openOptions = { columnFamilies: { [FAMILY]: {} }, disableWal: true };

async function fill(db: RocksDB): Promise<void> {
  const key = Buffer.alloc(16);
  const value = new Uint8Array(Number(settings['value-bytes']));
  const batch = new WriteBatch();
  for (let row = 0; row < rows; row++) {
    // Spread over the key space, as hashed keys are.
    key.writeUInt32BE(Math.imul(row, 0x9e3779b1) >>> 0);
    key.writeUInt32BE(row, 4);
    batch.put(db.columnFamily(FAMILY), key, randomFillSync(value));
    if (batch.sizeBytes >= BATCH_BYTES || row === rows - 1) {
      await db.writeAsync(batch);
      batch.clear();
    }
  }
  await db.flush();
}

async function byJavaScript(from: RocksDB, to: RocksDB): Promise<void> {
  const batch = new WriteBatch();
  for await (const { key, value } of from.scan({ columnFamily: from.columnFamily(FAMILY), fillCache: false })) {
    batch.put(to.columnFamily(FAMILY), key, value);
    if (batch.sizeBytes >= BATCH_BYTES) {
      await to.writeAsync(batch);
      batch.clear();
    }
  }
  await to.writeAsync(batch);
}

function byNativeCode(from: RocksDB, to: RocksDB): Promise<void> {
  const families = { columnFamily: to.columnFamily(FAMILY), fromColumnFamily: from.columnFamily(FAMILY) };
  return to.copyRange({ from, ...families, directory: join(directory, 'copy') });
}

async function byFiles(from: RocksDB, to: RocksDB): Promise<void> {
  const exported = await from.exportColumnFamily(from.columnFamily(FAMILY), join(directory, 'export'));
  await to.dropColumnFamily(to.columnFamily(FAMILY));
  await to.importColumnFamily(FAMILY, [exported], { moveFiles: true });
  await rm(exported.directory, { recursive: true, force: true });
}

try {
  const from = await RocksDB.open(join(directory, 'from'), openOptions);
  await fill(from);
  const variant = (name: string, move: (from: RocksDB, to: RocksDB) => Promise<void>) => ({
    name,
    run: async () => {
      const path = join(directory, 'to');
      const to = await RocksDB.open(path, openOptions);
      await move(from, to);
      await to.flush();
      await to.close();
      await rm(path, { recursive: true });
    },
  });
  const results = await measure({
    variants: [
      variant('read and written by JavaScript', byJavaScript),
      variant('copied natively', byNativeCode),
      variant('taken over with their files', byFiles),
    ],
    operations: rows,
    repetitions: Number(settings.repetitions),
  });
  const mebibytes = Math.round((rows * (16 + Number(settings['value-bytes']))) / 2 ** 20);
  printTable(`${rows} rows, ${mebibytes} MiB; each row`, results);
  console.log(`\nSaved to ${saveResults('moved-rows', { settings, results })}`);
  await from.close();
} finally {
  await rm(directory, { recursive: true, force: true });
}
