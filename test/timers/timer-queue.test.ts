import { describe, expect, it } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import { keyGroupOf } from '../../lib/keys/key-groups.ts';
import { CachedPartition } from '../../lib/timers/cached-partition.ts';
import { HeapTimerQueue } from '../../lib/timers/heap-timer-queue.ts';
import type { QueuedTimer } from '../../lib/timers/queued-timer.ts';
import { RocksDBTimerQueue } from '../../lib/timers/rocksdb-timer-queue.ts';
import { TimerCodec } from '../../lib/timers/timer-codec.ts';
import type { TimerQueue } from '../../lib/timers/timer-queue.ts';
import { TimerRows } from '../../lib/timers/timer-rows.ts';
import { withDb } from '../support/with-db.ts';

const RANGE = { start: 0, end: 2 };
const KEY_GROUPS = 3;

/** A queue whose timers are a key and a priority. */
class Queue {
  readonly #queue: TimerQueue;
  readonly #codec = new TimerCodec(Types.LONG.serializer, Types.VOID.serializer);

  constructor(queue: TimerQueue) {
    this.#queue = queue;
  }

  add(key: number, priority: number): boolean {
    return this.#queue.add(groupOf(key), this.#codec.write(priority, key, undefined));
  }

  remove(key: number, priority: number): boolean {
    return this.#queue.remove(groupOf(key), this.#codec.write(priority, key, undefined));
  }

  peek(): [key: number, priority: number] | undefined {
    return this.#read(this.#queue.peek());
  }

  poll(): [key: number, priority: number] | undefined {
    const first = this.peek();
    if (first !== undefined) {
      this.#queue.removeFirst();
    }
    return first;
  }

  pollAll(): [key: number, priority: number][] {
    const polled = [];
    for (let next = this.poll(); next !== undefined; next = this.poll()) {
      polled.push(next);
    }
    return polled;
  }

  get size(): number {
    return this.#queue.count();
  }

  get isEmpty(): boolean {
    return this.#queue.isEmpty;
  }

