// How long a backend takes to open from a checkpoint, with the same and with other key groups.
import { keyGroupRangeOf } from '../../lib/keys/key-groups.ts';
import { Samples } from '../harness/samples.ts';
import { inTurns, SameWork } from './both-sides.ts';
import { KEY_GROUPS, type Rows } from './rows.ts';
import { type Settings, type Side, settle, writeBack } from './side.ts';

const PARALLELISMS = [1, 2, 4];
/** Changed after the rows are written in order, so that tables overlap as in a state that is in use. */
const CHANGED_SHARE = 0.1;
/** Of the new backends, so many are opened. */
const MOST_OPENED = 2;
const INGEST = { 'state.backend.rocksdb.use-ingest-db-restore-mode': 'true' };
const DELETE_FILES = { 'state.backend.rocksdb.rescaling.use-delete-files-in-range': 'true' };
const COMPACT = { 'state.backend.rocksdb.incremental-restore-async-compact-after-rescale': 'true' };

interface Scenario {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly settings: Settings;
}

const SCENARIOS: readonly Scenario[] = [
  { name: '1 → 1', from: 1, to: 1, settings: {} },
  { name: '1 → 2, clip', from: 1, to: 2, settings: {} },
  { name: '1 → 2, clip, files deleted', from: 1, to: 2, settings: DELETE_FILES },
  { name: '1 → 2, clip, compacted after', from: 1, to: 2, settings: COMPACT },
  { name: '2 → 1, one opened, one copied', from: 2, to: 1, settings: {} },
  { name: '2 → 1, ingest', from: 2, to: 1, settings: INGEST },
  { name: '4 → 8, clip', from: 4, to: 8, settings: {} },
];

export interface RestoreMeasuring {
  readonly sides: readonly Side[];
  readonly settings: Settings;
  readonly rows: Rows;
  readonly repetitions: number;
}

export async function measureRestores({ sides, settings, rows, repetitions }: RestoreMeasuring): Promise<Samples> {
  const samples = new Samples();
  const sameWork = new SameWork();
  for (const parallelism of PARALLELISMS) {
    await inTurns(sides, 0, (side) => makeCheckpoint(side, parallelism, { settings, sameWork }));
  }
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const scenario of SCENARIOS) {
      await inTurns(sides, repetition, async (side) => {
        const restored = await restore(side, scenario, { settings, rows });
        console.log(`${scenario.name}, ${side.name}: ${Math.round(restored.openMs ?? 0)} ms`);
        samples.add(scenario.name, side.name, restored);
      });
    }
  }
  return samples;
}

interface Making {
  readonly settings: Settings;
  readonly sameWork: SameWork;
}

// Its number is the parallelism.
async function makeCheckpoint(side: Side, parallelism: number, { settings, sameWork }: Making): Promise<void> {
  const names: string[] = [];
  const directories: string[] = [];
  for (let index = 0; index < parallelism; index++) {
    const name = `source-${index}`;
    const range = keyGroupRangeOf(index, KEY_GROUPS, parallelism);
    directories.push((await side.open({ name, range, settings })).directory);
    names.push(name);
  }
  sameWork.check(`${parallelism}, all`, await side.write({ names, round: 1 }));
  sameWork.check(`${parallelism}, some`, await side.write({ names, round: 2, share: CHANGED_SHARE }));
  for (const directory of directories) {
    await settle(directory);
  }
  await side.checkpoint(parallelism, names);
  await side.close(names);
}

async function restore(
  side: Side,
  { from, to, settings }: Scenario,
  common: Pick<RestoreMeasuring, 'settings' | 'rows'>,
): Promise<Record<string, number>> {
  const count = Math.min(to, MOST_OPENED);
  let openMs = 0;
  let closeMs = 0;
  for (let index = 0; index < count; index++) {
    const range = keyGroupRangeOf(index, KEY_GROUPS, to);
    const request = { name: 'target', range, checkpoint: from, readKey: common.rows.keyIn(range) };
    await writeBack();
    openMs += (await side.open({ ...request, settings: { ...common.settings, ...settings } })).ms / count;
    closeMs += (await side.close(['target'])).ms / count;
  }
  return settings === COMPACT ? { openMs, compactedMs: closeMs } : { openMs };
}
