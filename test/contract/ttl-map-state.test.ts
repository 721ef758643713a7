// Map state whose entries expire one by one.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MapStateDescriptor } from '../../lib/api/descriptors.ts';
import type { MapState, MapStateEntry } from '../../lib/api/state.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { TtlValue, ttlValueType } from '../../lib/bytes/ttl-value.ts';
import { Types } from '../../lib/bytes/types.ts';
import { Savepoint } from '../../lib/index.ts';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { ttlOf } from '../support/expiring-states.ts';
import { BACKENDS, type Bench, withBackend } from '../support/with-backend.ts';

const READ = ttlOf((builder) => builder.updateTtlOnReadAndWrite());
const ONCE_EXPIRED = ttlOf((builder) => builder.returnExpiredIfNotCleanedUp());

function mapOf(backend: ExpiringBackend, settings: TtlSettings): MapState<string, number | null> {
  const descriptor = new MapStateDescriptor('map', Types.STRING, Types.NULLABLE(Types.LONG));
  return backend.keyed.getMapState(descriptor.enableTimeToLive(settings));
}

/** 'a' and 'b' of 0, 'c' and 'd' of 60; it is 120 now. */
async function open(bench: Bench, settings: TtlSettings) {
  const backend = await ExpiringBackend.open(bench);
  const map = mapOf(backend, settings);
  map.putAll([
    ['a', 1],
    ['b', 2],
  ]);
  backend.clock.nowMs = 60;
  map.put('c', 3);
  map.put('d', 4);
  backend.clock.nowMs = 120;
  return { backend, clock: backend.clock, map };
}

const stampedType = ttlValueType(Types.NULLABLE(Types.LONG));
// Has the bytes of values that expire, and nothing but the flag of the map's row for null.
const STAMPED_OR_NULL: TypeInformation<TtlValue<number | null> | null> = {
  ...stampedType,
  serializer: {
    id: stampedType.serializer.id,
    length: stampedType.serializer.length,
    ...(stampedType.serializer.snapshot && { snapshot: stampedType.serializer.snapshot }),
    deserialize: (input) => stampedType.serializer.deserialize(input),
    serialize(value, output) {
      if (value !== null) {
        stampedType.serializer.serialize(value, output);
      }
    },
  },
};

const pairs = (entries: Iterable<MapStateEntry<string, number | null>>) =>
  Array.from(entries, ({ key, value }) => [key, value]);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}

const ITERATIONS: readonly (readonly [string, (map: MapState<string, number | null>) => unknown])[] = [
  ['entries', (map) => pairs(map.entries()).map(([key]) => key)],
  ['keys', (map) => [...map.keys()]],
  ['values', (map) => [...map.values()].map((value) => 'abcd'[(value as number) - 1])],
  ['asyncEntries', async (map) => pairs(await all(map.asyncEntries())).map(([key]) => key)],
  ['asyncKeys', (map) => all(map.asyncKeys())],
  ['asyncValues', async (map) => (await all(map.asyncValues())).map((value) => 'abcd'[(value as number) - 1])],
];

