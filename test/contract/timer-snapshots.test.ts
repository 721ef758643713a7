import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { RestoreSource } from '../../lib/api/checkpoint.ts';
import type { InternalTimerService } from '../../lib/api/timers.ts';
import { Types } from '../../lib/bytes/types.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { HeldStorage } from '../support/held-storage.ts';
import { BACKENDS, type Bench, withBackend } from '../support/with-backend.ts';

type Listed = [domain: string, key: string, namespace: number, timestamp: number];

const KEYS = Array.from({ length: 40 }, (_, index) => `key ${index}`);
const TARGET = { onEventTime() {}, onProcessingTime() {} };

function open(keyed: KeyedStateBackend<string>): InternalTimerService<number> {
  return keyed.getTimerService('kept', { namespaceType: Types.LONG, triggerable: TARGET });
}

/** Some timers of every key; those of other rounds are others. */
function register(keyed: KeyedStateBackend<string>, round: number): Listed[] {
  const timers = open(keyed);
  return KEYS.flatMap((key, index): Listed[] => {
    keyed.setCurrentKey(key);
    timers.registerEventTimeTimer(index % 3, 1000 * round + index);
    timers.registerEventTimeTimer(7, Number.POSITIVE_INFINITY);
    timers.registerProcessingTimeTimer(index % 2, -1000 * round - index);
    return [
      ['event', key, index % 3, 1000 * round + index],
      ['event', key, 7, Number.POSITIVE_INFINITY],
      ['processing', key, index % 2, -1000 * round - index],
    ];
  });
}

function list(keyed: KeyedStateBackend<string>): Listed[] {
  const timers = open(keyed);
  const listed: Listed[] = [];
  timers.forEachEventTimeTimer((...timer) => listed.push(['event', keyed.getCurrentKey(), ...timer]));
  timers.forEachProcessingTimeTimer((...timer) => listed.push(['processing', keyed.getCurrentKey(), ...timer]));
  return sorted(listed);
}

/** What is fired when time comes to its end. */
async function fire(keyed: KeyedStateBackend<string>): Promise<Listed[]> {
  const fired: Listed[] = [];
  const timers = keyed.getTimerService('kept', {
    namespaceType: Types.LONG,
    triggerable: {
      onEventTime: ({ key, namespace, timestamp }) => void fired.push(['event', key, namespace, timestamp]),
      onProcessingTime: ({ key, namespace, timestamp }) => void fired.push(['processing', key, namespace, timestamp]),
    },
  });
  await timers.advanceWatermark(Number.POSITIVE_INFINITY);
  await timers.advanceProcessingTime(Number.POSITIVE_INFINITY);
  return sorted(fired);
}

function sorted(listed: readonly Listed[]): Listed[] {
  const texts = new Map(listed.map((each) => [each.map(String).join(), each]));
  return [...texts.keys()].sort().map((text) => texts.get(text) as Listed);
}

async function checkpoint(keyed: KeyedStateBackend<string>, { storage }: Bench, id: number): Promise<RestoreSource> {
  return { storage, handle: await keyed.snapshot(id, storage) };
}

async function savepoint(keyed: KeyedStateBackend<string>, { directory }: Bench, id: number): Promise<RestoreSource> {
  const path = join(directory, `savepoint-${id}`);
  await keyed.savepoint(path, { uid: 'timers' });
  return (await Savepoint.open(path)).operator('timers');
}

const KINDS = { checkpoint, savepoint };

describe.each(Object.entries(BACKENDS))('timers of %s', (_name, create) => {
  describe.each(Object.entries(KINDS))('in a %s', (_kind, take) => {
    it('are restored, and go on', () =>
      withBackend(create, async (bench) => {
        const first = await bench.open({ keyType: Types.STRING });
        const before = sorted(register(first, 1));
        const source = await take(first, bench, 1);
        const second = await bench.open({ keyType: Types.STRING, restore: source });
        expect(open(second).currentWatermark).toBe(Number.NEGATIVE_INFINITY);
        expect(list(second)).toEqual(before);
        second.setCurrentKey(KEYS[3] as string);
        open(second).deleteEventTimeTimer(0, 1003);
        open(second).registerEventTimeTimer(0, 1003 + 40);
        const after = sorted([
          ...before.filter(([domain, , , timestamp]) => domain !== 'event' || timestamp !== 1003),
          ['event', KEYS[3] as string, 0, 1003 + 40],
        ]);
        const third = await bench.open({ keyType: Types.STRING, restore: await take(second, bench, 2) });
        expect(await fire(third)).toEqual(after);
        expect(list(third)).toEqual([]);
      }));

    it('are those of the moment that it was taken', () =>
      withBackend(create, async (bench) => {
        const keyed = await bench.open({ keyType: Types.STRING });
        const before = sorted(register(keyed, 1));
        const held = new HeldStorage(bench.storage);
        const path = join(bench.directory, 'of-a-moment');
        const isCheckpoint = take === checkpoint;
        const taken = isCheckpoint ? keyed.snapshot(1, held) : keyed.savepoint(path, { uid: 'timers' });
        await taken.captured;
        register(keyed, 2);
        await open(keyed).advanceWatermark(1020);
        held.release();
        const completed = await taken;
        const restore =
          'location' in completed
            ? { storage: bench.storage, handle: completed }
            : (await Savepoint.open(path)).operator('timers');
        const restored = await bench.open({ keyType: Types.STRING, restore });
        expect(list(restored)).toEqual(before);
      }));

    it('are carried along when they are not asked for', () =>
      withBackend(create, async (bench) => {
        const first = await bench.open({ keyType: Types.STRING });
        const before = sorted(register(first, 1));
        const second = await bench.open({ keyType: Types.STRING, restore: await take(first, bench, 1) });
        const third = await bench.open({ keyType: Types.STRING, restore: await take(second, bench, 2) });
        expect(await fire(third)).toEqual(before);
      }));

    it('go to the backends that have their key groups', () =>
      withBackend(create, async (bench) => {
        const keyed = await bench.open({ keyType: Types.STRING });
        const before = sorted(register(keyed, 1));
        const restore = await take(keyed, bench, 1);
        const ranges = [
          { start: 0, end: 50 },
          { start: 51, end: 127 },
        ];
        const halves = await Promise.all(
          ranges.map((keyGroupRange) => bench.open({ keyType: Types.STRING, keyGroupRange, restore })),
        );
        const parts = halves.map(list);
        expect(parts.every((part) => part.length > 0)).toBe(true);
        expect(sorted(parts.flat())).toEqual(before);
        if (take === checkpoint) {
          const writer = await bench.storage.begin(2);
          const handles = await Promise.all(halves.map((half) => half.snapshot(2, writer)));
          const completed = await writer.complete(handles);
          const whole = await bench.open({
            keyType: Types.STRING,
            restore: { storage: bench.storage, handles: completed.handles },
          });
          expect(await fire(whole)).toEqual(before);
        }
      }));

    it('are refused with another type of namespaces', () =>
      withBackend(create, async (bench) => {
        const first = await bench.open({ keyType: Types.STRING });
        register(first, 1);
        const second = await bench.open({ keyType: Types.STRING, restore: await take(first, bench, 1) });
        expect(() => second.getTimerService('kept', { namespaceType: Types.STRING, triggerable: TARGET })).toThrow(
          /The new priority queue serializer must not be incompatible\. Timers of '_timer_state\/event_kept'/,
        );
      }));
  });
});
