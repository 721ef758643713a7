// State that expires, between Flink and here: what Flink wrote is used with a time to live here, and jobs of Flink go on from
// what was written so.
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { SavepointOperator } from '../../lib/api/savepoint.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';
import {
  FLINK_RELEASES,
  type FlinkBackendName,
  flinkSavepoint,
  flinkSavepoints,
  restoreInFlink,
} from '../support/flink-jobs.ts';
import {
  expectedOfOperators,
  type Golden,
  goldenOperator,
  operatorsOf,
  writeExpected,
} from '../support/flink-round-trip.ts';
import { FLINK_TIMEOUT_MS } from '../support/java-project.ts';
import { SetClock } from '../support/ttl-states.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const UID = 'time-to-live';
const CENTURY = StateTtlConfig.newBuilder('36500 d').build();
const NOTHING = '[null,[],[]]';
const [NEWEST] = FLINK_RELEASES as readonly [string];

type Stamped = { readonly lastAccessMs: string; readonly value: string };

function statesOf(keyed: KeyedStateBackend<number>) {
  return {
    value: keyed.getState(new ValueStateDescriptor('value', Types.STRING).enableTimeToLive(CENTURY)),
    list: keyed.getListState(new ListStateDescriptor('list', Types.STRING).enableTimeToLive(CENTURY)),
    map: keyed.getMapState(new MapStateDescriptor('map', Types.STRING, Types.LONG).enableTimeToLive(CENTURY)),
  };
}

async function open(bench: Bench, clock: SetClock, restore?: SavepointOperator): Promise<KeyedStateBackend<number>> {
  return bench.open({ keyType: Types.LONG, ttlTimeProvider: clock, ...(restore && { restore }) });
}

/** What the operator of a golden puts out for each key. */
function outputsOf(keyed: KeyedStateBackend<number>, keys: readonly number[]): string[] {
  const { list, map, value } = statesOf(keyed);
  return keys.map((key) => {
    keyed.setCurrentKey(key);
    const entries = [...map].map((entry) => [entry.key, String(entry.value)]).sort();
    return `${UID} "${key}": ${JSON.stringify([value.value(), list.get(), entries])}`;
  });
}

function rowsOf([release, name]: Golden) {
  return flinkSavepoint(release, name).expected.rows.filter(([uid]) => uid === UID);
}

function keysOf(golden: Golden): number[] {
  return [...new Set(rowsOf(golden).map(([, , key]) => Number(key)))];
}

/** Builds the state of the operator from nothing, each value at its time. */
function build(keyed: KeyedStateBackend<number>, clock: SetClock, golden: Golden): void {
  const { list, map, value } = statesOf(keyed);
  for (const [, name, key, , stored] of rowsOf(golden)) {
    keyed.setCurrentKey(Number(key));
    const at = ({ lastAccessMs, value: text }: Stamped): string => {
      clock.now = Number(lastAccessMs);
      return text;
    };
    if (name === 'value') {
      value.update(at(stored as Stamped));
    } else if (name === 'list') {
      for (const element of stored as Stamped[]) {
        list.add(at(element));
      }
    } else {
      for (const [entryKey, entry] of stored as [string, Stamped][]) {
        map.put(entryKey, Number(at(entry)));
      }
    }
  }
}

/** A savepoint of the operator alone, and what Flink should find in it. */
async function saved(keyed: KeyedStateBackend<number>, { directory }: Bench, golden: Golden) {
  const savepoint = join(directory, `savepoint-${golden.join('-')}`);
  await keyed.savepoint(savepoint, { uid: UID });
  const operators = operatorsOf(golden).filter(({ uid }) => uid === UID);
  const expected = await writeExpected(`${savepoint}.json`, expectedOfOperators(golden, operators));
  return { savepoint, expected };
}

async function expectRestored(
  context: TestContext,
  backend: FlinkBackendName,
  ours: { readonly savepoint: string; readonly expected: string },
): Promise<void> {
  const lines = await restoreInFlink(context, { version: NEWEST, backend, ...ours });
  expect(lines).toEqual([expect.stringContaining(`${ours.savepoint} into ${backend} of Flink`)]);
}

const timeout = { timeout: 2 * FLINK_TIMEOUT_MS };

const GOLDENS = FLINK_RELEASES.flatMap((release) =>
  flinkSavepoints(release)
    .filter((name) => operatorsOf([release, name]).some(({ uid }) => uid === UID))
    .map((name) => [release, name] as const),
);

describe.each(Object.entries(PLAIN_BACKENDS))('state that expires on %s', (name, create) => {
  it.each(GOLDENS)('that Flink %s has written (%s) is used with a time to live', (...golden) =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await open(bench, clock, await goldenOperator(golden, UID));
      const { outputs = [] } = flinkSavepoint(...golden).expected;
      const expected = outputs.filter((line) => line.startsWith(UID) && !line.endsWith(NOTHING));
      const keys = keysOf(golden);
      expect(outputsOf(keyed, keys).sort()).toEqual(expected.sort());
      clock.now = Date.UTC(2200, 1);
      expect(outputsOf(keyed, keys)).toEqual(keys.map((key) => `${UID} "${key}": ${NOTHING}`));
    }),
  );

  const backend: FlinkBackendName = name === 'RocksDB' ? 'heap' : 'rocksdb';

  it('is what a job of Flink goes on from, whether Flink has begun it', timeout, (context) =>
    withBackend(create, async (bench) => {
      const golden: Golden = [NEWEST, 'heap-canonical'];
      const keyed = await open(bench, new SetClock(), await goldenOperator(golden, UID));
      outputsOf(keyed, keysOf(golden));
      await expectRestored(context, backend, await saved(keyed, bench, golden));
    }),
  );

  it('is what a job of Flink goes on from, or we have', timeout, (context) =>
    withBackend(create, async (bench) => {
      const golden: Golden = [NEWEST, 'heap-canonical'];
      const clock = new SetClock();
      const keyed = await open(bench, clock);
      build(keyed, clock, golden);
      await expectRestored(context, backend, await saved(keyed, bench, golden));
    }),
  );
});
