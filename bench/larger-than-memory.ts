// Reads of state that is many times larger than the memory it is given: how fast, for hot sets that fit that memory and
// others that don't, with what delays of the event loop, and in how much memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LineProgram } from './harness/line-program.ts';
import { saveResults } from './harness/results.ts';
import { fill, VALUE_BYTES } from './larger-than-memory/data-set.ts';
import type { HotSetRow } from './larger-than-memory/measure-hot-set.ts';
import { printHotSet } from './larger-than-memory/report.ts';

const { values: settings } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '10' },
    memory: { type: 'string', default: '256mb' },
    'hot-sets': { type: 'string', default: '0.01,0.2,1' },
    'in-flight': { type: 'string', default: '1000' },
    'direct-reads': { type: 'string', default: 'both' },
    'partitioned-index': { type: 'boolean', default: false },
    'warm-up-reads': { type: 'string', default: '200000' },
    reads: { type: 'string', default: '20000' },
    repetitions: { type: 'string', default: '7' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const MODES: Readonly<Record<string, readonly boolean[]>> = { yes: [true], no: [false], both: [true, false] };
const modes = MODES[settings['direct-reads']];
if (settings.help || modes === undefined) {
  console.log(
    'Options: --gigabytes N of values, --memory SIZE of the slot, --hot-sets 0.01,0.2,1 shares of the keys, ' +
      '--in-flight N reads, --direct-reads yes|no|both, --partitioned-index for indices of files in parts, --warm-up-reads N a hot set, --reads N a repetition, ' +
      '--repetitions N, --directory PATH on the device to measure',
  );
  process.exit(settings.help ? 0 : 1);
}
const PROGRAM = fileURLToPath(new URL('larger-than-memory/program.js', import.meta.url));
const keys = Math.round((Number(settings.gigabytes) * 1e9) / VALUE_BYTES);
const sections: Record<string, HotSetRow[]> = {};
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const data = { directory, keys, memory: settings.memory, partitionedIndex: settings['partitioned-index'] };
  const fileBytes = await fill({ ...data, directReads: false });
  console.log(
    `${keys} values of ${VALUE_BYTES} bytes, ${(fileBytes / 1e9).toFixed(1)} GB of files; memory ${settings.memory}`,
  );
  for (const directReads of modes) {
    const program = new LineProgram(process.execPath, [
      '--expose-gc',
      PROGRAM,
      JSON.stringify({ ...data, directReads }),
    ]);
    for (const share of settings['hot-sets'].split(',').map(Number)) {
      const title = `${share * 100} % of the keys, ${directReads ? 'from the device' : 'from the page cache'}`;
      const request = {
        share,
        inFlight: Number(settings['in-flight']),
        warmUpReads: Number(settings['warm-up-reads']),
        reads: Number(settings.reads),
        repetitions: Number(settings.repetitions),
      };
      const rows: HotSetRow[] = JSON.parse(await program.ask(JSON.stringify(request)));
      printHotSet(title, rows);
      sections[title] = rows;
    }
    await program.end();
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
console.log(`\nSaved to ${saveResults('larger-than-memory', { settings, sections })}`);
