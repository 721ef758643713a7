// What each kind of metric costs: reading and updating a value state, with nothing measured and with each switch on.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Variant } from './harness/measure.ts';
import { saveResults } from './harness/results.ts';
import { printTable } from './harness/table.ts';
import { costTable, withCostTable } from './metrics-cost/cost-table.ts';
import { everySwitch, type Switches, switchGroups } from './metrics-cost/switches.ts';
import { Workload } from './metrics-cost/workload.ts';

const { values: settings } = parseArgs({
  options: {
    keys: { type: 'string', default: '10000' },
    operations: { type: 'string', default: '30000' },
    repetitions: { type: 'string', default: '15' },
    each: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    'Options: --keys N, --operations N a repetition, --repetitions N, --each for every switch of its own, --docs to write docs/metrics.md',
  );
  process.exit(0);
}

const directory = await mkdtemp(join(tmpdir(), 'rockstate-bench-'));
const workloads: Workload[] = [];
async function variantOf({ name, config }: Switches): Promise<Variant> {
  const workload = await Workload.open(config, { localDir: directory, keyCount: Number(settings.keys) });
  workloads.push(workload);
  return { name, run: (operations) => workload.run(operations) };
}
try {
  const [off, ...others] = settings.each ? everySwitch() : switchGroups();
  const variants: [Variant, ...Variant[]] = [await variantOf(off)];
  for (const switches of others) {
    variants.push(await variantOf(switches));
  }
  const rows = await measure({
    variants,
    operations: Number(settings.operations),
    repetitions: Number(settings.repetitions),
  });
  printTable('A read and an update of a value state', rows);
  console.log(`\nSaved to ${saveResults('metrics-cost', { settings, rows })}`);
  if (settings.docs) {
    const page = join('docs', 'metrics.md');
    await writeFile(page, withCostTable(await readFile(page, 'utf8'), costTable(rows)));
  }
} finally {
  for (const workload of workloads) {
    await workload.close();
  }
  await rm(directory, { recursive: true, force: true });
}
