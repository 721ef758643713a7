// The low-level API beside other key-value stores for Node.js: rocksdb-native, @nxtedition/rocksdb, classic-level and lmdb.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveResults } from './harness/results.ts';
import { compareStores } from './peers/compare.ts';
import { ITEMS } from './peers/items.ts';
import { installPeers } from './peers/packages.ts';
import { printReport } from './peers/report.ts';
import { BLOCK_BYTES, CACHE_BYTES, WRITE_BUFFER_BYTES } from './peers/store.ts';
import { BASELINE, STORES, storeNamed } from './peers/stores.ts';

const { values: settings } = parseArgs({
  options: {
    peers: { type: 'string', default: Object.keys(STORES).join(',') },
    items: { type: 'string', default: Object.keys(ITEMS).join(';') },
    keys: { type: 'string', default: '500000' },
    values: { type: 'string', default: '8,128' },
    operations: { type: 'string', default: '100000' },
    'warm-ups': { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '7' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const peers = [BASELINE, ...settings.peers.split(',').filter((name) => name !== BASELINE)];
const items = settings.items.split(';');
if (settings.help || !items.every((item) => Object.hasOwn(ITEMS, item))) {
  console.log(
    `Options: --peers ${Object.keys(STORES).join(',')}, --items '${Object.keys(ITEMS).join(';')}', --keys N, ` +
      '--values 8,128 bytes, --operations N rows of a sample (a scan reads all), --warm-ups N, --repetitions N, ' +
      '--directory PATH for the databases of all peers, which are there at the same time',
  );
  process.exit(settings.help ? 0 : 1);
}
const forms = Object.fromEntries(peers.map((name) => [name, storeNamed(name).forms]));
const failure = await installPeers();
if (failure !== undefined) {
  console.log(`The peers can't be installed, so that those that are not here are left out: ${failure}`);
}
console.log(
  `${settings.keys} keys of 16 bytes; block cache ${CACHE_BYTES / 2 ** 20} MiB, write buffer ` +
    `${WRITE_BUFFER_BYTES / 2 ** 20} MiB, blocks of ${BLOCK_BYTES} bytes, Bloom filters of 10 bits a key, no compression, ` +
    'nothing synced',
);
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const samples = await compareStores({
    peers,
    items,
    keys: Number(settings.keys),
    valueBytes: settings.values.split(',').map(Number),
    operations: Number(settings.operations),
    warmUps: Number(settings['warm-ups']),
    repetitions: Number(settings.repetitions),
    directory,
  });
  printReport(`${settings.keys} keys`, samples, peers);
  console.log(`\nSaved to ${saveResults('peers', { settings, forms, samples })}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
