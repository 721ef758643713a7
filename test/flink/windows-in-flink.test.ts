// Windows that elements were put into here go on in Flink: it finds what it would have stored itself, and puts out the same.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { FLINK_RELEASES, type FlinkBackendName, restoreInFlink } from '../support/flink-jobs.ts';
import { expectedOfOperators, operatorsOf, takeSavepoint, writeExpected } from '../support/flink-round-trip.ts';
import { COUNT_WINDOWS, type FlinkWindows, TIME_WINDOWS } from '../support/flink-windows.ts';
import { FLINK_TIMEOUT_MS } from '../support/java-project.ts';
import { KeyedOperatorHarness, processElement } from '../support/keyed-operator-harness.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const [NEWEST] = FLINK_RELEASES as readonly [string, ...string[]];
const WINDOWS: Readonly<Record<string, FlinkWindows>> = { ...TIME_WINDOWS, ...COUNT_WINDOWS };

// As `Keys.java` has them.
const STRINGS = ['', 'a', 'hello', 'é€', '\u{1F600}', 'k'.repeat(130), 'user-1', 'flink'];
const LONGS = [0, -1, 42, 2 ** 40, -(2 ** 40), 2 ** 53 - 1, 6, 123456789012];
const KEYS: Readonly<Record<string, readonly unknown[]>> = {
  STRING: STRINGS,
  LONG: LONGS,
  INT: [0, 1, -1, 42, 2 ** 31 - 1, -(2 ** 31), 6, 7],
  TUPLE: STRINGS.map((text, index) => [text, LONGS[index]]),
};

// As `WriteSavepoints.java` does: two rounds of all keys, a watermark, another round.
async function feed(bench: Bench, { keyType, operator }: FlinkWindows, keyed: KeyedStateBackend<unknown>) {
  const harness = await KeyedOperatorHarness.over(keyed, { bench, operator });
  const keys = KEYS[typeof keyType === 'string' ? keyType : keyType[0]] as readonly unknown[];
  for (const round of [0, 1, 2]) {
    for (const [number, key] of keys.entries()) {
      const timeMs = (round * keys.length + number) * 1000;
      await processElement(harness, key, [number, timeMs], timeMs);
    }
    if (round === 1) {
      await harness.watermark(10_499);
    }
  }
}

async function fedSavepoint(bench: Bench) {
  const golden = [NEWEST, 'heap-canonical'] as const;
  const operators = operatorsOf(golden).filter(({ uid }) => uid in WINDOWS);
  const savepoint = join(bench.directory, 'fed');
  await takeSavepoint({ bench, parallelism: 1 }, savepoint, operators, {
    visit: async ({ uid }, { keyeds: [keyed] }) =>
      feed(bench, WINDOWS[uid] as FlinkWindows, keyed as KeyedStateBackend<unknown>),
  });
  const expected = expectedOfOperators(golden, operators);
  // Flink stores the windows of a key in the order of their hash codes; here they are in that of their beginning.
  const rows = expected.rows.map(([uid, state, key, namespace, value]) => {
    const isSet = state === 'merging-window-set';
    return [uid, state, key, namespace, isSet ? startingFirst(value as WindowPairs) : value] as const;
  });
  return { savepoint, expected: await writeExpected(`${savepoint}.json`, { ...expected, rows }) };
}

type WindowPairs = readonly (readonly [window: readonly [start: string, end: string], stateWindow: unknown])[];

const startingFirst = (pairs: WindowPairs) => pairs.toSorted(([[first]], [[second]]) => Number(first) - Number(second));

it('windows that were filled here go on in Flink', { timeout: 2 * FLINK_TIMEOUT_MS }, (context) => {
  const [rocksdb, heap] = Object.values(PLAIN_BACKENDS) as [
    (typeof PLAIN_BACKENDS)[string],
    (typeof PLAIN_BACKENDS)[string],
  ];
  return withBackend(rocksdb, (one) =>
    withBackend(heap, async (other) => {
      const restores = [
        { ...(await fedSavepoint(one)), backend: 'heap' as FlinkBackendName },
        { ...(await fedSavepoint(other)), backend: 'rocksdb' as FlinkBackendName },
      ];
      const lines = await restoreInFlink(context, ...restores.map((each) => ({ version: NEWEST, ...each })));
      expect(lines).toEqual(
        restores.map(({ savepoint, backend }) => expect.stringContaining(`${savepoint} into ${backend} of Flink`)),
      );
    }),
  );
});
