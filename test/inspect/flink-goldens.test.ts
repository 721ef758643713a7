// All that released Flinks wrote, in all formats, read row by row: it is what Flink reads of it.
import { describe, expect, test } from 'vitest';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import type { StoredOperator } from '../../lib/inspect/stored-operator.ts';
import type { GoldenType } from '../support/flink-goldens.ts';
import {
  FLINK_RELEASES,
  type FlinkOperator,
  type FlinkState,
  flinkSavepoint,
  flinkSavepoints,
} from '../support/flink-jobs.ts';
import { neutral, neutralOfFlink, sorted } from '../support/neutral-values.ts';

const GOLDENS = FLINK_RELEASES.flatMap((release) => flinkSavepoints(release).map((name) => [release, name] as const));

const NO_NAMESPACE: GoldenType = 'VOID_NAMESPACE';

function partsOf(type: GoldenType | undefined): readonly GoldenType[] {
  return (typeof type === 'string' ? [] : (type?.slice(1) ?? [])) as GoldenType[];
}

/** The rows of a state as the expected files have them: a map is one. */
async function rowsOf(
  operator: StoredOperator,
  { uid, keyType }: FlinkOperator,
  state: FlinkState,
): Promise<unknown[]> {
  const rows = new Map<string, [unknown, unknown, unknown, unknown, unknown]>();
  const valueType = state.valueType as GoldenType;
  const [userKeyType, entryType] = partsOf(valueType) as [GoldenType, GoldenType];
  for await (const row of operator.rows(state.name)) {
    const key = neutral(row.key, keyType as GoldenType);
    const namespace = neutral(row.namespace, state.namespaceType ?? NO_NAMESPACE);
    const place = JSON.stringify([key, namespace]);
    if (state.kind !== 'MAP') {
      expect(rows.has(place)).toBe(false);
      rows.set(place, [uid, state.name, key, namespace, neutral(row.value, valueType)]);
      continue;
    }
    const entries = (rows.get(place)?.[4] ?? []) as unknown[];
    const entry = [neutral(row.userKey, userKeyType), neutral(row.value, entryType)];
    rows.set(place, [uid, state.name, key, namespace, sorted([...entries, entry])]);
  }
  return [...rows.values()];
}

const WINDOWS: Readonly<Record<string, GoldenType>> = {
  counting: 'GLOBAL_WINDOW',
  evicting: 'GLOBAL_WINDOW',
};

async function timersOf(operator: StoredOperator, { keyType, uid }: FlinkOperator, name: string): Promise<unknown[]> {
  const namespaceType = name.endsWith('window-timers') ? (WINDOWS[uid] ?? 'TIME_WINDOW') : NO_NAMESPACE;
  const timers: unknown[] = [];
  for await (const { timestamp, key, namespace } of operator.rows(name)) {
    timers.push([
      ...[uid, name, String(timestamp), neutral(key, keyType as GoldenType)],
      neutral(namespace, namespaceType),
    ]);
  }
  return timers;
}

async function operatorStateOf(operator: StoredOperator, { uid }: FlinkOperator, state: FlinkState) {
  const parts: unknown[] = [];
  const { keyType, valueType } = state as Required<FlinkState>;
  for await (const { subtask, mode, elements } of operator.operatorState(state.name)) {
    const values = elements.map((element) =>
      mode === 'BROADCAST'
        ? (element as [unknown, unknown]).map((each, index) => neutral(each, index === 0 ? keyType : valueType))
        : neutral(element, valueType),
    );
    parts.push([uid, state.name, mode, subtask, mode === 'BROADCAST' ? sorted(values) : values]);
  }
  return parts;
}

const OPERATOR_MODES = ['SPLIT_DISTRIBUTE', 'UNION', 'BROADCAST'];

