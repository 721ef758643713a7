// Timers, whatever is done to them, are those of a set.
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, StateBackend } from '../../lib/api/backend.ts';
import type { RestoreSource } from '../../lib/api/checkpoint.ts';
import type { InternalTimerService } from '../../lib/api/timers.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { stringHashCode } from '../../lib/bytes/java-hash-code.ts';
import { Types } from '../../lib/bytes/types.ts';
import { keyGroupOf, keyGroupRangeOf } from '../../lib/keys/key-groups.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const MAX_PARALLELISM = 4;
const KEYS = ['', 'a', 'aa', 'b', '\u0000', 'é', 'key 7', 'x'.repeat(60)];
const SERVICE = 'timers';
const UID = 'operator';

type Domain = 'event' | 'processing';
type Timer = readonly [domain: Domain, key: string, namespace: string, timestamp: number];

/** One backend for each subtask, and what they should have. */
class System {
  readonly #bench: Bench;
  #timers = new Set<string>();
  #keyeds: KeyedStateBackend<string>[] = [];
  #services: InternalTimerService<string>[] = [];
  #fired: string[] = [];
  #react: (timer: Timer) => void = () => {};
  #last: Record<string, number> = {};
  #taken = 0;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async open(parallelism: number, restore?: RestoreSource): Promise<void> {
    this.#keyeds = [];
    for (let index = 0; index < parallelism; index++) {
      const keyGroupRange = keyGroupRangeOf(index, MAX_PARALLELISM, parallelism);
      const options = { keyType: Types.STRING, maxParallelism: MAX_PARALLELISM, keyGroupRange };
      this.#keyeds.push(await this.#bench.open({ ...options, ...(restore && { restore }) }));
    }
    this.#services = this.#keyeds.map((keyed, index) =>
      keyed.getTimerService(SERVICE, {
        namespaceType: Types.STRING,
        triggerable: {
          onEventTime: (timer) => this.#note(index, ['event', timer.key, timer.namespace, timer.timestamp]),
          onProcessingTime: (timer) => this.#note(index, ['processing', timer.key, timer.namespace, timer.timestamp]),
        },
      }),
    );
  }

  register(timer: Timer): void {
    const [domain, key, namespace, timestamp] = timer;
    const service = this.#serviceOf(key);
    domain === 'event'
      ? service.registerEventTimeTimer(namespace, timestamp)
      : service.registerProcessingTimeTimer(namespace, timestamp);
    this.#timers.add(JSON.stringify(timer));
  }

  delete(timer: Timer): void {
    const [domain, key, namespace, timestamp] = timer;
    const service = this.#serviceOf(key);
    domain === 'event'
      ? service.deleteEventTimeTimer(namespace, timestamp)
      : service.deleteProcessingTimeTimer(namespace, timestamp);
    this.#timers.delete(JSON.stringify(timer));
  }

  /** Every timer that fires registers another one, `later`, which may be due at once. */
  async advance(domain: Domain, time: number, later: number | undefined): Promise<void> {
    this.#fired = [];
    this.#last = {};
    const expected = new Set(this.#timers);
    const due = [...expected]
      .map((text) => JSON.parse(text) as Timer)
      .filter((timer) => timer[0] === domain && timer[3] <= time);
    this.#react = ([, key, namespace, timestamp]) => {
      if (later !== undefined && !namespace.endsWith('+')) {
        this.#registerFiring([domain, key, `${namespace}+`, timestamp + later]);
      }
    };
    const added =
      later === undefined
        ? []
        : due.flatMap(([, key, namespace, timestamp]): Timer[] =>
            namespace.endsWith('+') ? [] : [[domain, key, `${namespace}+`, timestamp + later]],
          );
    for (const service of this.#services) {
      await (domain === 'event' ? service.advanceWatermark(time) : service.advanceProcessingTime(time));
    }
    const dueLater = added.filter(([, , , timestamp]) => timestamp <= time);
    const wanted = new Set([...due, ...dueLater].map((timer) => JSON.stringify(timer)));
    for (const timer of added) {
      this.#timers.add(JSON.stringify(timer));
    }
    for (const text of wanted) {
      this.#timers.delete(text);
    }
    expect(new Set(this.#fired)).toEqual(wanted);
  }

  check(): void {
    const found: string[] = [];
    for (const [index, service] of this.#services.entries()) {
      const keyed = this.#keyeds[index] as KeyedStateBackend<string>;
      service.forEachEventTimeTimer((...timer) =>
        found.push(JSON.stringify(['event', keyed.getCurrentKey(), ...timer])),
      );
      service.forEachProcessingTimeTimer((...timer) =>
        found.push(JSON.stringify(['processing', keyed.getCurrentKey(), ...timer])),
      );
    }
    expect(found.sort()).toEqual([...this.#timers].sort());
    const event = [...this.#timers].filter((text) => text.startsWith('["event"')).length;
    expect(this.#services.reduce((sum, service) => sum + service.numEventTimeTimers(), 0)).toBe(event);
  }

  /** Takes a snapshot, changes timers once it is captured, and goes on from it. */
  async restore(how: 'checkpoint' | 'savepoint', parallelism: number, between: readonly Timer[]): Promise<void> {
    const kept = new Set(this.#timers);
    this.#taken++;
    const restore = how === 'checkpoint' ? await this.#checkpoint(between) : await this.#savepoint(between);
    await Promise.all(this.#keyeds.map((keyed) => keyed.close()));
    this.#timers = kept;
    await this.open(parallelism, restore);
  }

  async #checkpoint(between: readonly Timer[]): Promise<RestoreSource> {
    const { storage } = this.#bench;
    const writer = await storage.begin(this.#taken);
    const snapshots = this.#keyeds.map((keyed) => keyed.snapshot(this.#taken, writer));
    await this.#change(between, snapshots);
    const { handles } = await writer.complete(await Promise.all(snapshots.map(({ completed }) => completed)));
    return { storage, handles };
  }

  async #savepoint(between: readonly Timer[]): Promise<RestoreSource> {
    const path = join(this.#bench.directory, `savepoint-${this.#taken}`);
    const writer = await Savepoint.begin(path);
    const savepoints = this.#keyeds.map((keyed) => keyed.savepoint(writer, { uid: UID }));
    await this.#change(between, savepoints);
    await Promise.all(savepoints.map(({ completed }) => completed as Promise<unknown>));
    await writer.complete();
    return (await Savepoint.open(path)).operator(UID);
  }

  async #change(between: readonly Timer[], taken: readonly { readonly captured: Promise<void> }[]): Promise<void> {
    await Promise.all(taken.map(({ captured }) => captured));
    for (const [index, timer] of between.entries()) {
      index % 2 === 0 ? this.register(timer) : this.delete(timer);
    }
  }

  #serviceOf(key: string): InternalTimerService<string> {
    const index = this.#ownerOf(key);
    (this.#keyeds[index] as KeyedStateBackend<string>).setCurrentKey(key);
    return this.#services[index] as InternalTimerService<string>;
  }

  // The key that fires is the current one.
  #registerFiring([domain, key, namespace, timestamp]: Timer): void {
    const service = this.#services[this.#ownerOf(key)] as InternalTimerService<string>;
    domain === 'event'
      ? service.registerEventTimeTimer(namespace, timestamp)
      : service.registerProcessingTimeTimer(namespace, timestamp);
  }

  #ownerOf(key: string): number {
    const keyGroup = keyGroupOf(stringHashCode(key), MAX_PARALLELISM);
    return this.#keyeds.findIndex(({ keyGroupRange: { start, end } }) => keyGroup >= start && keyGroup <= end);
  }

  #note(index: number, timer: Timer): void {
    const [, key, , timestamp] = timer;
    const text = JSON.stringify(timer);
    expect(this.#keyeds[index]?.getCurrentKey()).toBe(key);
    expect(this.#fired).not.toContain(text);
    // What was registered while others fired may be due before them.
    if (!timer[2].endsWith('+')) {
      expect(timestamp).toBeGreaterThanOrEqual(this.#last[index] ?? Number.NEGATIVE_INFINITY);
      this.#last[index] = timestamp;
    }
    this.#fired.push(text);
    this.#react(timer);
  }
}

type Step = (system: System) => void | Promise<void>;

const timer: fc.Arbitrary<Timer> = fc.tuple(
  fc.constantFrom<Domain>('event', 'processing'),
  fc.constantFrom(...KEYS),
  fc.constantFrom('', 'n'),
  fc.oneof(
    fc.integer({ min: -5, max: 40 }),
    fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 2 ** 32),
  ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.array(timer, { minLength: 1, maxLength: 12 }).map(
      (timers): Step =>
        (system) => {
          for (const each of timers) {
            system.register(each);
          }
        },
    ),
  },
  {
    weight: 4,
    arbitrary: timer.map(
      (each): Step =>
        (system) =>
          system.delete(each),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((system) => system.check()) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: -5, max: 40 }), fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }))
      .map(
        ([time, later]): Step =>
          (system) =>
            system.advance('processing', time, later),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('checkpoint' as const, 'savepoint' as const),
        fc.integer({ min: 1, max: 3 }),
        fc.array(timer, { maxLength: 4 }),
      )
      .map(
        ([how, parallelism, between]): Step =>
          (system) =>
            system.restore(how, parallelism, between),
      ),
  },
);

const rocksdb = (options: Record<string, string>) => () => new EmbeddedRocksDBStateBackend().configure(options);
const withCache = (size: number) => rocksdb({ 'state.backend.rocksdb.timer-service.cache-size': String(size) });

const BACKENDS: Readonly<Record<string, () => StateBackend>> = {
  HashMap: () => new HashMapStateBackend(),
  'RocksDB, timers in memory': rocksdb({ 'state.backend.rocksdb.timer-service.factory': 'HEAP' }),
  'RocksDB, one cached': withCache(1),
  'RocksDB, two cached, hot state': () => withCache(2)().setHotStateCacheSize(8 * 1024),
  'RocksDB, five cached': withCache(5),
  'RocksDB, all cached': withCache(128),
};

describe.each(Object.entries(BACKENDS))('timers on %s', (_name, create) => {
  it('are those of a set, whatever is registered, deleted, fired, restored and rescaled', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) =>
        withBackend(create, async (bench) => {
          const system = new System(bench);
          await system.open(1);
          for (const each of steps) {
            await each(system);
          }
          system.check();
          await system.advance('event', Number.POSITIVE_INFINITY, undefined);
          await system.advance('processing', Number.POSITIVE_INFINITY, undefined);
          system.check();
        }),
      ),
      { numRuns: 15 },
    ),
  );
});
