// What the parts of a savepoint come to: for each operator, its subtasks and where their state is.
import type { SavepointOperatorStatePart, SavepointPart } from '../api/savepoint.ts';
import { CheckpointError } from '../errors.ts';
import type { KeyedHandle, OperatorHandle, StreamHandle } from './handles.ts';
import type { OperatorState } from './metadata.ts';
import { operatorIdOf } from './operator-id.ts';

/** Keyed state that was written. */
export interface StoredKeyedPart {
  readonly part: SavepointPart;
  readonly fileName: string;
}

/** State that is not keyed, and was written if there was any. */
export interface StoredOperatorStatePart {
  readonly part: SavepointOperatorStatePart;
  readonly stream: StreamHandle | undefined;
}

/** All parts of one operator. */
export interface OperatorParts {
  readonly keyed: readonly StoredKeyedPart[];
  readonly others: readonly StoredOperatorStatePart[];
}

/** @throws CheckpointError unless the parts have each key group and each subtask once. */
export function operatorOfParts(uid: string, { keyed, others }: OperatorParts): OperatorState {
  const keyedInOrder = keyed.toSorted((a, b) => a.part.keyGroupRange.start - b.part.keyGroupRange.start);
  const othersInOrder = others.toSorted((a, b) => a.part.subtaskIndex - b.part.subtaskIndex);
  checkAlike(uid, { keyed: keyedInOrder, others: othersInOrder });
  checkKeyGroups(uid, keyedInOrder);
  checkSubtasks(uid, othersInOrder);
  const [{ part }] = [...keyed, ...others] as [StoredKeyedPart | StoredOperatorStatePart];
  const parallelism = Math.max(keyed.length, others.length);
  return {
    ...{ uid, id: operatorIdOf(uid), parallelism, maxParallelism: part.maxParallelism, finished: false },
    subtasks: Array.from({ length: parallelism }, (_, index) => {
      const managedKeyedState = keyedHandleOf(keyedInOrder[index]);
      const managedOperatorState = operatorHandleOf(othersInOrder[index]);
      return {
        ...{ index, finished: false },
        ...(managedOperatorState && { managedOperatorState }),
        ...(managedKeyedState && { managedKeyedState }),
      };
    }),
  };
}

function checkAlike(uid: string, { keyed, others }: OperatorParts): void {
  const [{ maxParallelism } = { maxParallelism: 0 }, ...rest] = [...keyed, ...others].map(({ part }) => part);
  const other = rest.find((part) => part.maxParallelism !== maxParallelism);
  if (other !== undefined) {
    throw new CheckpointError(
      `Parts of '${uid}' differ in maximum parallelism: ${maxParallelism} and ${other.maxParallelism}.`,
    );
  }
  if (keyed.length > 0 && others.length > 0 && keyed.length !== others.length) {
    throw new CheckpointError(
      `'${uid}' has ${keyed.length} parts of keyed state, and ${others.length} of operator state: one of each makes a subtask.`,
    );
  }
}

function checkKeyGroups(uid: string, inOrder: readonly StoredKeyedPart[]): void {
  let next = 0;
  for (const { part } of inOrder) {
    const { start, end } = part.keyGroupRange;
    if (start !== next) {
      throw new CheckpointError(
        `Key group ${Math.min(start, next)} of '${uid}' is in ${start < next ? 'several parts' : 'none of the parts'}.`,
      );
    }
    next = end + 1;
  }
  const { maxParallelism } = inOrder[0]?.part ?? { maxParallelism: next };
  if (next !== maxParallelism) {
    throw new CheckpointError(`Key groups ${next} to ${maxParallelism - 1} of '${uid}' are in none of the parts.`);
  }
}

function checkSubtasks(uid: string, inOrder: readonly StoredOperatorStatePart[]): void {
  const { parallelism } = inOrder[0]?.part ?? { parallelism: 0 };
  for (const [index, { part }] of inOrder.entries()) {
    if (part.parallelism !== parallelism) {
      throw new CheckpointError(`Subtasks of '${uid}' differ in parallelism: ${parallelism} and ${part.parallelism}.`);
    }
    if (part.subtaskIndex !== index) {
      throw new CheckpointError(
        part.subtaskIndex < index
          ? `The operator state of subtask ${part.subtaskIndex} of '${uid}' was added twice.`
          : `The operator state of subtask ${index} of '${uid}' was not added.`,
      );
    }
  }
  if (inOrder.length !== parallelism) {
    throw new CheckpointError(`The operator state of subtask ${inOrder.length} of '${uid}' was not added.`);
  }
}

function keyedHandleOf(stored: StoredKeyedPart | undefined): KeyedHandle | undefined {
  if (stored === undefined) {
    return undefined;
  }
  const { part, fileName } = stored;
  return {
    ...{ kind: 'savepoint-key-groups', range: part.keyGroupRange, offsets: part.offsets },
    stream: { kind: 'relative-file', path: fileName, size: part.sizeBytes },
  };
}

function operatorHandleOf(stored: StoredOperatorStatePart | undefined): OperatorHandle | undefined {
  const snapshot = stored?.part.snapshot;
  return snapshot && { states: snapshot.states, stream: stored?.stream };
}