describe.each(GOLDENS)('Flink %s, %s', (release, name) => {
  const { savepoint, expected } = flinkSavepoint(release, name);
  const isKryo = ({ valueType }: FlinkState) => partsOf(valueType).length > 0 && valueType?.[0] === 'GENERIC';
  const kryoStates = new Set(
    expected.operators.flatMap(({ uid, states }) => states.filter(isKryo).map((state) => `${uid} ${state.name}`)),
  );

  // In a heap checkpoint nobody can tell where such a value ends, and so where the next state begins.
  const isHeapCheckpoint = expected.backend === 'heap' && expected.kind !== 'CANONICAL';
  const readable = (uid: string, state: string) =>
    isHeapCheckpoint ? !kryoStates.has(`${uid} opaque`) : !kryoStates.has(`${uid} ${state}`);

  test('has the operators and states that Flink finds', async () => {
    await using reader = await StateReader.open(savepoint);
    for (const { uid, id, parallelism, maxParallelism, states } of expected.operators) {
      const operator = reader.operator(uid);
      expect(operator).toMatchObject({ operatorId: id, parallelism, maxParallelism });
      const found = [...(await operator.keyedStates()), ...(await operator.operatorStates())].map((state) => ({
        name: state.name,
        kind: 'mode' in state ? state.mode : state.kind,
      }));
      // Flink's reader does not list timers that are in raw keyed state.
      const isListed = ({ name }: { readonly name: string }) => states.some((state) => state.name === name);
      expect(found.filter((state) => !isListed(state)).every(({ kind }) => kind === 'TIMERS')).toBe(true);
      expect(sorted(found.filter(isListed))).toEqual(sorted(states.map(({ name, kind }) => ({ name, kind }))));
    }
  });

  test('has the rows, timers and operator state that Flink reads', async () => {
    await using reader = await StateReader.open(savepoint);
    const rows: unknown[] = [];
    const timers: unknown[] = [];
    const operatorState: unknown[] = [];
    for (const described of expected.operators) {
      const operator = reader.operator(described.uid);
      for (const { name, kind } of await operator.keyedStates()) {
        timers.push(
          ...(kind === 'TIMERS' && readable(described.uid, name) ? await timersOf(operator, described, name) : []),
        );
      }
      for (const state of described.states) {
        if (!readable(described.uid, state.name)) {
          continue;
        }
        if (OPERATOR_MODES.includes(state.kind)) {
          operatorState.push(...(await operatorStateOf(operator, described, state)));
        } else if (state.kind !== 'TIMERS') {
          rows.push(...(await rowsOf(operator, described, state)));
        }
      }
    }
    const typeOf = new Map(
      expected.operators.flatMap(({ uid, states }) => states.map((s) => [`${uid} ${s.name}`, s.valueType] as const)),
    );
    const expectedRows = expected.rows
      .filter(([uid, state]) => readable(uid, state))
      .map(([uid, state, key, namespace, value]) => [
        ...[uid, state, key, namespace],
        neutralOfFlink(value, typeOf.get(`${uid} ${state}`) as GoldenType),
      ]);
    expect(sorted(rows)).toEqual(sorted(expectedRows));
    expect(sorted(timers)).toEqual(sorted(expected.timers));
    expect(sorted(operatorState)).toEqual(sorted(expected.operatorState));
  });

  test.runIf(kryoStates.size > 0)('says which class can not be read, and still has the bytes', async () => {
    await using reader = await StateReader.open(savepoint);
    for (const place of kryoStates) {
      const [uid, state] = place.split(' ') as [string, string];
      const operator = reader.operator(uid);
      const [described] = (await operator.keyedStates()).filter((each) => each.name === state);
      expect(described?.problem?.message).toMatch(/GenericFunction\$Opaque of state 'opaque' is written by Kryo/);
      await expect(async () => {
        for await (const _ of operator.rows(state)) {
        }
      }).rejects.toThrow(/Opaque of state 'opaque' is written by Kryo/);
      if (operator.parts.every(({ layout }) => layout === 'canonical')) {
        let bytes = 0;
        for await (const { value } of operator.rawRows(state)) {
          bytes += value.length;
        }
        expect(bytes).toBeGreaterThan(0);
      }
    }
  });
});
