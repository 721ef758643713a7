import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CheckpointStorage } from '../../../lib/api/checkpoint.ts';
import {
  Configuration,
  FileSystemCheckpointStorage,
  HashMapStateBackend,
  JobManagerCheckpointStorage,
  keyGroupRangeOf,
  ListStateDescriptor,
  Savepoint,
  Types,
  ValueStateDescriptor,
} from '../../../lib/index.ts';
import { encodeJobCheckpoint, type SubtaskOfJob } from '../../../lib/job/coordinator/job-checkpoint.ts';
import { LATEST, openJobState } from '../../../lib/job/coordinator/open-job-state.ts';
import {
  checkAllClaimed,
  type RestoredJob,
  type RestoredOperator,
  restoredMaxParallelism,
} from '../../../lib/job/coordinator/restored-job.ts';
import { OperatorStateBackend } from '../../../lib/job/operator-state/operator-state-backend.ts';
import { FLINK_RELEASES, flinkSavepoint, flinkSavepoints } from '../../support/flink-jobs.ts';
import { contentsIn, operatorStatesOf } from '../../support/flink-operator-state.ts';
import { subtasksFrom } from '../../support/operator-states.ts';
import { ACCESS, serverForTests, startS3rver } from '../../support/s3-server.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';
import { withDirectory } from '../../support/with-db.ts';

const heap = () => new HashMapStateBackend();
const COUNT = new ValueStateDescriptor('count', Types.LONG);
const POSITIONS = new ListStateDescriptor('positions', Types.LONG);
const KEYS = Array.from({ length: 20 }, (_, key) => key);
const MAX_PARALLELISM = 16;

/** Two keyed subtasks of `count`, which count keys, and two of `source`, whose positions are operator state. */
async function takeCheckpoint({ open }: Bench, storage: CheckpointStorage, id: number): Promise<void> {
  const writer = await storage.begin(id);
  const handles = [];
  const counting: SubtaskOfJob[] = [];
  for (const index of [0, 1]) {
    const keyed = await openSubtask(open, index);
    handles.push(await keyed.snapshot(id, writer));
    counting.push({ backendId: keyed.backendId });
  }
  const reading = [0, 1].map((index): SubtaskOfJob => ({ operatorState: positionsOf(index) }));
  const common = { parallelism: 2, maxParallelism: MAX_PARALLELISM };
  const operators = [
    { uid: 'count', name: 'Count', ...common, subtasks: counting },
    { uid: 'source', name: 'Source', ...common, subtasks: reading },
    { uid: 'sink', name: 'Sink', ...common, subtasks: [{}, {}] },
  ];
  await writer.complete(handles, encodeJobCheckpoint({ job: { name: 'counting' }, operators }));
}

async function takeSavepoint({ directory, open }: Bench): Promise<string> {
  const path = join(directory, 'savepoint');
  const writer = await Savepoint.begin(path);
  for (const subtaskIndex of [0, 1]) {
    const subtask = { subtaskIndex, parallelism: 2, maxParallelism: MAX_PARALLELISM };
    await (await openSubtask(open, subtaskIndex)).savepoint(writer, { uid: 'count' });
    await writer.addOperatorState({ uid: 'count', ...subtask, snapshot: undefined });
    await writer.addOperatorState({ uid: 'source', ...subtask, snapshot: positionsOf(subtaskIndex) });
    await writer.addOperatorState({ uid: 'sink', ...subtask, snapshot: undefined });
  }
  await writer.complete();
  return path;
}

async function openSubtask(open: Bench['open'], index: number) {
  const keyGroupRange = keyGroupRangeOf(index, MAX_PARALLELISM, 2);
  const keyed = await open({ keyType: Types.INT, maxParallelism: MAX_PARALLELISM, keyGroupRange });
  for (const key of KEYS) {
    try {
      keyed.setCurrentKey(key);
      keyed.getState(COUNT).update(key * 10);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_KEY_GROUP_OUT_OF_RANGE' });
    }
  }
  return keyed;
}

function positionsOf(index: number) {
  const store = new OperatorStateBackend();
  store.getListState(POSITIONS).addAll([index * 10, index * 10 + 1, index * 10 + 2]);
  return store.snapshot();
}

function operatorOf(job: RestoredJob, uid: string): RestoredOperator {
  return job.operator(uid) ?? expect.fail(`there is an operator ${uid}`);
}

