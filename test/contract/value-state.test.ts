import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

// Element by element, `toEqual` takes a minute for large arrays.
function expectSame(found: unknown, expected: unknown): void {
  if (expected instanceof Uint8Array) {
    expect(Buffer.compare(found as Uint8Array, expected)).toBe(0);
  } else {
    expect(found).toEqual(expected);
  }
}

describe.each(Object.entries(BACKENDS))('value state on %s', (_name, create) => {
  it('shows every snapshot its own values after restore (T013)', () =>
    withBackend(create, async ({ open, storage }) => {
      const descriptor = new ValueStateDescriptor('text', Types.STRING);
      const keyed = await open({ keyType: Types.LONG });
      const state = keyed.getState(descriptor);
      keyed.setCurrentKey(1);
      expect(state.value()).toBeUndefined();
      state.update('1');
      keyed.setCurrentKey(2);
      expect(state.value()).toBeUndefined();
      state.update('2');
      const first = await keyed.snapshot(1, storage);
      keyed.setCurrentKey(1);
      state.update('u1');
      keyed.setCurrentKey(3);
      state.update('u3');
      const second = await keyed.snapshot(2, storage);
      await keyed.close();

      for (const [handle, values] of [
        [first, ['1', '2', undefined]],
        [second, ['u1', '2', 'u3']],
      ] as const) {
        const restored = await open({ keyType: Types.LONG, restore: { storage, handle } });
        const text = restored.getState(descriptor);
        const found = [1, 2, 3].map((key) => {
          restored.setCurrentKey(key);
          return text.value();
        });
        expect(found).toEqual(values);
      }
    }));

  it('is undefined without a value (T014)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      keyed.setCurrentKey('k');
      expect(keyed.getState(new ValueStateDescriptor('v', Types.LONG)).value()).toBeUndefined();
    }));

  it('is the default value without a value, a copy for every reader (T015)', () =>
    withBackend(create, async (bench) => {
      const options = { keyType: Types.STRING };
      const descriptor = new ValueStateDescriptor('v', Types.JSON<number[]>(), [-1]);
      const keyed = await bench.open(options);
      for (const backend of [keyed, await restored(bench, keyed, options)]) {
        const state = backend.getState(descriptor);
        const [first, second] = underEach(backend, ['1', '2'], () => state.value());
        expect([first, second]).toEqual([[-1], [-1]]);
        expect(first).not.toBe(second);
        first?.push(0);
        expect(under(backend, '1', () => state.value())).toEqual([-1]);
        expect(descriptor.defaultValue).toEqual([-1]);
      }
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('is the default value again once it is cleared (T015, T016)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const state = keyed.getState(new ValueStateDescriptor('v', Types.LONG, -1));
      keyed.setCurrentKey('k');
      state.update(5);
      expect(state.value()).toBe(5);
      state.update(undefined);
      expect(state.value()).toBe(-1);
      state.update(0);
      expect(state.value()).toBe(0);
      state.clear();
      expect(state.value()).toBe(-1);
      expect([...keyed.getKeys('v')]).toEqual([]);
    }));

  it('is cleared by clear and by an update with undefined (T016)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const state = keyed.getState(new ValueStateDescriptor('v', Types.LONG));
      keyed.setCurrentKey('k');
      state.update(5);
      state.update(undefined);
      expect(state.value()).toBeUndefined();
      state.update(6);
      state.clear();
      expect(state.value()).toBeUndefined();
      state.clear();
      expect(state.value()).toBeUndefined();
    }));

  it('is independent of another state under the same key (T017)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const numbers = keyed.getState(new ValueStateDescriptor('numbers', Types.LONG));
      const texts = keyed.getState(new ValueStateDescriptor('texts', Types.STRING));
      keyed.setCurrentKey('k');
      numbers.update(1);
      texts.update('one');
      numbers.clear();
      expect(texts.value()).toBe('one');
      expect(numbers.value()).toBeUndefined();
    }));

  it('can be read, changed and written under several keys, over a restore (T018)', () =>
    withBackend(create, async (bench) => {
      const options = { keyType: Types.LONG };
      const descriptor = new ValueStateDescriptor('count', Types.LONG, 42);
      const keyed = await bench.open(options);
      const increment = (backend: typeof keyed) =>
        underEach(backend, [1, 2], (key) => {
          const state = backend.getState(descriptor);
          state.update((state.value() ?? 0) + key);
          return state.value();
        });
      expect(increment(keyed)).toEqual([43, 44]);
      expect(increment(keyed)).toEqual([44, 46]);
      const again = await restored(bench, keyed, options);
      expect(increment(again)).toEqual([45, 48]);
      expect(underEach(keyed, [1, 2, 3], () => keyed.getState(descriptor).value())).toEqual([44, 46, 42]);
    }));

  it('gives back values of every type, large and empty ones too', () =>
    withBackend(create, async ({ open, storage }) => {
      const samples: readonly (readonly [TypeInformation<unknown>, readonly unknown[]])[] = [
        [Types.STRING, ['', 'é€\u{1F600}', 'x'.repeat(6_000_000)]],
        [Types.LONG, [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
        [Types.BIGINT, [0n, -(2n ** 63n), 2n ** 63n - 1n]],
        [Types.DOUBLE, [0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY]],
        [Types.BOOLEAN, [true, false]],
        [Types.BYTES, [new Uint8Array(0), Uint8Array.of(0, 255), new Uint8Array(9_000_000).fill(7)]],
        [Types.JSON(), [null, [], { a: [1, 'two', { three: true }] }]],
      ];
      const keyed = await open({ keyType: Types.LONG });
      const write = (type: TypeInformation<unknown>, values: readonly unknown[]) => {
        const state = keyed.getState(new ValueStateDescriptor(type.name, type));
        values.forEach((value, key) => {
          keyed.setCurrentKey(key);
          state.update(value);
          expectSame(state.value(), value);
        });
      };
      for (const [type, values] of samples) {
        write(type, values);
      }
      const handle = await keyed.snapshot(1, storage);
      const restored = await open({ keyType: Types.LONG, restore: { storage, handle } });
      for (const [type, values] of samples) {
        const state = restored.getState(new ValueStateDescriptor(type.name, type));
        values.forEach((value, key) => {
          restored.setCurrentKey(key);
          expectSame(state.value(), value);
        });
      }
    }));

  it('accepts keys of every key type', () =>
    withBackend(create, async ({ open }) => {
      const samples: readonly (readonly [TypeInformation<unknown>, readonly unknown[]])[] = [
        [Types.STRING, ['', 'a', 'x'.repeat(100_000)]],
        [Types.LONG, [0, -1, 2 ** 40]],
        [Types.BIGINT, [0n, 2n ** 63n - 1n]],
        [Types.DOUBLE, [0, -0, Number.NaN, 1.5]],
        [Types.BOOLEAN, [true, false]],
        [Types.BYTES, [new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(1, 0)]],
      ];
      for (const [keyType, keys] of samples) {
        const keyed = await open({ keyType });
        const state = keyed.getState(new ValueStateDescriptor('index', Types.LONG));
        keys.forEach((key, index) => {
          keyed.setCurrentKey(key);
          state.update(index);
        });
        keys.forEach((key, index) => {
          keyed.setCurrentKey(key);
          expect(keyed.getCurrentKey()).toBe(key);
          expect(state.value()).toBe(index);
        });
      }
    }));

  it('keeps the old value when a new one can not be written, and names state and value', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const state = keyed.getState(new ValueStateDescriptor('total', Types.LONG));
      keyed.setCurrentKey('k');
      state.update(1);
      expect(() => state.update(0.5)).toThrow(SerializationError);
      expect(() => state.update(0.5)).toThrow(/State 'total' could not be written under key ".*", value 0\.5: /);
      expect(state.value()).toBe(1);
    }));
});
