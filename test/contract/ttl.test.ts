import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { restored } from '../support/restored.ts';
import { gathered, SetClock, TTL_KINDS, type TtlKind, ttl, ttlState } from '../support/ttl-states.ts';
import { BACKENDS, type Bench, withBackend } from '../support/with-backend.ts';

interface Opened {
  readonly clock: SetClock;
  readonly keyed: Awaited<ReturnType<Bench['open']>> & Awaited<ReturnType<typeof openText>>;
  write(text: string): void;
  read(): string | undefined;
}

function openText(bench: Bench, clock: SetClock) {
  return bench.open({ keyType: Types.STRING, ttlTimeProvider: clock });
}

async function open(bench: Bench, kind: TtlKind, settings: TtlSettings, key = 'k'): Promise<Opened> {
  const clock = new SetClock();
  const keyed = await openText(bench, clock);
  keyed.setCurrentKey(key);
  const state = ttlState(keyed, kind.describe(settings));
  return { clock, keyed, write: (text) => kind.write(state, text), read: () => kind.read(state) };
}

// Cleaning up in the background would remove what is to be read once more.
const QUIET = ttl((builder) => builder.disableCleanupInBackground());

describe.each(Object.entries(BACKENDS))('state that expires on %s', (_backend, create) => {
  describe.each(TTL_KINDS.map((kind) => [kind.name, kind] as const))('of kind %s', (_name, kind) => {
    it('is empty before anything is written (T223)', () =>
      withBackend(create, async (bench) => {
        const { read } = await open(bench, kind, ttl());
        expect(read()).toBeUndefined();
      }));

    it('lives from its last write on, over snapshots, and is removed when it is read after (T224)', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed, read, write } = await open(bench, kind, QUIET);
        write('a');
        clock.now = 20;
        expect(read()).toBe('a');
        clock.now = 120;
        write('b');
        clock.now = 170;
        expect(read()).toBe('b');
        const again = await restored(bench, keyed, { keyType: Types.STRING, ttlTimeProvider: clock });
        again.setCurrentKey('k');
        const state = ttlState(again, kind.describe(QUIET));
        expect(kind.read(state)).toBe('b');
        clock.now = 219;
        expect(kind.read(state)).toBe('b');
        clock.now = 220;
        expect(kind.read(state)).toBeUndefined();
        expect(await again.numKeyValueStateEntries()).toBe(0);
      }));

    it('is read once more, where that is allowed (T225)', () =>
      withBackend(create, async (bench) => {
        const settings = ttl((builder) => builder.returnExpiredIfNotCleanedUp().disableCleanupInBackground());
        const { clock, keyed, read, write } = await open(bench, kind, settings);
        write('a');
        clock.now = 120;
        expect(read()).toBe('a');
        expect(await keyed.numKeyValueStateEntries()).toBe(0);
        expect(read()).toBeUndefined();
      }));

    it('lives on by being read, where it is to (T226)', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed, read, write } = await open(
          bench,
          kind,
          ttl((builder) => builder.updateTtlOnReadAndWrite()),
        );
        write('a');
        clock.now = 50;
        expect(read()).toBe('a');
        clock.now = 120;
        expect(read()).toBe('a');
        clock.now = 250;
        expect(read()).toBeUndefined();
        expect(await keyed.numKeyValueStateEntries()).toBe(0);
      }));

    it('lives on by being read, and is read once more (T227)', () =>
      withBackend(create, async (bench) => {
        const settings = ttl((builder) => builder.updateTtlOnReadAndWrite().returnExpiredIfNotCleanedUp());
        const { clock, read, write } = await open(bench, kind, settings);
        write('a');
        clock.now = 50;
        expect(read()).toBe('a');
        clock.now = 170;
        expect(read()).toBe('a');
        expect(read()).toBeUndefined();
      }));

    it.each([2 ** 63, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])('lives for ever with %d ms (T228)', (ms) =>
      withBackend(create, async (bench) => {
        const { clock, read, write } = await open(bench, kind, StateTtlConfig.newBuilder(ms).build());
        clock.now = 10;
        write('a');
        clock.now = 50;
        expect(read()).toBe('a');
      }),
    );

    it('expires by the time of each key and namespace (T230)', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed } = await open(bench, kind, QUIET);
        const at = (key: string, namespace: string) => {
          keyed.setCurrentKey(key);
          return ttlState(keyed, kind.describe(QUIET), namespace);
        };
        const places = ['id1', 'id2'].flatMap((key) => ['n1', 'n2'].map((namespace) => [key, namespace] as const));
        for (const [index, [key, namespace]] of places.entries()) {
          clock.now = 20 * index;
          kind.write(at(key, namespace), 'a');
        }
        clock.now = 120;
        expect(places.map(([key, namespace]) => kind.read(at(key, namespace)))).toEqual([
          undefined,
          undefined,
          'a',
          'a',
        ]);
        clock.now = 160;
        expect(places.map(([key, namespace]) => kind.read(at(key, namespace)))).toEqual(Array(4).fill(undefined));
      }));

    it('leaves what has expired out of savepoints, where it is told to (T231)', () =>
      withBackend(create, async (bench) => {
        const settings = ttl((builder) => builder.cleanupFullSnapshot().disableCleanupInBackground());
        const { clock, keyed, write } = await open(bench, kind, settings);
        write('a');
        clock.now = 60;
        keyed.setCurrentKey('later');
        write('b');
        clock.now = 120;
        const directory = join(bench.directory, 'savepoint');
        await keyed.savepoint(directory, { uid: 'uid' });
        clock.now = 0;
        const again = await bench.open({
          keyType: Types.STRING,
          ttlTimeProvider: clock,
          restore: (await Savepoint.open(directory)).operator('uid'),
        });
        const state = ttlState(again, kind.describe(settings));
        const reads = ['k', 'later'].map((key) => {
          again.setCurrentKey(key);
          return kind.read(state);
        });
        expect(reads).toEqual([undefined, 'b']);
      }));

    it('has in a snapshot what it was before later changes (T232)', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed } = await open(bench, kind, QUIET);
        const state = ttlState(keyed, kind.describe(QUIET));
        const write = (key: string, text: string) => {
          keyed.setCurrentKey(key);
          kind.write(state, text);
        };
        clock.now = 50;
        write('k1', 'a');
        clock.now = 100;
        write('k2', 'b');
        const handle = await keyed.snapshot(1, bench.storage);
        clock.now = 170;
        write('k1', 'c');
        write('k2', 'd');
        const again = await bench.open({
          keyType: Types.STRING,
          ttlTimeProvider: clock,
          restore: { storage: bench.storage, handle },
        });
        clock.now = 180;
        const old = ttlState(again, kind.describe(QUIET));
        const reads = ['k1', 'k2'].map((key) => {
          again.setCurrentKey(key);
          return kind.read(old);
        });
        expect(reads).toEqual([undefined, 'b']);
      }));

    it('expires in asynchronous calls as in others (T224, T226)', () =>
      withBackend(create, async (bench) => {
        const settings = ttl((builder) => builder.updateTtlOnReadAndWrite().disableCleanupInBackground());
        const { clock, keyed } = await open(bench, kind, settings);
        const state = ttlState(keyed, kind.describe(settings));
        await kind.asyncWrite(state, 'a');
        clock.now = 60;
        expect(await kind.asyncRead(state)).toBe('a');
        clock.now = 120;
        expect(await kind.asyncRead(state)).toBe('a');
        clock.now = 300;
        expect(await kind.asyncRead(state)).toBeUndefined();
        expect(await keyed.numKeyValueStateEntries()).toBe(0);
        await kind.asyncWrite(state, 'b');
        expect(await kind.asyncRead(state)).toBe('b');
      }));

    it('is read, and neither removed nor refreshed, while a snapshot is being captured', () =>
      withBackend(create, async (bench) => {
        const settings = ttl((builder) =>
          builder.updateTtlOnReadAndWrite().returnExpiredIfNotCleanedUp().disableCleanupInBackground(),
        );
        const { clock, keyed, read, write } = await open(bench, kind, settings);
        write('a');
        clock.now = 150;
        const snapshot = keyed.snapshot(1, bench.storage);
        expect([read(), read()]).toEqual(['a', 'a']);
        await snapshot;
        expect([read(), read()]).toEqual(['a', undefined]);
      }));
  });

  describe.each(TTL_KINDS.filter(({ isMerging }) => isMerging).map((kind) => [kind.name, kind] as const))(
    'of kind %s',
    (_name, kind) => {
      it('merges of its namespaces what lives (T229)', () =>
        withBackend(create, async (bench) => {
          const { clock, keyed } = await open(bench, kind, QUIET);
          const at = (namespace: string) => ttlState(keyed, kind.describe(QUIET), namespace);
          kind.write(at('first'), 'x');
          clock.now = 120;
          kind.write(at('second'), 'a');
          clock.now = 150;
          kind.write(at('third'), 'b');
          clock.now = 210;
          at('target').mergeNamespaces('target', ['first', 'second', 'third']);
          expect(kind.read(at('target'))).toBe('ab');
          expect(['first', 'second', 'third'].map((each) => kind.read(at(each)))).toEqual(Array(3).fill(undefined));
        }));

      it('begins anew when what it is added to has expired, also where that could be read', () =>
        withBackend(create, async (bench) => {
          const settings = ttl((builder) => builder.returnExpiredIfNotCleanedUp().disableCleanupInBackground());
          const { clock, keyed, read, write } = await open(bench, kind, settings);
          write('x');
          clock.now = 100;
          write('a');
          await kind.asyncWrite(ttlState(keyed, kind.describe(settings)), 'b');
          const isList = kind.describe(settings).kind === 'LIST';
          expect(read()).toBe(isList ? 'xab' : 'ab');
        }));
    },
  );

  it('answers its default value when the value has expired', () =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      keyed.setCurrentKey('k');
      const state = keyed.getState(new ValueStateDescriptor('v', Types.LONG, 7).enableTimeToLive(ttl()));
      state.update(1);
      clock.now = 100;
      expect(state.value()).toBe(7);
    }));

  it('expires by the clock of the system where there is no other', () =>
    withBackend(create, async ({ open: openBackend }) => {
      const keyed = await openBackend({ keyType: Types.STRING });
      keyed.setCurrentKey('k');
      const state = keyed.getState(
        new ValueStateDescriptor('v', Types.LONG).enableTimeToLive(StateTtlConfig.newBuilder('1 d').build()),
      );
      state.update(1);
      expect(state.value()).toBe(1);
    }));

  it('refuses a clock that is none, and one that does not tell the time', () =>
    withBackend(create, async (bench) => {
      const failure = expect.objectContaining({ code: 'ERR_INVALID_TTL_TIME_PROVIDER' });
      await expect(bench.open({ keyType: Types.STRING, ttlTimeProvider: {} as never })).rejects.toThrow(failure);
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      keyed.setCurrentKey('k');
      const state = keyed.getState(new ValueStateDescriptor('v', Types.LONG).enableTimeToLive(ttl()));
      clock.now = Number.NaN;
      expect(() => state.update(1)).toThrow(failure);
    }));

  it('of a map expires entry by entry, and is iterated over without what has expired (T236)', () =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      keyed.setCurrentKey('k');
      const map = keyed.getMapState(
        new MapStateDescriptor('m', Types.STRING, Types.NULLABLE(Types.STRING)).enableTimeToLive(QUIET),
      );
      map.put('a', 'old');
      map.put('b', null);
      clock.now = 60;
      map.putAll([
        ['c', null],
        ['d', 'new'],
      ]);
      expect(map.contains('b')).toBe(true);
      expect(map.get('b')).toBeNull();
      clock.now = 100;
      expect([...map.keys()]).toEqual(['c', 'd']);
      expect(await keyed.numKeyValueStateEntries()).toBe(2);
      expect([...map.values()]).toEqual([null, 'new']);
      expect([...map].map(({ key, value }) => [key, value])).toEqual([
        ['c', null],
        ['d', 'new'],
      ]);
      expect([map.contains('a'), map.contains('c'), map.isEmpty()]).toEqual([false, true, false]);
      clock.now = 160;
      expect([map.isEmpty(), await map.asyncIsEmpty()]).toEqual([true, true]);
      expect(await gathered(map.asyncKeys())).toEqual([]);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('of a map that is written to while it is iterated over loses nothing that was written', () =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      const map = keyed.getMapState(new MapStateDescriptor('m', Types.STRING, Types.LONG).enableTimeToLive(QUIET));
      keyed.setCurrentKey('k');
      map.putAll([
        ['a', 1],
        ['b', 2],
      ]);
      clock.now = 100;
      for (const entries of [map.entries(), map.entries()]) {
        map.put('b', 3);
        // The iterator is of the first key still.
        keyed.setCurrentKey('other');
        map.put('a', 9);
        [...entries];
        expect(map.get('a')).toBe(9);
        keyed.setCurrentKey('k');
        expect(map.get('b')).toBe(3);
        expect(map.contains('a')).toBe(false);
      }
    }));

  it('of a map has entries whose values are replaced and removed', () =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      keyed.setCurrentKey('k');
      const map = keyed.getMapState(new MapStateDescriptor('m', Types.STRING, Types.LONG).enableTimeToLive(QUIET));
      map.putAll([
        ['a', 1],
        ['b', 2],
      ]);
      clock.now = 50;
      for (const entry of map) {
        if (entry.key === 'a') {
          entry.setValue(5);
          expect(entry.value).toBe(5);
        } else {
          entry.remove();
          expect(entry.value).toBeUndefined();
        }
      }
      clock.now = 120;
      expect([...map].map(({ key, value }) => [key, value])).toEqual([['a', 5]]);
    }));

  it('of a list expires element by element', () =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      keyed.setCurrentKey('k');
      const list = keyed.getListState(new ListStateDescriptor('l', Types.STRING).enableTimeToLive(QUIET));
      list.addAll(['a', 'b']);
      clock.now = 60;
      list.add('c');
      clock.now = 100;
      expect(list.get()).toEqual(['c']);
      expect([...list]).toEqual(['c']);
      list.update(['d']);
      list.addAll([]);
      expect(list.get()).toEqual(['d']);
      expect(() => list.add(null as never)).toThrow(
        'State \'l\' could not be written under key "k", value null: A list',
      );
    }));

  it('of a list that is written to while it is iterated over loses nothing that was written', () =>
    withBackend(create, async (bench) => {
      const clock = new SetClock();
      const keyed = await openText(bench, clock);
      const list = keyed.getListState(new ListStateDescriptor('l', Types.STRING).enableTimeToLive(QUIET));
      keyed.setCurrentKey('k');
      list.addAll(['a', 'b']);
      clock.now = 100;
      const elements = list[Symbol.iterator]();
      const later = list[Symbol.asyncIterator]();
      list.add('c');
      keyed.setCurrentKey('other');
      list.add('d');
      expect([...{ [Symbol.iterator]: () => elements }]).toEqual([]);
      await gathered({ [Symbol.asyncIterator]: () => later });
      expect(list.get()).toEqual(['d']);
      keyed.setCurrentKey('k');
      expect(list.get()).toEqual(['c']);
    }));

  it('names a value that can not be written without its time', () =>
    withBackend(create, async (bench) => {
      const keyed = await openText(bench, new SetClock());
      keyed.setCurrentKey('k');
      const state = keyed.getState(new ValueStateDescriptor('v', Types.LONG).enableTimeToLive(ttl()));
      expect(() => state.update(1.5)).toThrow('State \'v\' could not be written under key "k", value 1.5: A LONG');
      expect(state.value()).toBeUndefined();
    }));
});