describe.each(Object.entries(BACKENDS))('a map whose entries expire on %s', (_name, create) => {
  it.each(ITERATIONS)('passes over expired entries and removes them: %s (T236)', (_what, iterate) =>
    withBackend(create, async (bench) => {
      const { backend, clock, map } = await open(bench, ttlOf());
      expect(await backend.rows()).toBe(4);
      expect(await iterate(map)).toEqual(['c', 'd']);
      expect(await backend.rows()).toBe(2);
      clock.nowMs = 160;
      expect(await iterate(map)).toEqual([]);
      expect(await backend.rows()).toBe(0);
    }),
  );

  it.each(ITERATIONS)('shows expired entries once where that is asked for: %s (T236)', (_what, iterate) =>
    withBackend(create, async (bench) => {
      const { map } = await open(bench, ONCE_EXPIRED);
      expect(await iterate(map)).toEqual(['a', 'b', 'c', 'd']);
      expect(await iterate(map)).toEqual(['c', 'd']);
    }),
  );

  it.each(ITERATIONS)(
    'has entries live on by being iterated over where that is asked for: %s (T236)',
    (_what, iterate) =>
      withBackend(create, async (bench) => {
        const { backend, clock, map } = await open(bench, READ);
        expect(await iterate(map)).toEqual(['c', 'd']);
        clock.nowMs = 219;
        expect(pairs(map)).toEqual([
          ['c', 3],
          ['d', 4],
        ]);
        clock.nowMs = 319;
        expect(await iterate(map)).toEqual([]);
        expect(await backend.rows()).toBe(0);
      }),
  );

  it('expires each entry by itself, and removes what is asked for (T236)', () =>
    withBackend(create, async (bench) => {
      const { backend, map } = await open(bench, ttlOf());
      expect(['a', 'c', 'none'].map((key) => map.get(key))).toEqual([undefined, 3, undefined]);
      expect(await backend.rows()).toBe(3);
      expect([await map.asyncGet('b'), await map.asyncGet('d')]).toEqual([undefined, 4]);
      expect(await backend.rows()).toBe(2);
      expect(pairs(map)).toEqual([
        ['c', 3],
        ['d', 4],
      ]);
    }));

  it('contains what lives, and counts being asked for as being read', () =>
    withBackend(create, async (bench) => {
      const { clock, map } = await open(bench, READ);
      expect([map.contains('a'), map.contains('c'), map.contains('none')]).toEqual([false, true, false]);
      expect([await map.asyncContains('b'), await map.asyncContains('d')]).toEqual([false, true]);
      clock.nowMs = 219;
      expect([...map.keys()]).toEqual(['c', 'd']);
    }));

  it('is empty when all of it has expired', () =>
    withBackend(create, async (bench) => {
      const { clock, map } = await open(bench, ttlOf());
      expect([map.isEmpty(), await map.asyncIsEmpty()]).toEqual([false, false]);
      clock.nowMs = 160;
      expect([map.isEmpty(), await map.asyncIsEmpty()]).toEqual([true, true]);
      map.put('e', 5);
      expect([map.isEmpty(), await map.asyncIsEmpty()]).toEqual([false, false]);
    }));

  it('is not empty while what has expired can be read once more', () =>
    withBackend(create, async (bench) => {
      const { clock, map } = await open(bench, ONCE_EXPIRED);
      clock.nowMs = 160;
      expect([map.isEmpty(), await map.asyncIsEmpty()]).toEqual([false, false]);
      expect([...map.keys()]).toEqual(['a', 'b', 'c', 'd']);
      expect([map.isEmpty(), await map.asyncIsEmpty()]).toEqual([true, true]);
    }));

  it('takes a new value of an entry as written now, and lets one be removed', () =>
    withBackend(create, async (bench) => {
      const { backend, clock, map } = await open(bench, ttlOf());
      const [c, d] = [...map] as [MapStateEntry<string, number>, MapStateEntry<string, number>];
      c.setValue(33);
      expect(c.value).toBe(33);
      d.remove();
      expect(d.value).toBeUndefined();
      expect(() => d.setValue(1)).toThrow(expect.objectContaining({ code: 'ERR_ENTRY_REMOVED' }));
      expect(await backend.rows()).toBe(1);
      clock.nowMs = 219;
      expect(pairs(map)).toEqual([['c', 33]]);
      clock.nowMs = 220;
      expect(pairs(map)).toEqual([]);
    }));

  it('does not take away what is written to an expired entry while it is iterated over', () =>
    withBackend(create, async (bench) => {
      const { backend, map } = await open(bench, ONCE_EXPIRED);
      const seen: string[] = [];
      for (const { key } of map) {
        if (key === 'a') {
          map.put('b', 22);
          map.put('a', 11);
        }
        seen.push(key);
      }
      expect(seen).toEqual(['a', 'b', 'c', 'd']);
      expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([11, 22, 3]);
      expect(await backend.rows()).toBe(4);
    }));

  it('does not take away what is written to an expired entry while it is iterated over asynchronously', () =>
    withBackend(create, async (bench) => {
      const { map } = await open(bench, ONCE_EXPIRED);
      for await (const { key } of map.asyncEntries()) {
        if (key === 'a') {
          await map.asyncPut('b', 22);
          await map.asyncPut('a', 11);
        }
      }
      expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([11, 22, 3]);
    }));

  it('holds null of a type that has it, until it expires (T236)', () =>
    withBackend(create, async (bench) => {
      const { backend, clock, map } = await open(bench, ttlOf());
      map.clear();
      map.put('x', null);
      await map.asyncPut('y', null);
      await backend.restart();
      const again = mapOf(backend, ttlOf());
      clock.nowMs = 219;
      expect([again.get('x'), await again.asyncGet('y'), again.get('z')]).toEqual([null, null, undefined]);
      expect([again.contains('x'), await again.asyncContains('y'), again.isEmpty()]).toEqual([true, true, false]);
      expect(pairs(again)).toEqual([
        ['x', null],
        ['y', null],
      ]);
      clock.nowMs = 220;
      expect([again.contains('x'), await again.asyncContains('y'), again.isEmpty()]).toEqual([false, false, true]);
    }));

  it('takes an entry that Flink has emptied, leaving but the flag of a null, for none (T236)', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open({ keyType: Types.STRING });
      keyed.setCurrentKey('k');
      const stored = keyed.getMapState(new MapStateDescriptor('map', Types.STRING, STAMPED_OR_NULL));
      stored.put('emptied', null);
      stored.put('there', new TtlValue(60, 4));
      stored.put('null', new TtlValue(60, null));
      const directory = join(bench.directory, 'savepoint');
      await keyed.savepoint(directory, { uid: 'uid' });

      const backend = await ExpiringBackend.open(bench);
      backend.clock.nowMs = 120;
      await backend.restart((await Savepoint.open(directory)).operator('uid'));
      const map = mapOf(backend, ONCE_EXPIRED);
      expect([map.get('emptied'), await map.asyncGet('emptied'), map.get('there'), map.get('null')]).toEqual([
        undefined,
        undefined,
        4,
        null,
      ]);
      expect([map.contains('emptied'), await map.asyncContains('emptied')]).toEqual([false, false]);
      const rest = [
        ['null', null],
        ['there', 4],
      ];
      expect(pairs(map).sort()).toEqual(rest);
      expect(pairs(await all(map.asyncEntries())).sort()).toEqual(rest);
      map.remove('there');
      map.remove('null');
      expect([map.isEmpty(), await map.asyncIsEmpty(), [...map.keys()]]).toEqual([true, true, []]);
    }));

  it('keeps the old value, and its time, where a new one can not be written', () =>
    withBackend(create, async (bench) => {
      const { clock, map } = await open(bench, ttlOf());
      const bad = 'no number' as unknown as number;
      const failure = expect.objectContaining({ code: 'ERR_SERIALIZATION' });
      expect(() => map.put('c', bad)).toThrow(failure);
      expect(() =>
        map.putAll([
          ['c', 5],
          ['d', bad],
        ]),
      ).toThrow(failure);
      await expect(map.asyncPut('c', bad)).rejects.toThrow(failure);
      const [entry] = [...map] as [MapStateEntry<string, number>];
      expect(() => entry.setValue(bad)).toThrow(failure);
      expect(map.get('c')).toBe(3);
      clock.nowMs = 160;
      expect(map.get('c')).toBeUndefined();
    }));
});
