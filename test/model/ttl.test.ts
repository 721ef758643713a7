// State that expires, with a clock that goes on at random, against a model: whatever is written, read, compacted, snapshotted
// and restored to other key groups, nothing is lost that lives, and nothing is shown that has expired.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import type { KeyedStateHandle, KeyGroupRange } from '../../lib/api/checkpoint.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { keyGroupOf } from '../../lib/keys/key-groups.ts';
import { SetClock, TTL_KINDS, TTL_MS, type TtlKind, ttl, ttlState } from '../support/ttl-states.ts';
import { type Bench, HOT_STATE_BACKENDS, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const MAX_PARALLELISM = 8;
const RUNS = 15;
const WHOLE: KeyGroupRange = { start: 0, end: MAX_PARALLELISM - 1 };
const HALVES: readonly KeyGroupRange[] = [
  { start: 0, end: 3 },
  { start: 4, end: MAX_PARALLELISM - 1 },
];

/** A letter and when it was used last. */
interface Letter {
  readonly text: string;
  usedMs: number;
}

/** What a kind of state should hold. */
class TtlModel {
  readonly #cells: Map<string, Letter[]>;
  readonly #kind: TtlKind;
  readonly #refreshes: boolean;

  constructor(kind: TtlKind, refreshes: boolean, cells = new Map<string, Letter[]>()) {
    this.#kind = kind;
    this.#refreshes = refreshes;
    this.#cells = cells;
  }

  copy(): TtlModel {
    const cells = [...this.#cells].map(([key, letters]) => [key, letters.map((letter) => ({ ...letter }))] as const);
    return new TtlModel(this.#kind, this.#refreshes, new Map(cells));
  }

  write(key: string, text: string, now: number): void {
    const letter = { text, usedMs: now };
    const before = this.#live(key, now);
    if (!this.#kind.isMerging) {
      this.#cells.set(key, [letter]);
    } else if (this.#kind.name.includes('list')) {
      this.#cells.set(key, [...before, letter]);
    } else {
      this.#cells.set(
        key,
        [...before, letter].map((each) => ({ ...each, usedMs: now })),
      );
    }
  }

  read(key: string, now: number): string | undefined {
    const live = this.#live(key, now);
    if (this.#refreshes) {
      for (const letter of live) {
        letter.usedMs = now;
      }
    }
    return live.map(({ text }) => text).join('') || undefined;
  }

  #live(key: string, now: number): Letter[] {
    return (this.#cells.get(key) ?? []).filter(({ usedMs }) => usedMs + TTL_MS > now);
  }
}

type Keyed = KeyedStateBackend<string>;

/** One backend for all key groups, or two with half of them each. */
class TtlSystem {
  readonly clock = new SetClock();
  readonly #bench: Bench;
  readonly #kind: TtlKind;
  readonly #settings: TtlSettings;
  #backends: Keyed[] = [];
  #model: TtlModel;
  #taken: { readonly handles: readonly KeyedStateHandle[]; readonly model: TtlModel } | undefined;
  #checkpoints = 0;

  constructor(bench: Bench, kind: TtlKind, settings: TtlSettings) {
    this.#bench = bench;
    this.#kind = kind;
    this.#settings = settings;
    this.#model = new TtlModel(kind, settings.updateType === 'OnReadAndWrite');
  }

  async open(ranges: readonly KeyGroupRange[], handles?: readonly KeyedStateHandle[]): Promise<void> {
    await Promise.all(this.#backends.map((keyed) => keyed.close()));
    const { storage } = this.#bench;
    this.#backends = [];
    for (const keyGroupRange of ranges) {
      this.#backends.push(
        await this.#bench.open({
          ...{ keyType: Types.STRING, maxParallelism: MAX_PARALLELISM, keyGroupRange, ttlTimeProvider: this.clock },
          ...(handles && { restore: { storage, handles } }),
        }),
      );
    }
  }

  async write(key: string, text: string, isAsync: boolean): Promise<void> {
    const state = this.#stateOf(key);
    this.#model.write(key, text, this.clock.now);
    if (isAsync) {
      await this.#kind.asyncWrite(state, text);
    } else {
      this.#kind.write(state, text);
    }
  }

  async check(key: string, isAsync: boolean): Promise<void> {
    const state = this.#stateOf(key);
    const read = isAsync ? await this.#kind.asyncRead(state) : this.#kind.read(state);
    expect(read).toBe(this.#model.read(key, this.clock.now));
  }

  async checkAll(): Promise<void> {
    for (const key of KEYS) {
      await this.check(key, false);
    }
  }

  async compact(): Promise<void> {
    for (const keyed of this.#backends as (Keyed & Partial<RocksDBInspection>)[]) {
      this.#touch(keyed);
      await keyed.compact?.();
    }
  }

  async snapshot(): Promise<void> {
    const model = this.#model.copy();
    const handles: KeyedStateHandle[] = [];
    for (const keyed of this.#backends) {
      this.#touch(keyed);
      handles.push(await keyed.snapshot(++this.#checkpoints, this.#bench.storage));
    }
    this.#taken = { handles, model };
  }

  async restore(ranges: readonly KeyGroupRange[]): Promise<void> {
    if (this.#taken !== undefined) {
      this.#model = this.#taken.model.copy();
      await this.open(ranges, this.#taken.handles);
    }
  }

  // The state is asked for, so that its rules are known.
  #touch(keyed: Keyed): void {
    ttlState(keyed, this.#kind.describe(this.#settings));
  }

  #stateOf(key: string): ReturnType<typeof ttlState> {
    const keyGroup = keyGroupOf(Types.STRING.hashCode?.(key) ?? 0, MAX_PARALLELISM);
    const keyed = this.#backends.find(({ keyGroupRange: { end } }) => keyGroup <= end) as Keyed;
    keyed.setCurrentKey(key);
    return ttlState(keyed, this.#kind.describe(this.#settings));
  }
}

type Step = (system: TtlSystem) => void | Promise<void>;

const key = fc.constantFrom(...KEYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(key, fc.constantFrom('x', 'y', 'z'), fc.boolean()).map(
      ([at, text, isAsync]): Step =>
        (system) =>
          system.write(at, text, isAsync),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(key, fc.boolean()).map(
      ([at, isAsync]): Step =>
        (system) =>
          system.check(at, isAsync),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.nat(70).map(
      (ms): Step =>
        (system) => {
          system.clock.now += ms;
        },
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((system) => system.compact()) },
  { weight: 1, arbitrary: fc.constant<Step>((system) => system.snapshot()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom([WHOLE], HALVES).map(
      (ranges): Step =>
        (system) =>
          system.restore(ranges),
    ),
  },
);

const SETTINGS: Readonly<Record<string, TtlSettings>> = {
  'by being written': ttl((builder) => builder.cleanupFullSnapshot()),
  'by being read': ttl((builder) => builder.updateTtlOnReadAndWrite().cleanupIncrementally(2, true)),
};

const BACKENDS = {
  ...PLAIN_BACKENDS,
  'RocksDB, little hot state': HOT_STATE_BACKENDS['RocksDB, little hot state'],
};

describe.each(Object.entries(BACKENDS))('state that expires on %s', (_backend, create) => {
  describe.each(Object.entries(SETTINGS))('and lives on %s', (_update, settings) => {
    it.each(TTL_KINDS.map((kind) => [kind.name, kind] as const))(
      'is what the model says, of kind %s',
      (_name, kind) =>
        fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), (program) =>
            withBackend(create, async (bench) => {
              const system = new TtlSystem(bench, kind, settings);
              await system.open([WHOLE]);
              for (const run of program) {
                await run(system);
              }
              await system.checkAll();
            }),
          ),
          { numRuns: RUNS },
        ),
      60_000,
    );
  });
});
