import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { InternalTimerService, Triggerable } from '../../lib/api/timers.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { HeldStorage } from '../support/held-storage.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

type Fired = [domain: 'event' | 'processing', key: string, namespace: unknown, timestamp: number, current: string];

/** Timers that note what is fired, and then run `react`. */
function noting<N>(
  keyed: KeyedStateBackend<string>,
  namespaceType: TypeInformation<N>,
  react: (fired: Fired) => void | Promise<void> = () => {},
): { readonly timers: InternalTimerService<N>; readonly fired: Fired[] } {
  const fired: Fired[] = [];
  const note = (domain: Fired[0]): Triggerable<string, N>['onEventTime'] => {
    return ({ key, namespace, timestamp }) => {
      const each: Fired = [domain, key, namespace, timestamp, keyed.getCurrentKey()];
      fired.push(each);
      return react(each);
    };
  };
  const triggerable = { onEventTime: note('event'), onProcessingTime: note('processing') };
  return { timers: keyed.getTimerService('test', { namespaceType, triggerable }), fired };
}

const NO_TRIGGERABLE = { onEventTime() {}, onProcessingTime() {} };

describe.each(Object.entries(BACKENDS))('timers on %s', (_name, create) => {
  it('fire in the order of time, each once, with their key current', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers, fired } = noting(keyed, Types.VOID);
      for (const [key, timestamp] of [
        ['b', 20],
        ['a', -5],
        ['c', 10],
        ['a', 30],
      ] as const) {
        keyed.setCurrentKey(key);
        timers.registerEventTimeTimer(undefined, timestamp);
        timers.registerEventTimeTimer(undefined, timestamp);
      }
      expect(timers.currentWatermark).toBe(Number.NEGATIVE_INFINITY);
      await timers.advanceWatermark(20);
      expect(timers.currentWatermark).toBe(20);
      expect(fired).toEqual([
        ['event', 'a', undefined, -5, 'a'],
        ['event', 'c', undefined, 10, 'c'],
        ['event', 'b', undefined, 20, 'b'],
      ]);
      await timers.advanceWatermark(29);
      expect(fired).toHaveLength(3);
      await timers.advanceWatermark(Number.POSITIVE_INFINITY);
      expect(fired.slice(3)).toEqual([['event', 'a', undefined, 30, 'a']]);
    }));

  it('are apart by key, namespace, time and time domain', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers, fired } = noting(keyed, Types.TIME_WINDOW);
      const windows = [
        { start: 0, end: 10 },
        { start: 10, end: 20 },
      ] as const;
      for (const key of ['a', 'b']) {
        keyed.setCurrentKey(key);
        for (const window of windows) {
          timers.registerEventTimeTimer(window, 9);
          timers.registerEventTimeTimer(window, 8);
          timers.registerProcessingTimeTimer(window, 9);
        }
      }
      expect(timers.numEventTimeTimers()).toBe(8);
      expect(timers.numProcessingTimeTimers()).toBe(4);
      expect(timers.numEventTimeTimers(windows[0])).toBe(2);
      keyed.setCurrentKey('a');
      timers.deleteEventTimeTimer(windows[0], 9);
      timers.deleteEventTimeTimer(windows[0], 9);
      timers.deleteEventTimeTimer(windows[0], 7);
      expect(timers.numEventTimeTimers(windows[0])).toBe(1);
      expect(timers.numEventTimeTimers()).toBe(7);
      await timers.advanceWatermark(100);
      expect(fired).toHaveLength(7);
      expect(fired.filter(([, key, window]) => key === 'a' && window === windows[0])).toEqual([]);
      expect(fired.filter(([domain]) => domain === 'processing')).toEqual([]);
    }));

  it.each<readonly [string, TypeInformation<unknown>, unknown, TypeInformation<unknown>, unknown]>([
    ['LONG and TIME_WINDOW', Types.LONG, 7, Types.TIME_WINDOW, { start: 0, end: 10 }],
    ['STRING and VOID', Types.STRING, 'key', Types.VOID, undefined],
    ['FLOAT and STRING', Types.FLOAT, 0.5, Types.STRING, 'namespace'],
    ['DATE and LONG', Types.DATE, new Date(5), Types.LONG, 3],
  ])(
    'of keys and namespaces of %s are new again once they fired or were deleted',
    (_types, keyType, key, type, namespace) =>
      withBackend(create, async ({ open }) => {
        const keyed = (await open({ keyType })) as unknown as KeyedStateBackend<string>;
        const { timers, fired } = noting(keyed, type);
        for (let round = 0; round < 3; round++) {
          keyed.setCurrentKey(key as string);
          timers.registerEventTimeTimer(namespace, 10);
          timers.registerEventTimeTimer(namespace, 10);
          timers.registerProcessingTimeTimer(namespace, 10);
          await timers.advanceWatermark(10);
          expect([fired.length, timers.numEventTimeTimers()]).toEqual([round + 1, 0]);
        }
        timers.deleteProcessingTimeTimer(namespace, 10);
        expect(timers.numProcessingTimeTimers()).toBe(0);
        timers.registerProcessingTimeTimer(namespace, 10);
        expect(timers.numProcessingTimeTimers()).toBe(1);
      }),
  );

  it('in a window that was changed since are of another window', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers, fired } = noting(keyed, Types.TIME_WINDOW);
      const window = { start: 0, end: 10 };
      keyed.setCurrentKey('a');
      timers.registerEventTimeTimer(window, 9);
      window.start = 5;
      timers.registerEventTimeTimer(window, 9);
      await timers.advanceWatermark(9);
      expect(fired.map(([, , namespace]) => namespace)).toEqual([
        { start: 0, end: 10 },
        { start: 5, end: 10 },
      ]);
    }));

  it('may be registered and deleted while they fire, also for what is due already', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const count = keyed.getState(new ValueStateDescriptor('count', Types.LONG));
      const { timers, fired } = noting(keyed, Types.VOID, ([, , , timestamp]) => {
        count.update((count.value() ?? 0) + 1);
        if (timestamp === 10) {
          timers.registerEventTimeTimer(undefined, 5);
          timers.deleteEventTimeTimer(undefined, 15);
          timers.registerEventTimeTimer(undefined, 20);
          timers.registerEventTimeTimer(undefined, 21);
        }
      });
      keyed.setCurrentKey('a');
      timers.registerEventTimeTimer(undefined, 15);
      timers.registerEventTimeTimer(undefined, 10);
      await timers.advanceWatermark(20);
      expect(fired.map(([, , , timestamp]) => timestamp)).toEqual([10, 5, 20]);
      expect(count.value()).toBe(3);
      expect(timers.numEventTimeTimers()).toBe(1);
    }));

  it('wait for what a handler promises, before the next one fires', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const order: string[] = [];
      const { timers } = noting(keyed, Types.VOID, async ([, key]) => {
        order.push(`begin ${key}`);
        await new Promise(setImmediate);
        order.push(`end ${keyed.getCurrentKey()}`);
      });
      for (const [timestamp, key] of ['a', 'b'].entries()) {
        keyed.setCurrentKey(key);
        timers.registerProcessingTimeTimer(undefined, timestamp);
      }
      const advanced = timers.advanceProcessingTime(1);
      expect(() => timers.advanceProcessingTime(1)).toThrow(expect.objectContaining({ code: 'ERR_TIMERS_FIRING' }));
      await advanced;
      expect(order).toEqual(['begin a', 'end a', 'begin b', 'end b']);
    }));

  it('let go of the one whose handler fails, and of no other', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers, fired } = noting(keyed, Types.VOID, ([, , , timestamp]) => {
        if (timestamp === 2) {
          throw new Error('not this one');
        }
      });
      keyed.setCurrentKey('a');
      for (const timestamp of [1, 2, 3]) {
        timers.registerEventTimeTimer(undefined, timestamp);
      }
      expect(() => timers.advanceWatermark(3)).toThrow('not this one');
      expect(timers.currentWatermark).toBe(3);
      await timers.advanceWatermark(3);
      expect(fired.map(([, , , timestamp]) => timestamp)).toEqual([1, 2, 3]);
    }));

  it('turn the event loop when there are many', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers, fired } = noting(keyed, Types.VOID, () => {
        const end = performance.now() + 1;
        while (performance.now() < end) {}
      });
      for (let index = 0; index < 64; index++) {
        keyed.setCurrentKey(`key ${index}`);
        timers.registerEventTimeTimer(undefined, index);
      }
      let turns = 0;
      const turn = () => {
        turns++;
        if (fired.length < 64) {
          setImmediate(turn);
        }
      };
      setImmediate(turn);
      await timers.advanceWatermark(64);
      expect(fired).toHaveLength(64);
      expect(turns).toBeGreaterThan(2);
    }));

  it('tell what time it is, and when the next one in processing time is due', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { fired } = noting(keyed, Types.VOID);
      let now = 100;
      const noted: number[] = [];
      const timers = keyed.getTimerService('test', {
        namespaceType: Types.VOID,
        triggerable: { ...NO_TRIGGERABLE, onProcessingTime: ({ timestamp }) => void noted.push(timestamp) },
        clock: () => now,
      });
      expect(timers.currentProcessingTime()).toBe(100);
      expect(timers.nextProcessingTime).toBeUndefined();
      keyed.setCurrentKey('a');
      timers.registerProcessingTimeTimer(undefined, 150);
      timers.registerProcessingTimeTimer(undefined, 120);
      timers.registerEventTimeTimer(undefined, 1);
      expect(timers.nextProcessingTime).toBe(120);
      await timers.advanceProcessingTime();
      now = 120;
      await timers.advanceProcessingTime();
      expect(noted).toEqual([120]);
      expect(timers.nextProcessingTime).toBe(150);
      // The triggerable was replaced.
      expect(fired).toEqual([]);
    }));

  it('are shown one by one, with their key current', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers } = noting(keyed, Types.LONG);
      const registered: [string, number, number][] = [
        ['a', 1, 10],
        ['a', 2, Number.POSITIVE_INFINITY],
        ['b', 1, Number.MIN_SAFE_INTEGER],
      ];
      for (const [key, namespace, timestamp] of registered) {
        keyed.setCurrentKey(key);
        timers.registerEventTimeTimer(namespace, timestamp);
      }
      timers.registerProcessingTimeTimer(7, 70);
      const seen: [string, number, number][] = [];
      timers.forEachEventTimeTimer((namespace, timestamp) => seen.push([keyed.getCurrentKey(), namespace, timestamp]));
      expect(seen.sort()).toEqual(registered.sort());
      timers.forEachProcessingTimeTimer((...timer) => expect([keyed.getCurrentKey(), ...timer]).toEqual(['b', 7, 70]));
      expect.assertions(2);
    }));

  it('refuse what is no timer, and changes without a key or while a snapshot is captured', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.STRING });
      const { timers } = noting(keyed, Types.STRING);
      expect(() => timers.registerEventTimeTimer('n', 1)).toThrow(
        expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' }),
      );
      keyed.setCurrentKey('a');
      for (const timestamp of [0.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53, '1' as unknown as number]) {
        const invalid = expect.objectContaining({ name: 'RangeError', code: 'ERR_INVALID_TIMESTAMP' });
        expect(() => timers.registerEventTimeTimer('n', timestamp)).toThrow(invalid);
        expect(() => timers.deleteProcessingTimeTimer('n', timestamp)).toThrow(invalid);
      }
      expect(() => timers.advanceWatermark(Number.NaN)).toThrow(expect.objectContaining({ name: 'RangeError' }));
      expect(() => timers.registerEventTimeTimer(null as unknown as string, 1)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_NAMESPACE' }),
      );
      expect(() => timers.registerEventTimeTimer(5 as unknown as string, 1)).toThrow(
        /State '_timer_state\/event_test' could not be accessed under key "a", namespace 5: A STRING must be/,
      );
      timers.registerEventTimeTimer('n', 1);
      const held = new HeldStorage(storage);
      const snapshot = keyed.snapshot(1, held);
      const captured = expect.objectContaining({ code: 'ERR_SNAPSHOT_BEING_CAPTURED' });
      expect(() => timers.registerEventTimeTimer('n', 2)).toThrow(captured);
      expect(() => timers.deleteEventTimeTimer('n', 1)).toThrow(captured);
      expect(() => timers.advanceWatermark(1)).toThrow(captured);
      await snapshot.captured;
      expect(timers.numEventTimeTimers()).toBe(1);
      held.release();
      await snapshot;
      await keyed.close();
      const closed = expect.objectContaining({ code: 'ERR_BACKEND_CLOSED' });
      expect(() => timers.registerEventTimeTimer('n', 2)).toThrow(closed);
      expect(() => timers.numEventTimeTimers()).toThrow(closed);
      expect(() => keyed.getTimerService('test', { namespaceType: Types.STRING, triggerable: NO_TRIGGERABLE })).toThrow(
        closed,
      );
    }));

  it('have one service for each name, with one type of namespaces', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const options = { namespaceType: Types.VOID, triggerable: NO_TRIGGERABLE };
      const timers = keyed.getTimerService('one', options);
      expect(keyed.getTimerService('one', options)).toBe(timers);
      expect(keyed.getTimerService('two', options)).not.toBe(timers);
      expect(() => keyed.getTimerService('one', { ...options, namespaceType: Types.LONG })).toThrow(
        expect.objectContaining({
          name: 'StateMigrationError',
          message: expect.stringContaining('The new priority queue serializer must not be incompatible.'),
        }),
      );
      const taken = new ValueStateDescriptor('_timer_state/event_three', Types.LONG);
      keyed.getState(taken);
      expect(() => keyed.getTimerService('three', options)).toThrow(/known as VALUE, not as timers/);
      expect(() => keyed.getState(new ValueStateDescriptor('_timer_state/event_one', Types.LONG))).toThrow(
        /known as PRIORITY_QUEUE/,
      );
      expect(() => keyed.getTimerService('', options)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_NAME' }));
      expect(() => keyed.getTimerService('four', { ...options, triggerable: {} as never })).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_TRIGGERABLE' }),
      );
      expect(() => keyed.getTimerService('four', { ...options, namespaceType: undefined as never })).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_NAMESPACE' }),
      );
    }));
});