  all(keyGroup?: number): string[] {
    const timers = keyGroup === undefined ? this.#queue.all() : this.#queue.ofKeyGroup(keyGroup);
    return Array.from(timers, (timer) => String(this.#read(timer)));
  }

  #read(timer: QueuedTimer | undefined): [number, number] | undefined {
    return timer && [this.#codec.keyOf(timer.id), timer.timestamp];
  }
}

function groupOf(key: number): number {
  return keyGroupOf(key, KEY_GROUPS);
}

const heap = (test: (queue: Queue) => void) => Promise.resolve(test(new Queue(new HeapTimerQueue(RANGE))));

const cached = (cacheSize: number, isNew: boolean) => (test: (queue: Queue) => void) =>
  withDb(async (db) => {
    const stored = { rows: new TimerRows(db, KEY_GROUPS, 0), family: await db.createColumnFamily('queue'), cacheSize };
    test(new Queue(new RocksDBTimerQueue(RANGE, stored, isNew)));
  });

const QUEUES = {
  'in memory': heap,
  'in RocksDB': cached(128, true),
  'in RocksDB, with one in memory': cached(1, true),
  'in RocksDB, with three in memory': cached(3, true),
  'in RocksDB, of which nothing is known': cached(3, false),
};

// Of java.util.Random's kind, so that a failure can be repeated.
function* numbers(count: number, below: number, seed = 1): Generator<number, void> {
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield (state >>> 8) % below;
  }
}

function pairs(count: number, keys = Math.max(Math.ceil(count / 4), 64)): [key: number, priority: number][] {
  const priorities = [...numbers(count, Math.ceil(count / 2), 7)];
  return Array.from(numbers(count, keys), (key, index) => [key, priorities[index] as number]);
}

function distinct(timers: readonly (readonly [number, number])[]): Set<string> {
  return new Set(timers.map(String));
}

function expectAscending(polled: readonly (readonly [number, number])[]): void {
  const priorities = polled.map(([, priority]) => priority);
  expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
}

describe.each(Object.entries(QUEUES))('a queue of timers %s', (_name, withQueue) => {
  it('gives what peek shows, in order, while it gets smaller (T001, T211)', () =>
    withQueue((queue) => {
      const timers = pairs(1000);
      for (const timer of timers) {
        queue.add(...timer);
      }
      const { size } = distinct(timers);
      const polled: [number, number][] = [];
      for (let left = size; left > 0; left--) {
        if (left % 100 === 0) {
          expect(queue.size).toBe(left);
        }
        const shown = queue.peek();
        expect(queue.poll()).toEqual(shown);
        polled.push(shown as [number, number]);
      }
      expect(queue.size).toBe(0);
      expectAscending(polled);
      expect(distinct(polled)).toEqual(distinct(timers));
    }));

  it('keeps the order whatever is removed, polled and added in between (T212)', () =>
    withQueue((queue) => {
      const model = new Set<string>();
      for (const [index, timer] of pairs(300).entries()) {
        queue.add(...timer);
        model.add(String(timer));
        if (index % 3 === 0) {
          const head = queue.peek() as [number, number];
          expect(queue.remove(...head)).toBe(true);
          model.delete(String(head));
        } else if (index % 7 === 0) {
          model.delete(String(queue.poll()));
        }
      }
      const polled = queue.pollAll();
      expectAscending(polled);
      expect(distinct(polled)).toEqual(model);
    }));

  it('gives nothing before the first and after the last (T213)', () =>
    withQueue((queue) => {
      expect(queue.poll()).toBeUndefined();
      const timers = pairs(345);
      for (const timer of timers) {
        queue.add(...timer);
      }
      const polled = queue.pollAll();
      expectAscending(polled);
      expect(polled).toHaveLength(distinct(timers).size);
      expect(queue.poll()).toBeUndefined();
    }));

  it('is empty before an addition, and after it was polled (T214)', () =>
    withQueue((queue) => {
      expect(queue.isEmpty).toBe(true);
      queue.add(4711, 42);
      expect(queue.isEmpty).toBe(false);
      expect(queue.poll()).toEqual([4711, 42]);
      expect(queue.isEmpty).toBe(true);
    }));

  it('is a set (T215)', () =>
    withQueue((queue) => {
      const timers = Array.from({ length: 10 }, (_, index): [number, number] => [index, 10 - index]);
      for (const timer of [...timers, ...timers, ...timers]) {
        queue.add(...timer);
      }
      expect(queue.size).toBe(10);
      expect(queue.pollAll()).toHaveLength(10);
    }));

  it('shows each timer once (T216)', () =>
    withQueue((queue) => {
      expect(queue.all()).toEqual([]);
      for (let key = 0; key < 10; key++) {
        queue.add(key, 100 - key);
      }
      expect(queue.all().sort()).toEqual(Array.from({ length: 10 }, (_, key) => `${key},${100 - key}`));
    }));

  it('gives the better one first, whatever comes again (T217)', () =>
    withQueue((queue) => {
      queue.add(1, 10);
      queue.add(1, 10);
      expect(queue.size).toBe(1);
      queue.add(2, 20);
      queue.add(1, 10);
      expect(queue.size).toBe(2);
      expect(queue.pollAll()).toEqual([
        [1, 10],
        [2, 20],
      ]);
    }));

  it('removes only what there is (T218)', () =>
    withQueue((queue) => {
      expect(queue.remove(1, 10)).toBe(false);
      queue.add(1, 10);
      expect(queue.peek()).toEqual([1, 10]);
      expect(queue.remove(1, 10)).toBe(true);
      expect(queue.remove(1, 10)).toBe(false);
      expect(queue.isEmpty).toBe(true);
    }));

  it('loses none of several with the same priority (T219)', () =>
    withQueue((queue) => {
      expect(queue.isEmpty).toBe(true);
      for (const key of [5, 3, 4, 1, 2]) {
        queue.add(key, 7);
      }
      expect(queue.add(9, 8)).toBe(false);
      expect(queue.add(8, 6)).toBe(true);
      const polled = queue.pollAll();
      expect(polled.map(([, priority]) => priority)).toEqual([6, 7, 7, 7, 7, 7, 8]);
      expect(distinct(polled).size).toBe(7);
    }));

  it('has each timer in one key group (T222)', () =>
    withQueue((queue) => {
      const timers = pairs(100);
      for (const timer of timers) {
        queue.add(...timer);
      }
      const subsets = [0, 1, 2].map((keyGroup) => queue.all(keyGroup));
      for (const [keyGroup, subset] of subsets.entries()) {
        expect(subset.length).toBeGreaterThan(0);
        expect(subset.every((timer) => groupOf(Number(timer.split(',')[0])) === keyGroup)).toBe(true);
      }
      expect(subsets.flat().sort()).toEqual([...distinct(timers)].sort());
    }));
});

it('a queue refuses key groups that are not its own (T221)', () => {
  const codec = new TimerCodec(Types.LONG.serializer, Types.VOID.serializer);
  const queue = new HeapTimerQueue({ start: 5, end: 9 });
  for (const keyGroup of [4, 10, -1, Number.NaN]) {
    expect(() => queue.add(keyGroup, codec.write(1, 1, undefined))).toThrow(
      expect.objectContaining({
        code: 'ERR_KEY_GROUP_OUT_OF_RANGE',
        message: `Key group ${keyGroup} of a timer is not in this backend's range 5 to 9.`,
      }),
    );
  }
});

describe('a queue in RocksDB', () => {
  it.each([1, 2, 5, 128])('with %i timers of a key group in memory is as one in memory (T220)', (cacheSize) =>
    cached(
      cacheSize,
      true,
    )((queue) => {
      const inMemory = new Queue(new HeapTimerQueue(RANGE));
      const polled: unknown[] = [];
      for (const [index, timer] of pairs(2000, 20).entries()) {
        for (const each of [queue, inMemory]) {
          each.add(...timer);
          if (index % 5 === 0) {
            each.remove(timer[0], (timer[1] * 3) % 500);
          }
        }
        if (index % 2 === 0) {
          const first = queue.poll();
          expect(first).toEqual(inMemory.poll());
          polled.push(first);
        }
      }
      expect(queue.pollAll()).toEqual(inMemory.pollAll());
      expect(polled).toHaveLength(1000);
    }),
  );

  it('gives 170 timers in order, of which 128 are in memory (T165)', () =>
    cached(
      128,
      true,
    )((queue) => {
      const timestamps = Array.from({ length: 170 }, (_, index) => (index * 101) % 170);
      for (const timestamp of timestamps) {
        queue.add(4, timestamp);
      }
      expect(queue.size).toBe(170);
      expect(queue.pollAll().map(([, timestamp]) => timestamp)).toEqual(timestamps.toSorted((a, b) => a - b));
      expect(queue.isEmpty).toBe(true);
    }));

  it('reads the database only when none of its timers is in memory', () =>
    withDb(async (db) => {
      const rows = new TimerRows(db, KEY_GROUPS, 0);
      let reads = 0;
      const counted = new Proxy(rows, {
        get(target, name) {
          reads += name === 'first' ? 1 : 0;
          const value = Reflect.get(target, name, target) as unknown;
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const codec = new TimerCodec(Types.LONG.serializer, Types.VOID.serializer);
      const family = await db.createColumnFamily('queue');
      const partition = new CachedPartition(0, { rows: counted, family, cacheSize: 4 }, true);
      for (let key = 0; key < 10; key++) {
        partition.add(codec.write(key, key, undefined), key, undefined);
      }
      expect(reads).toBe(0);
      const polled: number[] = [];
      while (partition.first() !== undefined) {
        polled.push(partition.first()?.timestamp as number);
        partition.removeFirst();
        expect(reads).toBe(polled.length < 5 ? 0 : polled.length < 9 ? 1 : 2);
      }
      expect(polled).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }));
});
