// How fast canonical savepoints are written and read, compressed and not, and how long the event loop is held up meanwhile:
// RocksDB with the whole size, both backends with a smaller one; or RocksDB beside Flink's, where asked for (needs Java 17
// and Maven).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { printComparison } from './harness/comparison-table.ts';
import { saveResults } from './harness/results.ts';
import { measureBesideFlink, SIDES } from './savepoints/beside-flink.ts';
import { BACKENDS, measureSavepoints, printMeasured } from './savepoints/measured-savepoints.ts';

const { values: settings } = parseArgs({
  options: {
    size: { type: 'string', default: '2000' },
    'small-size': { type: 'string', default: '100' },
    'value-bytes': { type: 'string', default: '256' },
    repetitions: { type: 'string', default: '3' },
    vs: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help || ![undefined, 'flink'].includes(settings.vs)) {
  console.log(
    'Options: --size MB of state on RocksDB, --small-size MB for both backends, --value-bytes N, --repetitions N, ' +
      '--vs flink, --directory PATH on the device to measure',
  );
  process.exit(settings.help ? 0 : 1);
}
const sections: Record<string, object> = {};
async function besideFlink(): Promise<void> {
  const directory = await mkdtemp(`${settings.directory}/rockstate-bench-`);
  try {
    const samples = await measureBesideFlink(BACKENDS.RocksDB, {
      directory,
      sizeBytes: Number(settings.size) * 1e6,
      valueBytes: Number(settings['value-bytes']),
      repetitions: Number(settings.repetitions),
    });
    const columns = [
      { quantity: 'ms', heading: 'ms' },
      { quantity: 'bytes', heading: 'MB file', unit: 1e6 },
    ];
    printComparison({ title: `${settings.size} MB of values`, samples, columns, sides: SIDES, compared: 'ms' });
    sections['beside Flink'] = samples;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function alone(): Promise<void> {
  for (const [title, megabytes, names] of [
    [`${settings.size} MB`, Number(settings.size), ['RocksDB']],
    [`${settings['small-size']} MB`, Number(settings['small-size']), ['RocksDB', 'HashMap']],
  ] as const) {
    for (const name of names) {
      const directory = await mkdtemp(`${settings.directory}/rockstate-bench-`);
      try {
        const measured = await measureSavepoints(BACKENDS[name], {
          directory,
          sizeBytes: megabytes * 1e6,
          valueBytes: Number(settings['value-bytes']),
          repetitions: Number(settings.repetitions),
        });
        printMeasured(`${name}, ${title} of values`, measured);
        sections[`${name}, ${title}`] = measured;
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }
  }
}

await (settings.vs === 'flink' ? besideFlink() : alone());
console.log(`\nSaved to ${saveResults('savepoints', { settings, sections })}`);
