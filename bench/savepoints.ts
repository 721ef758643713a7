// How fast canonical savepoints are written and read, compressed and not, and how long the event loop is held up meanwhile:
// RocksDB with the whole size, both backends with a smaller one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { saveResults } from './harness/results.ts';
import { BACKENDS, measureSavepoints, printMeasured } from './savepoints/measured-savepoints.ts';

const { values: settings } = parseArgs({
  options: {
    size: { type: 'string', default: '2000' },
    'small-size': { type: 'string', default: '100' },
    'value-bytes': { type: 'string', default: '256' },
    repetitions: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    'Options: --size MB of state on RocksDB, --small-size MB for both backends, --value-bytes N, --repetitions N, ' +
      '--directory PATH on the device to measure',
  );
  process.exit(0);
}
const sections: Record<string, object> = {};
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
console.log(`\nSaved to ${saveResults('savepoints', { settings, sections })}`);
