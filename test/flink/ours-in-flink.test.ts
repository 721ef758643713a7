// Jobs of released Flinks go on from savepoints that were written here: restored from what Flink wrote, in whatever format,
// changed or not, or built from nothing. What they then have, and put out, is compared.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StateBackend } from '../../lib/api/backend.ts';
import {
  type ExpectedSavepoint,
  FLINK_RELEASES,
  type FlinkBackendName,
  type FlinkOperator,
  flinkSavepoint,
  restoreInFlink,
} from '../support/flink-jobs.ts';
import { fillStores } from '../support/flink-operator-state.ts';
import {
  expectedOfOperators,
  type Golden,
  goldenOperator,
  operatorsOf,
  type RowChange,
  setRows,
  setTimers,
  takeSavepoint,
  writeExpected,
} from '../support/flink-round-trip.ts';
import { FLINK_TIMEOUT_MS } from '../support/java-project.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

// All of it in `npm run test:flink`; otherwise what takes less than a minute.
const IS_WHOLE = process.env.ROCKSTATE_REQUIRE_FLINK !== undefined;
const FLINK_BACKENDS: readonly FlinkBackendName[] = ['heap', 'rocksdb', 'rocksdb-heap-timers'];
const [NEWEST, OLDER] = FLINK_RELEASES as readonly [string, string];
const WHOLE_JOB = 'heap-canonical';

interface Ours {
  readonly savepoint: string;
  readonly expected: string;
}

/** Takes a savepoint of all operators as they were restored. */
async function carried(
  bench: Bench,
  golden: Golden,
  { parallelism, without }: { readonly parallelism: number; readonly without: readonly string[] },
): Promise<Ours> {
  const operators = operatorsOf(golden, without);
  const savepoint = join(bench.directory, `carried-${golden.join('-')}`);
  const restoreOf = (uid: string) => goldenOperator(golden, uid);
  await takeSavepoint({ bench, parallelism }, savepoint, operators, { restoreOf });
  const expected = expectedOfOperators(golden, operators);
  return { savepoint, expected: await writeExpected(`${savepoint}.json`, expected) };
}

// Java's largest long but one, which no number is.
const UNTOLD = '9223372036854775806';

/** Builds the state of all operators, and their timers, from nothing. */
async function built(bench: Bench, golden: Golden, parallelism: number): Promise<Ours> {
  const operators = operatorsOf(golden, ['generic']);
  const savepoint = join(bench.directory, `built-${golden.join('-')}-${parallelism}`);
  const { outputs: whole, timers: all, ...rest } = expectedOfOperators(golden, operators);
  const timers = all.filter(([, , timestamp]) => timestamp !== UNTOLD);
  const outputs = whole?.filter((line) => !line.includes(UNTOLD)) ?? [];
  await takeSavepoint({ bench, parallelism }, savepoint, operators, {
    async visit(operator, { keyeds, stores }) {
      await setRows(golden, operator, keyeds, changesOf(operator, rest.rows));
      setTimers(operator, keyeds, timers);
      fillStores(stores, operator, rest);
    },
  });
  const expected = { ...rest, timers, outputs };
  return { savepoint, expected: await writeExpected(`${savepoint}.json`, expected) };
}

/** Of three subtasks, for Flink's two. */
async function largeOperatorState(bench: Bench, golden: Golden): Promise<Ours> {
  const [operator] = operatorsOf(golden).filter(({ uid }) => uid === 'operator-state') as [FlinkOperator];
  const { operatorState: small, outputs: _, ...rest } = expectedOfOperators(golden, [operator]);
  const numbers = Array.from({ length: 6000 }, (_, number) => number);
  const operatorState = [
    ...small.filter(([uid]) => uid === 'source'),
    ...numbers.flatMap((number) => [
      ['operator-state', 'split', 'SPLIT_DISTRIBUTE', number, [`element ${number}`]] as const,
      ['operator-state', 'union', 'UNION', number, [['union', `${number}`]]] as const,
    ]),
    ['operator-state', 'empty', 'SPLIT_DISTRIBUTE', 0, []] as const,
  ];
  const savepoint = join(bench.directory, `large-${golden.join('-')}`);
  await takeSavepoint({ bench, parallelism: 3 }, savepoint, [operator], {
    visit: async (_operator, { stores }) => fillStores(stores, operator, { operatorState }),
  });
  return { savepoint, expected: await writeExpected(`${savepoint}.json`, { ...rest, operatorState }) };
}

