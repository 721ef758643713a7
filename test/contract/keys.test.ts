import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, Listing, NamespaceOptions } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const DOUBLED = new ValueStateDescriptor('doubled', Types.LONG);
const COUNT = new ValueStateDescriptor('count', Types.LONG);
const KEYS_PER_NAMESPACE = 1000;

const range = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);
const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

function inNamespace(namespace: string): NamespaceOptions<string> {
  return { namespace, namespaceType: Types.STRING };
}

function double(keyed: KeyedStateBackend<number>, key: number, namespace: string): void {
  keyed.setCurrentKey(key);
  keyed.getPartitionedState(DOUBLED, inNamespace(namespace)).update(2 * key);
}

async function asArray<T>(listing: Listing<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) {
    items.push(item);
  }
  return items;
}

describe.each(Object.entries(BACKENDS))('the listings of %s', (_name, create) => {
  it('name each key of a namespace once (T002)', () =>
    withBackend(create, async (bench) => {
      const options = { keyType: Types.LONG };
      const keyed = await bench.open(options);
      for (const key of range(0, KEYS_PER_NAMESPACE)) {
        double(keyed, key, 'ns1');
        double(keyed, key + KEYS_PER_NAMESPACE, 'ns2');
      }
      for (const backend of [keyed, await restored(bench, keyed, options)]) {
        expect(ascending(backend.getKeys('doubled', inNamespace('ns1')))).toEqual(range(0, 1000));
        expect(ascending(await asArray(backend.getKeys('doubled', inNamespace('ns2'))))).toEqual(range(1000, 2000));
        expect([...backend.getKeys('doubled', inNamespace('ns'))]).toEqual([]);
      }
    }));

  it('name keys that are structs, with what they have left out', () =>
    withBackend(create, async (bench) => {
      const page = { type: Types.STRING, default: '/' };
      const options = { keyType: Types.STRUCT({ user: Types.INT, page }) };
      const keyed = await bench.open(options);
      for (const key of [{ user: 1 }, { user: 1, page: '/' }, { page: 'x', user: 2 }]) {
        keyed.setCurrentKey(key as { user: number; page: string });
        const count = keyed.getState(COUNT);
        count.update((count.value() ?? 0) + 1);
      }
      for (const backend of [keyed, await restored(bench, keyed, options)]) {
        const keys = (await asArray(backend.getKeys('count'))).sort((a, b) => a.user - b.user);
        expect(keys.map(({ user, page }) => [user, page])).toEqual([
          [1, '/'],
          [2, 'x'],
        ]);
        backend.setCurrentKey({ user: 1, page: '/' });
        expect(backend.getState(COUNT).value()).toBe(2);
      }
    }));

  it('name each pair of key and namespace once, after a restore as well (T003)', () =>
    withBackend(create, async (bench) => {
      const options = { keyType: Types.LONG };
      const keyed = await bench.open(options);
      for (const key of range(0, KEYS_PER_NAMESPACE)) {
        double(keyed, key, 'ns1');
        double(keyed, key, 'ns2');
      }
      for (const backend of [keyed, await restored(bench, keyed, options)]) {
        const pairs = [...backend.getKeysAndNamespaces('doubled', Types.STRING)];
        const keysOf = (namespace: string) => pairs.filter((pair) => pair[1] === namespace).map(([key]) => key);
        expect(pairs).toHaveLength(2 * KEYS_PER_NAMESPACE);
        expect(ascending(keysOf('ns1'))).toEqual(range(0, 1000));
        expect(ascending(keysOf('ns2'))).toEqual(range(0, 1000));
        expect(await asArray(backend.getKeysAndNamespaces('doubled', Types.STRING))).toEqual(pairs);
      }
    }));

  it('are empty for an unknown state (T004)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      expect([...keyed.getKeys('unknown')]).toEqual([]);
      expect([...keyed.getKeys([])]).toEqual([]);
      expect(await asArray(keyed.getKeys(['unknown', 'default'], inNamespace('ns')))).toEqual([]);
      expect([...keyed.getKeysAndNamespaces('unknown', Types.STRING)]).toEqual([]);
      expect(await asArray(keyed.getKeysAndNamespaces('unknown', Types.STRING))).toEqual([]);
    }));

  it('name a key of several states once (T005)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const keysOf = { threes: 3, fives: 5, sevens: 7 };
      for (const [name, divisor] of Object.entries(keysOf)) {
        const state = keyed.getState(new ValueStateDescriptor(name, Types.LONG));
        underEach(
          keyed,
          range(0, 500).filter((key) => key % divisor === 0),
          (key) => state.update(key),
        );
      }
      const expected = range(0, 500).filter((key) => key % 3 === 0 || key % 5 === 0);
      expect(ascending(keyed.getKeys(['threes', 'unknown', 'fives']))).toEqual(expected);
      expect(ascending(await asArray(keyed.getKeys(['fives', 'threes', 'fives'])))).toEqual(expected);
    }));

  it('refuse a namespace of another type than the states have, naming the state (T005)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      double(keyed, 1, 'ns');
      keyed.getState(COUNT).update(1);
      const invalid = (state: string) =>
        expect.objectContaining({
          name: 'TypeError',
          code: 'ERR_INVALID_NAMESPACE',
          message: expect.stringContaining(`'${state}'`),
        });
      expect(() => keyed.getKeys('doubled')).toThrow(invalid('doubled'));
      expect(() => keyed.getKeys(['count', 'doubled'])).toThrow(invalid('doubled'));
      expect(() => keyed.getKeys('count', inNamespace('ns'))).toThrow(invalid('count'));
      expect(() => keyed.getKeys('doubled', { namespace: 5, namespaceType: Types.LONG })).toThrow(invalid('doubled'));
      expect(() => keyed.getKeysAndNamespaces('doubled', Types.LONG)).toThrow(invalid('doubled'));
      expect(() => keyed.getKeysAndNamespaces('count', Types.STRING)).toThrow(invalid('count'));
    }));

  it('name the key of a map once however many entries it has', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const map = new MapStateDescriptor('map', Types.LONG, Types.LONG);
      for (const key of ['a', 'aa', 'b']) {
        for (const namespace of ['n', 'nn']) {
          keyed.setCurrentKey(key);
          keyed.getPartitionedState(map, inNamespace(namespace)).putAll(range(0, 300).map((each) => [each, each]));
        }
      }
      expect([...keyed.getKeys('map', inNamespace('n'))].sort()).toEqual(['a', 'aa', 'b']);
      expect([...keyed.getKeysAndNamespaces('map', Types.STRING)].map((pair) => pair.join()).sort()).toEqual(
        ['a', 'aa', 'b'].flatMap((key) => [`${key},n`, `${key},nn`]),
      );
    }));

  it.each([
    ['128 key groups', 128],
    ['more key groups than a byte can number', 1000],
  ])('give back keys and namespaces of every type, with %s (T257)', (_what, maxParallelism) =>
    withBackend(create, async ({ open }) => {
      const samples: readonly (readonly [TypeInformation<unknown>, readonly unknown[]])[] = [
        [Types.STRING, ['', 'a', 'aa', 'é€\u{1F600}', 'x'.repeat(300), 'y'.repeat(70_000)]],
        [Types.LONG, [0, -1, Number.MAX_SAFE_INTEGER]],
        [Types.DOUBLE, [0, -0, 1.5]],
        [Types.BYTES, [new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(1, 0), new Uint8Array(256)]],
      ];
      for (const [keyType, keys] of samples) {
        for (const [namespaceType, namespaces] of samples) {
          const keyed = await open({ keyType, maxParallelism });
          const expected = keys.flatMap((key) => namespaces.map((namespace) => [key, namespace] as const));
          for (const [key, namespace] of expected) {
            keyed.setCurrentKey(key);
            keyed.getPartitionedState(COUNT, { namespace, namespaceType }).update(1);
          }
          const found = [...keyed.getKeysAndNamespaces('count', namespaceType)];
          expect(found).toHaveLength(expected.length);
          expect(found).toEqual(expect.arrayContaining(expected.map((pair) => [...pair])));
          for (const namespace of namespaces) {
            const listed = [...keyed.getKeys('count', { namespace, namespaceType })];
            expect(listed).toHaveLength(keys.length);
            expect(listed).toEqual(expect.arrayContaining([...keys]));
          }
        }
      }
    }),
  );

  it.each([
    ['whose lengths are fixed', Types.INT, Types.INT, (index: number) => index],
    [
      'whose lengths both vary, and run into each other',
      Types.STRING,
      Types.STRING,
      (index: number) => '1'.repeat(index),
    ],
  ] as const)(
    'give back a hundred keys and a hundred namespaces %s (T204, T205)',
    (_what, keyType, namespaceType, item) =>
      withBackend(create, async ({ open }) => {
        const keyed = await open({ keyType: keyType as TypeInformation<unknown> });
        const expected = Array.from({ length: 100 }, (_, index) => [item(index), item(99 - index)]);
        for (const [key, namespace] of expected) {
          keyed.setCurrentKey(key);
          keyed
            .getPartitionedState(COUNT, { namespace, namespaceType: namespaceType as TypeInformation<unknown> })
            .update(1);
        }
        const found = [...keyed.getKeysAndNamespaces('count', namespaceType as TypeInformation<unknown>)];
        expect(found).toHaveLength(100);
        expect(found).toEqual(expect.arrayContaining(expected));
      }),
  );

  it('show what was there when they were asked for', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const count = keyed.getState(COUNT);
      underEach(keyed, [1, 2, 3], (key) => count.update(key));
      const keys = keyed.getKeys('count');
      under(keyed, 4, () => count.update(4));
      under(keyed, 1, () => count.clear());
      expect(ascending(keys)).toEqual([1, 2, 3]);
      expect(ascending(keyed.getKeys('count'))).toEqual([2, 3, 4]);
    }));

  it('can be left before their end', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      for (const key of range(0, KEYS_PER_NAMESPACE)) {
        double(keyed, key, 'ns');
      }
      for (const key of keyed.getKeys('doubled', inNamespace('ns'))) {
        expect(key).toBeGreaterThanOrEqual(0);
        break;
      }
      for await (const [key] of keyed.getKeysAndNamespaces('doubled', Types.STRING)) {
        expect(key).toBeGreaterThanOrEqual(0);
        break;
      }
      // One is never begun.
      keyed.getKeys('doubled', inNamespace('ns'));
      await keyed.close();
    }));

  it('name only keys that have something', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const count = keyed.getState(COUNT);
      underEach(keyed, range(0, 10), (key) => count.update(key));
      underEach(keyed, range(0, 9), () => count.clear());
      keyed.setCurrentKey(11);
      expect([...keyed.getKeys('count')]).toEqual([9]);
    }));
});

