// Windows that a released Flink has stored go on here: what they put out is what Flink's job puts out.
import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../../lib/api/type-information.ts';
import { fromGolden, typeOf } from '../../support/flink-goldens.ts';
import { FLINK_RELEASES, flinkSavepoint, flinkSavepoints } from '../../support/flink-jobs.ts';
import { goldenOperator } from '../../support/flink-round-trip.ts';
import {
  COUNT_WINDOWS,
  eventText,
  type FlinkEvent,
  type FlinkWindows,
  json,
  TIME_WINDOWS,
} from '../../support/flink-windows.ts';
import { KeyedOperatorHarness, processElement } from '../../support/keyed-operator-harness.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

// Of all windows that a golden has, on each backend.
function runsOf(windows: Readonly<Record<string, FlinkWindows>>) {
  return FLINK_RELEASES.flatMap((release) =>
    flinkSavepoints(release).flatMap((name) => {
      const { operators } = flinkSavepoint(release, name).expected;
      const uids = operators.map(({ uid }) => uid).filter((uid) => uid in windows);
      const backends = Object.entries(PLAIN_BACKENDS);
      return uids.flatMap((uid) => backends.map(([backend, create]) => ({ uid, release, name, backend, create })));
    }),
  );
}

type Run = ReturnType<typeof runsOf>[number];

async function goOn(bench: Bench, { uid, release, name }: Run, { keyType, operator }: FlinkWindows) {
  const restore = await goldenOperator([release, name], uid);
  const options = { bench, operator, restore, keyType: typeOf(keyType) as TypeInformation<unknown> };
  return KeyedOperatorHarness.open({ ...options, maxParallelism: restore.maxParallelism });
}

describe('windows that Flink has stored', () => {
  it.each(runsOf(TIME_WINDOWS))(
    '$uid of $release, $name, put out at their end on $backend what they do in Flink',
    (run) =>
      withBackend(run.create, async (bench) => {
        const harness = await goOn(bench, run, TIME_WINDOWS[run.uid] as FlinkWindows);
        await harness.watermark(Number.POSITIVE_INFINITY);
        const { outputs = [] } = flinkSavepoint(run.release, run.name).expected;
        const expected = outputs.filter((output) => output.startsWith(`${run.uid} `));
        expect(expected.length).toBeGreaterThan(0);
        expect(harness.takeValues().sort()).toEqual(expected);
        expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
      }),
  );

  it.each(runsOf(COUNT_WINDOWS))('$uid of $release, $name, go on counting on $backend', (run) =>
    withBackend(run.create, async (bench) => {
      const windows = COUNT_WINDOWS[run.uid] as FlinkWindows;
      const harness = await goOn(bench, run, windows);
      const stored = flinkSavepoint(run.release, run.name).expected.rows.filter(
        ([uid, state]) => uid === run.uid && state === 'window-contents',
      );
      expect(stored).toHaveLength(8);
      for (const [, , key, , contents] of stored) {
        const event: FlinkEvent = [9, 99_000];
        await processElement(harness, fromGolden(windows.keyType, key), event, 99_000);
        const records = contents as readonly { readonly value: unknown }[];
        const elements = run.uid === 'counting' ? [] : records.map(({ value }) => value);
        const text = json(['GlobalWindow', ...elements, eventText(event)]);
        expect(harness.takeRecords()).toEqual([[`${run.uid} ${json(key)}: ${text}`, Number.POSITIVE_INFINITY]]);
      }
    }),
  );
});
