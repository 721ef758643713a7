// Restores stored values with each of their changes in turns, and without any beside them.
import type { Timed } from '../harness/measure.ts';
import type { Samples } from '../harness/samples.ts';
import type { Change, StoredValues } from './cases.ts';
import { StoredState } from './stored-state.ts';

/** The only side there is. */
export const SIDE = 'rockstate';
const WITHOUT_CHANGE = 'restored as it is';

interface Settings {
  readonly rows: number;
  readonly directory: string;
  readonly repetitions: number;
}

export async function measureChanges(samples: Samples, stored: StoredValues, settings: Settings): Promise<void> {
  const state = await StoredState.write(stored, settings);
  await state.restore();
  for (let repetition = 0; repetition < settings.repetitions; repetition++) {
    const restored = await state.restore();
    const rowOf = (name: string) => `${stored.name} → ${name}`;
    samples.add(rowOf(WITHOUT_CHANGE), SIDE, quantities(restored, undefined));
    // Each begins in turn, as the one that goes first may find the machine in another state.
    for (let turn = 0; turn < stored.changes.length; turn++) {
      const change = stored.changes[(turn + repetition) % stored.changes.length] as Change;
      samples.add(rowOf(change.name), SIDE, quantities(await state.migrate(change), restored));
    }
  }
}

function quantities({ ms, busyMs, longestDelayMs }: Timed, restored: Timed | undefined): Record<string, number> {
  const all = { ms, busyMs, longestDelayMs };
  return restored === undefined ? all : { ...all, migrationMs: ms - restored.ms };
}
