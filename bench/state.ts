// How fast state is read and written: the work items of Flink's own state benchmarks, on both backends. Where asked for,
// beside Flink's state backends (needs Java 17 and Maven), or beside plain C++ on the same RocksDB.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveChart, saveResults } from './harness/results.ts';
import { compareItems } from './state/compare.ts';
import { ITEM_NAMES } from './state/items.ts';
import { printReport, toChart } from './state/report.ts';
import type { BackendName, Side } from './state/side.ts';
import { flinkDefaultsSides, flinkSide, floorSide, rockstateSide } from './state/sides.ts';

const { values: settings } = parseArgs({
  options: {
    items: { type: 'string', default: ITEM_NAMES.join(',') },
    backend: { type: 'string', default: 'rocksdb' },
    keys: { type: 'string', default: '500000' },
    seconds: { type: 'string', default: '2' },
    'warm-ups': { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '5' },
    memory: { type: 'string', default: 'unmanaged' },
    vs: { type: 'string', default: '' },
    ttl: { type: 'boolean', default: false },
    profile: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const OTHERS: Readonly<Record<string, () => Promise<readonly Side[]>>> = {
  flink: async () => [await flinkSide(false)],
  floor: async () => [await floorSide()],
  defaults: async () => flinkDefaultsSides(),
};
const others = settings.vs.split(',').filter((name) => name !== '');
if (settings.help || others.some((name) => !Object.hasOwn(OTHERS, name))) {
  console.log(
    'Options: --items valueGet,mapPutAll,…, --backend rocksdb,hashmap, --keys N, --seconds N of a sample, --warm-ups N, ' +
      '--repetitions N, --memory unmanaged|SIZE for RocksDB, --vs flink,floor,defaults, --ttl for a time to live beside none, --profile PATH for CPU profiles of each item, ' +
      '--directory PATH for the databases',
  );
  process.exit(settings.help ? 0 : 1);
}

const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const sides = [rockstateSide({ profileDirectory: settings.profile, hasTtl: false })];
  for (const name of others) {
    sides.push(...(await (OTHERS[name] as () => Promise<readonly Side[]>)()));
  }
  if (settings.ttl) {
    sides.push(rockstateSide({ profileDirectory: undefined, hasTtl: true }));
    sides.push(...(others.includes('flink') ? [await flinkSide(true)] : []));
  }
  const samples = await compareItems(sides, {
    items: settings.items.split(','),
    backends: settings.backend.split(',') as BackendName[],
    keys: Number(settings.keys),
    memory: settings.memory,
    directory,
    warmUps: Number(settings['warm-ups']),
    repetitions: Number(settings.repetitions),
    seconds: Number(settings.seconds),
  });
  const names = sides.map(({ name }) => name);
  const title = `Access to state, ${settings.keys} keys`;
  printReport(title, samples, names);
  const chart = saveChart('state', toChart(`${title}, operations a millisecond`, samples, names));
  console.log(`\nSaved to ${saveResults('state', { settings, samples })} and ${chart}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
