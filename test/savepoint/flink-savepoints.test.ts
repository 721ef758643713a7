// Canonical savepoints that real Flink jobs wrote, restored into both backends: state must be what the job had.
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import {
  AggregatingStateDescriptor,
  keyGroupRangeOf,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  Savepoint,
  type StateDescriptor,
  type StateKind,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { fromGolden, type GoldenType, typeOf } from '../support/flink-goldens.ts';
import { savepointRowsOf } from '../support/savepoint-rows.ts';
import { PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const GOLDENS = join(import.meta.dirname, '../fixtures/flink-jobs/goldens');

interface GoldenState {
  readonly name: string;
  readonly kind: StateKind | 'TIMERS';
  readonly namespaceType?: string;
  readonly valueType?: GoldenType;
}

interface GoldenOperator {
  readonly uid: string;
  readonly maxParallelism: number;
  readonly keyType?: GoldenType;
  readonly states: readonly GoldenState[];
}

interface Golden {
  readonly savepoint: string;
  readonly operators: readonly GoldenOperator[];
  readonly rows: readonly (readonly [uid: string, state: string, key: unknown, namespace: unknown, value: unknown])[];
}

// Types of Java classes, and of layers of Flink, that have no type here.
const UNREADABLE = /POJO|GENERIC|TTL|STREAM_RECORD|ENUM|BIG_DEC/;

function isReadable({ kind, valueType }: GoldenState): boolean {
  return kind !== 'TIMERS' && !UNREADABLE.test(JSON.stringify(valueType));
}

function descriptorOf({ name, kind, valueType }: GoldenState): StateDescriptor<unknown> {
  const [, first, second] = valueType as readonly [string, GoldenType, GoldenType];
  switch (kind) {
    case 'LIST':
      return new ListStateDescriptor(name, typeOf(first));
    case 'MAP':
      return new MapStateDescriptor(name, typeOf(first), typeOf(second));
    case 'REDUCING':
      return new ReducingStateDescriptor(name, (a) => a, typeOf(valueType as GoldenType));
    case 'AGGREGATING': {
      const identity = { createAccumulator: () => undefined, add: (_: unknown, to: unknown) => to };
      const aggregate = { ...identity, getResult: (accumulator: unknown) => accumulator, merge: (a: unknown) => a };
      return new AggregatingStateDescriptor(name, aggregate, typeOf(valueType as GoldenType));
    }
    default:
      return new ValueStateDescriptor(name, typeOf(valueType as GoldenType));
  }
}

function contentOf(state: unknown, kind: GoldenState['kind']): unknown {
  if (kind === 'VALUE') {
    return (state as { value(): unknown }).value();
  }
  return kind === 'MAP'
    ? new Map([...(state as Iterable<{ key: unknown; value: unknown }>)].map(({ key, value }) => [key, value]))
    : (state as { get(): unknown }).get();
}

function contentsOf(keyed: KeyedStateBackend<unknown>, state: GoldenState): unknown[] {
  const stored = descriptorOf(state);
  const { namespaceType } = state;
  if (namespaceType === undefined || namespaceType === 'VOID_NAMESPACE') {
    const object = plainState(keyed, stored);
    return [...keyed.getKeys(state.name)].map((key) => {
      keyed.setCurrentKey(key);
      return [key, null, contentOf(object, state.kind)];
    });
  }
  const type = Types[namespaceType as 'TIME_WINDOW'] as TypeInformation<unknown>;
  return [...keyed.getKeysAndNamespaces(state.name, type)].map(([key, namespace]) => {
    keyed.setCurrentKey(key);
    const object = keyed.getPartitionedState(stored, { namespace, namespaceType: type });
    return [key, namespace, contentOf(object, state.kind)];
  });
}

function plainState(keyed: KeyedStateBackend<unknown>, descriptor: StateDescriptor<unknown>): unknown {
  switch (descriptor.kind) {
    case 'VALUE':
      return keyed.getState(descriptor as ValueStateDescriptor<unknown>);
    case 'LIST':
      return keyed.getListState(descriptor as ListStateDescriptor<unknown>);
    case 'MAP':
      return keyed.getMapState(descriptor as MapStateDescriptor<unknown, unknown>);
    case 'REDUCING':
      return keyed.getReducingState(descriptor as ReducingStateDescriptor<unknown>);
    default:
      return keyed.getAggregatingState(descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>);
  }
}

function expectedOf({ rows }: Golden, operator: GoldenOperator, state: GoldenState): unknown[] {
  return rows
    .filter(([uid, name]) => uid === operator.uid && name === state.name)
    .map(([, , key, namespace, value]) => [
      fromGolden(operator.keyType as GoldenType, key),
      state.namespaceType === 'VOID_NAMESPACE' ? null : fromGolden(state.namespaceType as GoldenType, namespace),
      fromGolden(state.valueType as GoldenType, value),
    ]);
}

const sorted = (contents: readonly unknown[]): unknown[] =>
  contents.toSorted((a, b) =>
    JSON.stringify((a as unknown[]).slice(0, 2)) < JSON.stringify((b as unknown[]).slice(0, 2)) ? -1 : 1,
  );

const names = existsSync(GOLDENS)
  ? (
      await Promise.all(
        (
          await readdir(GOLDENS)
        ).map(async (release) => (await readdir(join(GOLDENS, release))).map((name) => join(release, name))),
      )
    ).flat()
  : [];
const canonical = names.filter((name) => name.includes('canonical'));

describe.skipIf(names.length === 0)('savepoints of Flink', () => {
  test('are there', () => {
    expect(canonical.length).toBeGreaterThan(0);
  });

  describe.each(canonical)('%s', (name) => {
    const golden = JSON.parse(readFileSync(join(GOLDENS, name, 'expected.json'), 'utf8')) as Golden;
    const keyedOperators = golden.operators.filter(({ keyType }) => keyType);

    describe.each(Object.entries(PLAIN_BACKENDS))('into %s', (_backend, create) => {
      test.each(keyedOperators.map((operator) => [operator.uid, operator] as const))('%s', (uid, operator) =>
        withBackend(create, async (bench) => {
          const savepoint = await Savepoint.open(join(GOLDENS, name, golden.savepoint));
          const keyType = typeOf(operator.keyType as GoldenType);
          const { maxParallelism } = operator;
          const keyeds = await Promise.all(
            [0, 1, 2].map((index) => {
              const keyGroupRange = keyGroupRangeOf(index, maxParallelism, 3);
              return bench.open({ keyType, maxParallelism, keyGroupRange, restore: savepoint.operator(uid) });
            }),
          );
          for (const state of operator.states.filter(isReadable)) {
            const found = keyeds.flatMap((keyed) => contentsOf(keyed, state));
            expect(sorted(found), state.name).toEqual(sorted(expectedOf(golden, operator, state)));
          }
        }),
      );

      test.each(keyedOperators.map((operator) => [operator.uid, operator] as const))(
        '%s, whose rows and serializers go into the next savepoint as they are',
        (uid, { keyType, maxParallelism }) =>
          withBackend(create, async (bench) => {
            const from = join(GOLDENS, name, golden.savepoint);
            const restore = (await Savepoint.open(from)).operator(uid);
            const keyed = await bench.open({ keyType: typeOf(keyType as GoldenType), maxParallelism, restore });
            const to = join(bench.directory, 'savepoint');
            await keyed.savepoint(to, { uid });
            const { header, rows } = await savepointRowsOf(to, uid);
            const before = await savepointRowsOf(from, uid);
            expect(rows).toEqual(before.rows);
            expect({ ...header, compressed: before.header.compressed }).toEqual(before.header);
          }),
      );
    });
  });
});