/** All is there, also for one subtask. */
async function expectState(job: RestoredJob, { open }: Bench): Promise<void> {
  const { keyed: restore, parallelism, maxParallelism } = operatorOf(job, 'count');
  expect([parallelism, maxParallelism]).toEqual([2, MAX_PARALLELISM]);
  if (restore === undefined) {
    expect.fail('there is keyed state');
  }
  const keyed = await open({ keyType: Types.INT, maxParallelism, restore });
  const counts = KEYS.map((key) => {
    keyed.setCurrentKey(key);
    return keyed.getState(COUNT).value();
  });
  expect(counts).toEqual(KEYS.map((key) => key * 10));
  const source = operatorOf(job, 'source');
  expect(source.keyed).toBeUndefined();
  const stores = subtasksFrom(await source.operatorState(), 1);
  expect(stores[0]?.getListState(POSITIONS).get()).toEqual([0, 1, 2, 10, 11, 12]);
  expect(operatorOf(job, 'sink')).toMatchObject({ parallelism: 2, maxParallelism: MAX_PARALLELISM, keyed: undefined });
  expect((await operatorOf(job, 'sink').operatorState()).subtasks).toEqual([]);
  expect(job.operator('other')).toBeUndefined();
}

/** Only state that there is has to be claimed. */
function expectClaims(job: RestoredJob): void {
  expect(job.unclaimedBy(['source', 'count'])).toEqual([]);
  expect(() => checkAllClaimed(job, ['source', 'count', 'sink', 'new'])).not.toThrow();
  expect(() => checkAllClaimed(job, ['sink'], true)).not.toThrow();
  expect(() => checkAllClaimed(job, ['sink'])).toThrow(
    /^Cannot map checkpoint\/savepoint state for operator 'count', 'source' to the new program, .* is at .*ignore-unclaimed/,
  );
}

describe.each(Object.entries(PLAIN_BACKENDS))('a job goes on from its state of %s', (_name, create) => {
  test('in a checkpoint: the newest, one by its path, or in memory', () =>
    withBackend(create, async (bench) => {
      const { storage } = bench;
      await takeCheckpoint(bench, storage, 7);
      const path = join(storage.directory, 'chk-7');
      const metadata = pathToFileURL(join(path, '_metadata')).href;
      for (const job of [
        await openJobState(LATEST, { storage }),
        await openJobState(path),
        await openJobState(metadata, { storage }),
      ]) {
        expect(job).toMatchObject({ checkpointId: 7, jobName: 'counting', location: path });
        await expectState(job, bench);
        expectClaims(job);
      }
      const memory = new JobManagerCheckpointStorage();
      await takeCheckpoint(bench, memory, 8);
      await expectState(await openJobState(LATEST, { storage: memory }), bench);
    }));

  test('in a savepoint', () =>
    withBackend(create, async (bench) => {
      const path = await takeSavepoint(bench);
      const job = await openJobState(path);
      expect(job).toMatchObject({ checkpointId: 1, jobName: undefined, location: path });
      await expectState(job, bench);
      await job.protectUnclaimed();
      const { operators } = await Savepoint.open(path);
      const names = operators.filter(({ hasState }) => hasState).map(({ operatorId }) => operatorId);
      expect(job.unclaimedBy([]).toSorted()).toEqual(names.toSorted());
      expect(job.unclaimedBy(['count', 'source'])).toEqual([]);
    }));
});

test('the storage of the job is used where the checkpoint is in it, and another where it is not', () =>
  withBackend(heap, async (bench) => {
    const { directory, storage } = bench;
    await takeCheckpoint(bench, storage, 7);
    const path = join(storage.directory, 'chk-7');
    expect(operatorOf(await openJobState(path, { storage }), 'count').keyed).toMatchObject({ storage });
    const elsewhere = new FileSystemCheckpointStorage(join(directory, 'elsewhere'));
    const { keyed } = operatorOf(await openJobState(path, { storage: elsewhere }), 'count');
    expect(keyed).toMatchObject({ storage: { directory: storage.directory }, claimMode: 'CLAIM' });
  }));

