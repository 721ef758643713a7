// Savepoints and checkpoints that real Flink jobs wrote, in all formats, restored into both backends: state must be what
// the job had, and go into the next savepoint as Flink wrote it into its own.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SavepointOperator } from '../../lib/api/savepoint.ts';
import { keyGroupRangeOf, Savepoint, UnknownSerializerError } from '../../lib/index.ts';
import { contentsOf, descriptorsOf, expectedOf, headerOf, sorted } from '../support/flink-contents.ts';
import { type GoldenType, typeOf } from '../support/flink-goldens.ts';
import {
  FLINK_RELEASES,
  type FlinkOperator,
  type FlinkState,
  flinkSavepoint,
  flinkSavepoints,
} from '../support/flink-jobs.ts';
import { savepointRowsOf } from '../support/savepoint-rows.ts';
import { PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const GOLDENS = FLINK_RELEASES.flatMap((release) => flinkSavepoints(release).map((name) => [release, name] as const));
const KRYO_CLASS = 'rockstate.jobs.GenericFunction$Opaque';

/** Kryo tells nowhere how long a value is, so a file of the heap backend that has one can't be cut into rows. */
function isReadable({ uid }: FlinkOperator, { backend, kind }: { readonly backend: string; readonly kind: string }) {
  return uid !== 'generic' || backend !== 'heap' || kind === 'CANONICAL';
}

const isKeyed = ({ keyType }: FlinkOperator) => keyType !== null;
const isListed = ({ kind, valueType }: FlinkState) =>
  ['VALUE', 'LIST', 'MAP', 'REDUCING', 'AGGREGATING'].includes(kind) && !JSON.stringify(valueType).includes('GENERIC');
const another = (parallelism: number) => (parallelism % 3) + 1;

async function operatorOf([release, name]: readonly [string, string], uid: string): Promise<SavepointOperator> {
  const { savepoint, files, expected } = flinkSavepoint(release, name);
  const { pathPrefix } = expected;
  const mappings = pathPrefix === null ? [] : [{ from: pathPrefix, to: files }];
  return (await Savepoint.open(savepoint, { mappings })).operator(uid);
}

describe.each(GOLDENS)('Flink %s, %s', (release, name) => {
  const { expected } = flinkSavepoint(release, name);
  const golden = [release, name] as const;
  const operators = expected.operators.filter(isKeyed).map((operator) => [operator.uid, operator] as const);
  const readable = operators.filter(([, operator]) => isReadable(operator, expected));

  describe.each(Object.entries(PLAIN_BACKENDS))('into %s', (_backend, create) => {
    it.each(readable)('%s, at another parallelism', (uid, operator) =>
      withBackend(create, async (bench) => {
        const restore = await operatorOf(golden, uid);
        const { maxParallelism } = operator;
        const parallelism = another(operator.parallelism);
        const keyType = typeOf(operator.keyType as GoldenType);
        const keyeds = await Promise.all(
          Array.from({ length: parallelism }, (_, index) => {
            const keyGroupRange = keyGroupRangeOf(index, maxParallelism, parallelism);
            return bench.open({ keyType, maxParallelism, keyGroupRange, restore });
          }),
        );
        const descriptors = descriptorsOf(await headerOf(restore), restore);
        for (const state of operator.states.filter(isListed)) {
          const found = keyeds.flatMap((keyed) =>
            contentsOf(keyed, state, (descriptors.get(state.name) as () => never)()),
          );
          const wanted = expectedOf(expected, operator, state);
          expect(wanted.length).toBeGreaterThan(0);
          expect(sorted(found), state.name).toEqual(sorted(wanted));
        }
      }),
    );

    it.each(readable)(
      '%s, whose rows and serializers go into the next savepoint as Flink wrote them',
      (uid, operator) =>
        withBackend(create, async (bench) => {
          const { maxParallelism } = operator;
          const restore = await operatorOf(golden, uid);
          const keyed = await bench.open({ keyType: typeOf(operator.keyType as GoldenType), maxParallelism, restore });
          const to = join(bench.directory, 'savepoint');
          await keyed.savepoint(to, { uid });
          const { header, rows } = await savepointRowsOf(to, uid);
          const ofFlink = canonicalOf(golden, uid, maxParallelism);
          const before = await savepointRowsOf(ofFlink, uid);
          // When values with a time to live were used, the clock tells.
          if (uid !== 'time-to-live' || ofFlink === flinkSavepoint(release, name).savepoint) {
            expect(rows.map(withoutCodedNull)).toEqual(before.rows.map(withoutCodedNull));
          }
          expect(rows).toHaveLength(before.rows.length);
          expect(byName({ ...header, compressed: before.header.compressed })).toEqual(byName(before.header));
        }),
    );

    const unreadable = operators.filter(([, operator]) => !isReadable(operator, expected));
    it.runIf(unreadable.length > 0).each(unreadable)('not %s: the message names state and class', (uid, operator) =>
      withBackend(create, async (bench) => {
        const restore = await operatorOf(golden, uid);
        const { maxParallelism } = operator;
        const opened = bench.open({ keyType: typeOf(operator.keyType as GoldenType), maxParallelism, restore });
        await expect(opened).rejects.toThrow(UnknownSerializerError);
        await expect(opened).rejects.toMatchObject({ stateName: 'opaque', className: KRYO_CLASS });
        expect(await bench.leftovers()).toEqual([]);
      }),
    );
  });
});

/** The canonical savepoint of the same job: the golden itself if it is one. */
function canonicalOf([release, name]: readonly [string, string], uid: string, maxParallelism: number): string {
  if (flinkSavepoint(release, name).expected.kind === 'CANONICAL') {
    return flinkSavepoint(release, name).savepoint;
  }
  const same = flinkSavepoints(release)
    .map((each) => flinkSavepoint(release, each))
    .find(
      ({ expected: { kind, operators } }) =>
        kind === 'CANONICAL' && operators.some((each) => each.uid === uid && each.maxParallelism === maxParallelism),
    );
  if (same === undefined) {
    throw new Error(`There is no canonical savepoint of ${uid}`);
  }
  return same.savepoint;
}

// Behind the byte that says that a map's value is null, Flink's heap backend writes what its serializer makes of null, where
// RocksDB writes nothing. Nobody reads it.
function withoutCodedNull(row: string): string {
  return row.replace(/^(map: .* = 01).*/, '$1');
}

// The order in which backends registered states is theirs.
function byName<S extends { readonly name: string }, H extends { readonly states: readonly S[] }>(header: H): H {
  return { ...header, states: header.states.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