describe.each(Object.entries(BACKENDS))('applyToAllKeys on %s', (_name, create) => {
  it('visits each key once, as the current key, and keeps what is written (T006)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const count = keyed.getState(COUNT);
      underEach(keyed, range(0, 100), (key) => count.update(2 * key));
      const visited: number[] = [];
      keyed.applyToAllKeys(COUNT, (key, state) => {
        visited.push(key);
        expect(keyed.getCurrentKey()).toBe(key);
        expect(state.value()).toBe(2 * key);
        state.update(3 * key);
      });
      expect(ascending(visited)).toEqual(range(0, 100));
      expect(underEach(keyed, range(0, 100), () => count.value())).toEqual(range(0, 100).map((key) => 3 * key));
    }));

  it('lets the state of every key be cleared on the way (T007, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const list = new ListStateDescriptor('list', Types.LONG);
      underEach(keyed, range(0, KEYS_PER_NAMESPACE), (key) => keyed.getListState(list).addAll([key, key + 1]));
      let visits = 0;
      keyed.applyToAllKeys(list, (key, state) => {
        expect(state.get()).toEqual([key, key + 1]);
        state.clear();
        visits++;
      });
      expect(visits).toBe(KEYS_PER_NAMESPACE);
      expect([...keyed.getKeys('list')]).toEqual([]);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('does not visit keys that come up on the way', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const count = keyed.getState(COUNT);
      underEach(keyed, range(0, 100), (key) => count.update(key));
      const visited: number[] = [];
      keyed.applyToAllKeys(COUNT, (key) => {
        visited.push(key);
        under(keyed, key + 1000, () => count.update(key));
      });
      expect(ascending(visited)).toEqual(range(0, 100));
      expect([...keyed.getKeys('count')]).toHaveLength(200);
    }));

  it('keeps to a namespace', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      double(keyed, 1, 'here');
      double(keyed, 2, 'here');
      double(keyed, 2, 'there');
      keyed.applyToAllKeys(DOUBLED, (key, state) => state.update(-key), inNamespace('here'));
      const values = (namespace: string) =>
        underEach(keyed, [1, 2], () => keyed.getPartitionedState(DOUBLED, inNamespace(namespace)).value());
      expect(values('here')).toEqual([-1, -2]);
      expect(values('there')).toEqual([undefined, 4]);
    }));

  it('visits nothing in a state that is new', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      keyed.applyToAllKeys(COUNT, () => expect.unreachable());
      expect(() => keyed.getCurrentKey()).toThrow(expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' }));
    }));

  it('ends with what the visitor throws', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      underEach(keyed, [1, 2, 3], (key) => keyed.getState(COUNT).update(key));
      let visits = 0;
      const visit = () => {
        visits++;
        throw new Error('Enough');
      };
      expect(() => keyed.applyToAllKeys(COUNT, visit)).toThrow('Enough');
      expect(visits).toBe(1);
    }));
});
