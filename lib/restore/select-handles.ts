// Which snapshots a restore reads, and which of them it builds upon.
import type { CheckpointSource, KeyedStateHandle, KeyGroupRange, StoredState } from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';
import { intersection } from '../keys/key-groups.ts';
import { checkFits, type RestoreTarget } from './check-fits.ts';

/**
 * The handles that have key groups of the target. Without any handle there is nothing to restore.
 *
 * @throws RestoreError when a handle does not fit, when several have the same key group, or none has one of the target's;
 *   StateMigrationError when keys have another format.
 */
export function selectHandles(source: CheckpointSource, target: RestoreTarget): KeyedStateHandle[] {
  const handles = source.handles ?? [source.handle];
  for (const handle of handles) {
    checkFits(handle, target);
  }
  const selected = handles.filter((handle) => intersection(handle.keyGroupRange, target.keyGroupRange) !== undefined);
  const inOrder = [...selected].sort((a, b) => a.keyGroupRange.start - b.keyGroupRange.start);
  for (const [index, { keyGroupRange }] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before !== undefined && before.keyGroupRange.end >= keyGroupRange.start) {
      throw new RestoreError(
        `Two handles have key group ${keyGroupRange.start}: those of backends ${before.backendId} and ${inOrder[index]?.backendId}.`,
      );
    }
  }
  if (handles.length > 0) {
    checkCovers(inOrder, target.keyGroupRange);
  }
  return inOrder;
}

/**
 * The state of a key group that is in no handle would be lost without a word.
 *
 * @throws RestoreError
 */
export function checkCovers(
  inOrder: readonly { readonly keyGroupRange: KeyGroupRange }[],
  { start, end }: KeyGroupRange,
): void {
  let next = start;
  for (const { keyGroupRange } of inOrder) {
    if (keyGroupRange.start > next) {
      break;
    }
    next = keyGroupRange.end + 1;
  }
  if (next <= end) {
    throw new RestoreError(
      `Key group ${next} is in none of the handles, and key groups ${start} to ${end} are wanted.`,
    );
  }
}

/**
 * The states of several handles.
 *
 * @throws RestoreError when they disagree on a state.
 */
export function statesOf(handles: readonly KeyedStateHandle[]): StoredState[] {
  return mergedStates(handles.flatMap((handle) => handle.states));
}

/**
 * States that several backends have, each once.
 *
 * @throws RestoreError when they disagree on a state.
 */
export function mergedStates(all: readonly StoredState[]): StoredState[] {
  const states = new Map<string, StoredState>();
  for (const state of all) {
    const known = states.get(state.name);
    if (known !== undefined && identityOf(known) !== identityOf(state)) {
      throw new RestoreError(
        `The handles disagree on state '${state.name}': ${identityOf(known)} and ${identityOf(state)}.`,
      );
    }
    states.set(state.name, state);
  }
  return [...states.values()];
}

// Savepoints may describe one and the same format differently.
function identityOf({ description: _, ...identity }: StoredState): string {
  return JSON.stringify(identity);
}

/**
 * The index of the handle whose database is the best to build upon: the one with the most key groups that are wanted, and
 * among these the one with the fewest that are not; -1 when none has at least `threshold` of its key groups wanted (Flink's
 * `RocksDBIncrementalCheckpointUtils`).
 */
export function chooseBase(handles: readonly KeyedStateHandle[], wanted: KeyGroupRange, threshold: number): number {
  let best = { index: -1, count: 0, fraction: 0 };
  for (const [index, { keyGroupRange }] of handles.entries()) {
    const common = intersection(keyGroupRange, wanted);
    const count = common === undefined ? 0 : sizeOf(common);
    const fraction = count / sizeOf(keyGroupRange);
    const isBetter = count > best.count || (count === best.count && fraction > best.fraction);
    if (fraction >= threshold && count > 0 && isBetter) {
      best = { index, count, fraction };
    }
  }
  return best.index;
}

function sizeOf({ start, end }: KeyGroupRange): number {
  return end - start + 1;
}