test.each([
  ['CLAIM', [3, 4]],
  ['NO_CLAIM', [2, 3, 4]],
  ['LEGACY', [2, 3, 4]],
] as const)('a checkpoint that is restored with %s is kept as its owner wants', (claimMode, kept) =>
  withDirectory(async ({ directory }) => {
    const storage = new FileSystemCheckpointStorage(directory, { retained: 2 });
    const attachment = encodeJobCheckpoint({ job: { name: 'no keys' }, operators: [] });
    await (await storage.begin(2)).complete([], attachment);
    await (await openJobState(LATEST, { storage, claimMode })).protectUnclaimed();
    for (const id of [3, 4]) {
      await (await storage.begin(id)).complete([], attachment);
    }
    expect(await storage.list()).toEqual(kept);
  }),
);

const withServer = serverForTests('s3rver', startS3rver);

test(
  'a job goes on from a checkpoint in an object store',
  withServer((server) =>
    withBackend(heap, async (bench) => {
      const storage = server.storage('opened/job');
      await takeCheckpoint(bench, storage, 3);
      const { accessKeyId, secretAccessKey } = ACCESS.credentials;
      const config = new Configuration({
        's3.endpoint': server.endpoint,
        's3.path.style.access': true,
        's3.access-key': accessKeyId,
        's3.secret-key': secretAccessKey,
      });
      for (const pointer of ['s3://checkpoints/opened/job/chk-3', 's3a://checkpoints/opened/job/chk-3/_metadata']) {
        const job = await openJobState(pointer, { config });
        expect(job.location).toBe('s3://checkpoints/opened/job/chk-3');
        await expectState(job, bench);
        expect(operatorOf(await openJobState(pointer, { config, storage }), 'count').keyed).toMatchObject({ storage });
      }
    }),
  ),
);

describe('what can not be opened is told', () => {
  test.each<[string, string | undefined]>([
    ['', 'ERR_INVALID_PATH'],
    ['latest', 'ERR_RESTORE'],
    ['/nowhere/chk-1', 'ERR_RESTORE'],
    ['s3://bucket/prefix', 'ERR_RESTORE'],
  ])('%j', async (pointer, code) => {
    await expect(openJobState(pointer)).rejects.toMatchObject({ code });
  });

  test('an empty storage', async () => {
    const storage = new JobManagerCheckpointStorage();
    await expect(openJobState(LATEST, { storage })).rejects.toThrow('there is none in its storage');
  });

  test('a checkpoint that no job took', () =>
    withBackend(heap, async ({ storage, open }) => {
      await (await open({ keyType: Types.INT })).snapshot(1, storage);
      await expect(openJobState(LATEST, { storage })).rejects.toThrow('was not taken by a job');
    }));
});

test('the number of key groups is that of the state, and nothing else is accepted', () => {
  const operator = { uid: 'count', maxParallelism: 8, location: '/x' } as RestoredOperator;
  expect(restoredMaxParallelism(operator, { parallelism: 8, maxParallelism: undefined })).toBe(8);
  expect(restoredMaxParallelism(operator, { parallelism: 1, maxParallelism: 8 })).toBe(8);
  expect(() => restoredMaxParallelism(operator, { parallelism: 1, maxParallelism: 16 })).toThrow(
    "The state of operator 'count' at /x was taken with maximum parallelism 8, and the program sets 16",
  );
  expect(() => restoredMaxParallelism(operator, { parallelism: 9, maxParallelism: undefined })).toThrow(
    /maximum parallelism 8, which is less than the parallelism 9/,
  );
});

const GOLDENS = FLINK_RELEASES.flatMap((release) => flinkSavepoints(release).map((name) => [release, name] as const));

test.each(GOLDENS)('a job goes on from what Flink %s wrote: %s', async (release, name) => {
  const { savepoint, expected } = flinkSavepoint(release, name);
  const job = await openJobState(savepoint);
  const uids = expected.operators.map(({ uid }) => uid);
  // The names of those without state are not all known.
  expect(() => checkAllClaimed(job, uids)).not.toThrow();
  expect(job.unclaimedBy(uids.slice(1))).toHaveLength(1);
  for (const described of expected.operators) {
    const operator = operatorOf(job, described.uid);
    const { parallelism, maxParallelism } = described;
    expect(operator).toMatchObject({ parallelism, maxParallelism });
    expect(operator.keyed === undefined).toBe(described.keyType === null);
    const stores = subtasksFrom(await operator.operatorState(), parallelism);
    const states = operatorStatesOf(described);
    const found = stores.flatMap((store) => states.flatMap((state) => contentsIn(store, state)));
    const wanted = expected.operatorState.filter(([uid]) => uid === described.uid);
    expect(found.length === 0).toBe(wanted.every(([, , , , elements]) => elements.length === 0));
  }
});
