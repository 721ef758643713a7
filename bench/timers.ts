// Timers of each kind of queue: registered in no order of time, half of them deleted again, and the others fired.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EmbeddedRocksDBStateBackend, HashMapStateBackend, type StateBackend } from '../lib/index.ts';
import { saveResults } from './harness/results.ts';
import { median } from './harness/statistics.ts';
import { printLines } from './harness/table.ts';
import { PHASES, type Phase, runTimers, type TimerRound } from './timers/rounds.ts';

const { values: settings } = parseArgs({
  options: {
    timers: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '100000' },
    repetitions: { type: 'string', default: '3' },
    only: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log('Options: --timers N, --keys N, --repetitions N, --only KIND, --directory PATH for the databases');
  process.exit(0);
}

const FACTORY = 'state.backend.rocksdb.timer-service.factory';
const KINDS: Readonly<Record<string, () => StateBackend>> = {
  HashMap: () => new HashMapStateBackend(),
  'RocksDB, heap timers': () => new EmbeddedRocksDBStateBackend().configure({ [FACTORY]: 'HEAP' }),
  'RocksDB queue': () => new EmbeddedRocksDBStateBackend(),
};
const kinds = Object.entries(KINDS).filter(([name]) => settings.only === undefined || settings.only === name);
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const workload = { timers: Number(settings.timers), keys: Number(settings.keys) };
  const rows: { kind: string; phases: Record<Phase, number>; longestDelayMs: number }[] = [];
  for (const [kind, create] of kinds) {
    const rounds: TimerRound[] = [];
    for (let repetition = 0; repetition < Number(settings.repetitions); repetition++) {
      rounds.push(await runTimers(create(), directory, workload));
    }
    const phases = Object.fromEntries(
      PHASES.map((phase) => [phase, median(rounds.map((round) => round.phases[phase]))]),
    ) as Record<Phase, number>;
    rows.push({ kind, phases, longestDelayMs: median(rounds.map(({ longestDelayMs }) => longestDelayMs)) });
  }
  printLines(`${settings.timers} timers of ${settings.keys} keys; µs each`, [
    ['', ...PHASES, 'longest delay ms, while they fire'],
    ...rows.map(({ kind, phases, longestDelayMs }) => [
      kind,
      ...PHASES.map((phase) => phases[phase].toFixed(2)),
      longestDelayMs.toFixed(1),
    ]),
  ]);
  console.log(`\nSaved to ${saveResults('timers', { settings, rows })}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
