// Timers that Flink left in savepoints and checkpoints fire here as they do in Flink.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { typeOf } from '../support/flink-goldens.ts';
import { FLINK_RELEASES, flinkSavepoint, flinkSavepoints } from '../support/flink-jobs.ts';
import { goldenOperator } from '../support/flink-round-trip.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const UID = 'timers';
const KEY = typeOf(['TUPLE', 'STRING', 'LONG']);
const GOLDENS = FLINK_RELEASES.flatMap((release) =>
  flinkSavepoints(release)
    .filter((name) => flinkSavepoint(release, name).expected.timers.some(([uid]) => uid === UID))
    .map((name) => [release, name] as const),
);

/** What comes of event time that ends, each key's in order: as Flink's operator puts it out. */
async function fire(keyed: KeyedStateBackend<unknown>): Promise<{ lines: string[]; processing: number[] }> {
  const count = keyed.getState(new ValueStateDescriptor('count', Types.LONG));
  const lines: string[] = [];
  const processing: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const timers = keyed.getTimerService('user-timers', {
    namespaceType: Types.VOID,
    triggerable: {
      onEventTime({ key, timestamp }) {
        expect(timestamp).toBeGreaterThanOrEqual(last);
        last = timestamp;
        lines.push(JSON.stringify([(key as [string, number]).map(String), String(BigInt(timestamp)), count.value()]));
      },
      onProcessingTime: ({ timestamp }) => void processing.push(timestamp),
    },
  });
  await timers.advanceWatermark(Number.MAX_SAFE_INTEGER);
  expect(lines.every((line) => !line.includes('9223372036854775808'))).toBe(true);
  await timers.advanceWatermark(Number.POSITIVE_INFINITY);
  await timers.advanceProcessingTime(Number.MAX_SAFE_INTEGER);
  return { lines: lines.sort(), processing: processing.sort((a, b) => a - b) };
}

function expectedOf([release, name]: readonly [string, string]): { lines: string[]; processing: number[] } {
  const { outputs = [], timers } = flinkSavepoint(release, name).expected;
  const lines = outputs
    .map((line) => /^timers (\[.*\]): (\["EVENT_TIME",.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, key, fired]) => {
      const [, timestamp, count] = JSON.parse(fired as string) as [string, string, string | null];
      // The nearest number: Java's largest long but one has none of its own.
      const nearest = String(BigInt(Number(timestamp)));
      return JSON.stringify([JSON.parse(key as string), nearest, count === null ? null : Number(count)]);
    });
  const processing = timers
    .filter(([uid, queue]) => uid === UID && queue.startsWith('_timer_state/processing'))
    .map(([, , timestamp]) => Number(timestamp));
  return { lines: lines.sort(), processing: processing.sort((a, b) => a - b) };
}

const OURS = Object.entries(BACKENDS).filter(([name]) => !name.includes('tracked'));

describe.each(OURS)('timers of Flink on %s', (_name, create) => {
  it.each(GOLDENS)('fire as in Flink %s, from %s', (release, name) =>
    withBackend(create, async ({ open }) => {
      const golden = [release, name] as const;
      const restore = await goldenOperator(golden, UID);
      const { maxParallelism } = restore;
      const middle = Math.floor(maxParallelism / 3);
      const ranges = [
        { start: 0, end: middle },
        { start: middle + 1, end: maxParallelism - 1 },
      ];
      const fired = [];
      for (const keyGroupRange of ranges) {
        fired.push(await fire(await open({ keyType: KEY, maxParallelism, keyGroupRange, restore })));
      }
      const expected = expectedOf(golden);
      expect(expected.lines).toHaveLength(17);
      expect(fired.flatMap(({ lines }) => lines).sort()).toEqual(expected.lines);
      expect(fired.flatMap(({ processing }) => processing).sort((a, b) => a - b)).toEqual(expected.processing);
    }),
  );
});