function changesOf(operator: FlinkOperator, rows: ExpectedSavepoint['rows']): RowChange[] {
  return rows
    .filter(([uid]) => uid === operator.uid)
    .map(([, name, key, namespace, value]) => {
      const state = operator.states.find((each) => each.name === name);
      if (state === undefined) {
        throw new Error(`${operator.uid} has no state ${name}`);
      }
      return { state, key, namespace, value };
    });
}

async function expectRestored(
  context: Parameters<typeof restoreInFlink>[0],
  version: string,
  restores: readonly (Ours & { readonly backend: FlinkBackendName })[],
): Promise<void> {
  const lines = await restoreInFlink(context, ...restores.map((each) => ({ version, ...each })));
  expect(lines).toEqual(
    restores.map(({ savepoint, backend }) => expect.stringContaining(`${savepoint} into ${backend} of Flink`)),
  );
}

const timeout = { timeout: 2 * FLINK_TIMEOUT_MS };

/** Runs a test with our backends: RocksDB, then HashMap. */
function withBoth(run: (benches: readonly [Bench, Bench]) => Promise<void>): Promise<void> {
  const [rocksdb, heap] = Object.values(PLAIN_BACKENDS) as [() => StateBackend, () => StateBackend];
  return withBackend(rocksdb, (one) => withBackend(heap, (other) => run([one, other])));
}

const flinkBackend = (index: number) => FLINK_BACKENDS[index % FLINK_BACKENDS.length] as FlinkBackendName;

describe.each(IS_WHOLE ? FLINK_RELEASES : [NEWEST])('Flink %s', (version) => {
  it('goes on from state of all kinds and types that was built here', timeout, (context) =>
    withBoth(async ([rocksdb, heap]) => {
      const ofOne = await built(rocksdb, [version, WHOLE_JOB], 1);
      const ofThree = await built(heap, [version, WHOLE_JOB], 3);
      const restores = [
        { ...ofOne, backend: 'heap' },
        { ...ofThree, backend: 'rocksdb' },
        { ...ofThree, backend: 'rocksdb-heap-timers' },
      ] as const;
      await expectRestored(context, version, IS_WHOLE ? restores : restores.slice(0, 2));
    }),
  );

  it.runIf(IS_WHOLE)(
    'goes on from what Flink wrote, in every format, with all timers and windows',
    timeout,
    (context) =>
      withBoth(async (benches) => {
        const restores = [];
        for (const [index, [name, ...without]] of CARRIED.entries()) {
          const ours = await carried(benches[index % 2] as Bench, [version, name], {
            parallelism: (index % 3) + 1,
            without,
          });
          restores.push({ ...ours, backend: flinkBackend(index) });
        }
        await expectRestored(context, version, restores);
      }),
  );

  it.runIf(IS_WHOLE)('goes on from operator state that is too large for the metadata', timeout, (context) =>
    withBoth(async ([, heap]) => {
      const ours = await largeOperatorState(heap, [version, WHOLE_JOB]);
      const [file, ...others] = (await readdir(ours.savepoint)).filter((name) => name !== '_metadata');
      expect(others).toHaveLength(2);
      expect((await stat(join(ours.savepoint, file as string))).size).toBeGreaterThan(20 * 1024);
      await expectRestored(context, version, [{ ...ours, backend: 'heap' }]);
    }),
  );

  it.runIf(IS_WHOLE)('goes on from what Flink wrote and was changed here', timeout, (context) =>
    withBoth(async (benches) => {
      const restores = [];
      for (const [index, seed] of SEEDS.entries()) {
        const ours = await changed(benches[index % 2] as Bench, [version, WHOLE_JOB], seed);
        restores.push({ ...ours, backend: flinkBackend(index) });
      }
      await expectRestored(context, version, restores);
    }),
  );
});

