import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OperatorStateSnapshot } from '../../lib/api/operator-state.ts';
import type { SavepointOperatorStatePart, SavepointWriter } from '../../lib/api/savepoint.ts';
import { keyGroupRangeOf, ListStateDescriptor, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { OperatorStateBackend } from '../../lib/job/operator-state/operator-state-backend.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { FLINK_RELEASES, flinkSavepoint, flinkSavepoints } from '../support/flink-jobs.ts';
import { contentsIn, operatorStatesOf, storedIn } from '../support/flink-operator-state.ts';
import { goldenOperator } from '../support/flink-round-trip.ts';
import { subtasksFrom } from '../support/operator-states.ts';
import { PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';
import { withDirectory } from '../support/with-db.ts';

const WORDS = new ListStateDescriptor('words', Types.STRING);
const COUNT = new ValueStateDescriptor('count', Types.LONG);

function snapshotOf(...words: string[]): OperatorStateSnapshot | undefined {
  const store = new OperatorStateBackend();
  store.getListState(WORDS).addAll(words);
  return store.snapshot();
}

/** A subtask of two. */
function part(subtaskIndex: number, more: Partial<SavepointOperatorStatePart> = {}): SavepointOperatorStatePart {
  return { uid: 'a', subtaskIndex, parallelism: 2, maxParallelism: 4, snapshot: undefined, ...more };
}

function withWriter(work: (writer: SavepointWriter, path: string) => Promise<void>): Promise<void> {
  return withDirectory(async ({ directory }) => {
    const path = join(directory, 'savepoint');
    const writer = await Savepoint.begin(path);
    await work(writer, path);
  });
}

describe('operator state in a savepoint', () => {
  test('is that of each subtask, in the metadata or in a file as it is small or large', () =>
    withWriter(async (writer, path) => {
      const large = snapshotOf('x'.repeat(100_000));
      const small = snapshotOf('one', 'two');
      await writer.addOperatorState(part(1, { snapshot: large }));
      await writer.addOperatorState(part(0, { snapshot: small }));
      await writer.complete();
      expect(await readdir(path)).toHaveLength(2);
      const operator = (await Savepoint.open(path)).operator('a');
      expect(operator).toMatchObject({ parallelism: 2, maxParallelism: 4, hasState: true, hasKeyedState: false });
      expect(await operator.operatorState()).toEqual([
        { subtask: 0, ...small },
        { subtask: 1, ...large },
      ]);
      expect(await operator.keyedState()).toEqual([]);
    }));

  test('may be missing in some subtasks, or in all: the operator is there then', () =>
    withWriter(async (writer, path) => {
      for (const index of [0, 1]) {
        await writer.addOperatorState(part(index));
        await writer.addOperatorState(part(index, { uid: 'b', snapshot: index === 1 ? snapshotOf('b') : undefined }));
      }
      await writer.complete();
      const savepoint = await Savepoint.open(path);
      expect(savepoint.operator('a')).toMatchObject({ parallelism: 2, maxParallelism: 4, hasState: false });
      expect((await savepoint.operator('b').operatorState()).map(({ subtask }) => subtask)).toEqual([1]);
    }));

  test.each(Object.entries(PLAIN_BACKENDS))('is beside keyed state of the same operator: %s', (_name, create) =>
    withBackend(create, async ({ directory, open }) => {
      const path = join(directory, 'savepoint');
      const writer = await Savepoint.begin(path);
      for (const index of [1, 0]) {
        const keyGroupRange = keyGroupRangeOf(index, 4, 2);
        const keyed = await open({ keyType: Types.INT, maxParallelism: 4, keyGroupRange });
        await keyed.savepoint(writer, { uid: 'a' });
        await writer.addOperatorState(part(index, { snapshot: snapshotOf(`of ${index}`) }));
      }
      await writer.complete();
      const operator = (await Savepoint.open(path)).operator('a');
      const restored = await open({ keyType: Types.INT, maxParallelism: 4, restore: operator });
      restored.setCurrentKey(1);
      expect(restored.getState(COUNT).value()).toBeUndefined();
      expect(operator.hasKeyedState).toBe(true);
      const stores = subtasksFrom(await storedIn(operator), 2);
      expect(stores.map((store) => store.getListState(WORDS).get())).toEqual([['of 0'], ['of 1']]);
    }),
  );

  test.each([
    ['a subtask is missing', [part(1)], "subtask 0 of 'a' was not added"],
    ['the last subtask is missing', [part(0)], "subtask 1 of 'a' was not added"],
    ['a subtask is there twice', [part(0), part(1), part(0)], "subtask 0 of 'a' was added twice"],
    ['subtasks differ in parallelism', [part(0), part(1, { parallelism: 3 })], 'differ in parallelism: 2 and 3'],
    ['they differ in key groups', [part(0), part(1, { maxParallelism: 8 })], 'maximum parallelism: 4 and 8'],
  ])('is refused when %s', (_what, parts, message) =>
    withWriter(async (writer) => {
      for (const each of parts) {
        await writer.addOperatorState(each);
      }
      await expect(writer.complete()).rejects.toThrow(message);
      await writer.abort();
    }),
  );

  test('is refused where keyed state has another parallelism, or there is no such subtask', () =>
    withWriter(async (writer) => {
      await expect(writer.addOperatorState(part(2))).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_PARALLELISM' }),
      );
      const whole = { uid: 'a', maxParallelism: 4, keyGroupRange: { start: 0, end: 3 }, offsets: [0, 0, 0, 0] };
      await writer.add(async () => ({ ...whole, sizeBytes: 0 }));
      await writer.addOperatorState(part(0));
      await writer.addOperatorState(part(1));
      await expect(writer.complete()).rejects.toThrow("'a' has 1 parts of keyed state, and 2 of operator state");
      await writer.abort();
    }));
});

const GOLDENS = FLINK_RELEASES.flatMap((release) => flinkSavepoints(release).map((name) => [release, name] as const));

describe.each(GOLDENS)('operator state of Flink %s, %s', (release, name) => {
  const { expected } = flinkSavepoint(release, name);
  const operators = expected.operators.filter((operator) => operatorStatesOf(operator).length > 0);
  const elementsOf = (uid: string, state: string) =>
    expected.operatorState.filter((entry) => entry[0] === uid && entry[1] === state).map((entry) => entry[4]);

  test('is in the same subtasks when the parallelism is the same', async () => {
    expect(operators.length).toBeGreaterThan(0);
    for (const operator of operators) {
      const stored = await storedIn(await goldenOperator([release, name], operator.uid));
      const stores = subtasksFrom(stored, operator.parallelism);
      for (const state of operatorStatesOf(operator)) {
        const wanted = elementsOf(operator.uid, state.name);
        const found = stores.map((store) => contentsIn(store, state));
        expect(found).toEqual(state.kind === 'UNION' ? wanted.map(() => wanted.flat()) : wanted);
      }
    }
  });

  test.each([1, 3])(
    'is dealt out to %i subtasks, given to all, or copied; also what was carried along',
    async (count) => {
      for (const operator of operators) {
        const stored = await storedIn(await goldenOperator([release, name], operator.uid));
        const carried = subtasksFrom(stored, 4).flatMap((store, subtask) => ({ subtask, ...required(store) }));
        for (const from of [stored, { ...stored, parallelism: 4, subtasks: carried }]) {
          const stores = subtasksFrom(from, count);
          for (const state of operatorStatesOf(operator)) {
            const wanted = elementsOf(operator.uid, state.name);
            const found = stores.map((store) => contentsIn(store, state));
            if (state.kind === 'BROADCAST') {
              expect(found).toEqual(stores.map(() => wanted[0]));
            } else if (state.kind === 'UNION') {
              expect(found).toEqual(stores.map(() => wanted.flat()));
            } else {
              expect(found.flat().toSorted()).toEqual(wanted.flat().toSorted());
            }
          }
        }
      }
    },
  );
});

function required(store: OperatorStateBackend): OperatorStateSnapshot {
  return store.snapshot() ?? expect.fail('there is state');
}