// With the operators that have values of Kryo, where the format tells nowhere how long these are.
const CARRIED = [
  [WHOLE_JOB],
  ['heap-checkpoint', 'generic'],
  ['heap-native'],
  ['rocksdb-canonical-1000'],
  ['rocksdb-incremental'],
  ['rocksdb-heap-timers-incremental'],
  ['rocksdb-native'],
] as const;

it.runIf(IS_WHOLE)('Flink 1 goes on from state of Flink 2, but for what Kryo wrote', timeout, (context) =>
  withBoth(async ([, heap]) => {
    const ours = await carried(heap, [NEWEST, WHOLE_JOB], { parallelism: 2, without: ['generic'] });
    await expectRestored(context, OLDER, [{ ...ours, backend: 'rocksdb' }]);
  }),
);

const SEEDS = [20_261, 7];
// Windows would be at odds with their timers.
const CHANGED = ['values', 'collections', 'pojos', 'time-to-live', 'timers'];

/** Clears, replaces and extends rows at random, with values of other rows of the state. */
async function changed(bench: Bench, golden: Golden, seed: number): Promise<Ours> {
  const random = generatorOf(seed);
  const operators = operatorsOf(golden).filter(({ uid }) => CHANGED.includes(uid));
  const { rows, timers, outputs: _, ...rest } = expectedOfOperators(golden, operators);
  const after = new Map<string, ExpectedSavepoint['rows']>();
  const savepoint = join(bench.directory, `changed-${golden.join('-')}-${seed}`);
  await takeSavepoint({ bench, parallelism: 1 + random(3) }, savepoint, operators, {
    restoreOf: (uid) => goldenOperator(golden, uid),
    async visit(operator, { keyeds }) {
      const before = changesOf(operator, rows);
      const changes = before.map((row) => ({ ...row, value: changedValue(row, before, random) }));
      await setRows(golden, operator, keyeds, changes);
      const left = changes.filter(({ value }) => value !== undefined);
      after.set(
        operator.uid,
        left.map(({ state, key, namespace, value }) => [operator.uid, state.name, key, namespace, value]),
      );
    },
  });
  const expected = { ...rest, timers, rows: [...after.values()].flat() };
  return { savepoint, expected: await writeExpected(`${savepoint}.json`, expected) };
}

function changedValue(row: RowChange, rows: readonly RowChange[], random: (below: number) => number): unknown {
  const others = rows.filter(({ state }) => state === row.state);
  const other = others[random(others.length)]?.value;
  switch (random(4)) {
    case 0:
      return undefined;
    case 1:
      return other;
    case 2:
      if (row.state.kind === 'LIST') {
        return [...(row.value as unknown[]), ...(other as unknown[])];
      }
      return row.state.kind === 'MAP' ? merged(row.value as Entries, other as Entries) : other;
    default:
      return row.value;
  }
}

type Entries = readonly (readonly [unknown, unknown])[];

function merged(a: Entries, b: Entries): Entries {
  const entries = new Map([...a, ...b].map((entry) => [JSON.stringify(entry[0]), entry]));
  return [...entries.values()].toSorted((one, two) => (JSON.stringify(one) < JSON.stringify(two) ? -1 : 1));
}

// Mulberry32.
function generatorOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

it('the whole job has every operator with keyed state, and operator state of all kinds', () => {
  const { operators } = flinkSavepoint(NEWEST, WHOLE_JOB).expected;
  expect(operators.filter(({ keyType }) => keyType !== null).length).toBeGreaterThan(10);
  const golden = [NEWEST, WHOLE_JOB] as const;
  const { operatorState } = expectedOfOperators(golden, operatorsOf(golden));
  const modes = operatorState.flatMap(([, , mode, , elements]) => (elements.length > 0 ? mode : []));
  expect(new Set(modes)).toEqual(new Set(['SPLIT_DISTRIBUTE', 'UNION', 'BROADCAST']));
});
