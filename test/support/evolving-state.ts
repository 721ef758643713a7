// A state of each kind, whose type or time to live differs from one program to the next.
import { join } from 'node:path';
import { expect } from 'vitest';
import type { KeyedStateBackend, KeyedStateBackendOptions } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { restored } from './restored.ts';
import type { Bench } from './with-backend.ts';

/** The name of the state. */
export const NAME = 'state';
/** The keys that it has values under. */
export const KEYS: readonly string[] = ['a', 'b'];

export type AnyType = TypeInformation<unknown>;

/** A type as it is stored, as it is declared then, and values of both. */
export interface Change {
  readonly change: string;
  readonly stored: AnyType;
  readonly declared: AnyType;
  readonly values: readonly (readonly [stored: unknown, declared: unknown])[];
}

/** A state of two values: its descriptor, how they get into it, what is found of them. */
export interface Kind {
  readonly kind: string;
  of(type: AnyType): StateDescriptor<unknown>;
  fill(state: never, values: readonly unknown[]): void;
  read(state: never): unknown;
  content(values: readonly unknown[]): unknown;
  readonly nothing: unknown;
}

const newer = (_: unknown, value: unknown) => value;

interface One {
  add(value: unknown): void;
  get(): unknown;
}

export const KINDS: readonly Kind[] = [
  {
    kind: 'value',
    of: (type) => new ValueStateDescriptor(NAME, type),
    fill: (state: { update(value: unknown): void }, [first]) => state.update(first),
    read: (state: { value(): unknown }) => state.value(),
    content: ([first]) => first,
    nothing: undefined,
  },
  {
    kind: 'list',
    of: (type) => new ListStateDescriptor(NAME, type),
    fill(state: { add(value: unknown): void }, values) {
      values.forEach((value) => {
        state.add(value);
      });
    },
    read: (state: One) => state.get() ?? [],
    content: (values) => values,
    nothing: [],
  },
  {
    kind: 'map',
    of: (type) => new MapStateDescriptor(NAME, Types.INT, type),
    fill: (state: { putAll(entries: Iterable<unknown>): void }, values) => state.putAll(values.entries()),
    read: (state: Iterable<{ key: unknown; value: unknown }>) => Array.from(state, ({ key, value }) => [key, value]),
    content: (values) => [...values.entries()],
    nothing: [],
  },
  {
    kind: 'reducing',
    of: (type) => new ReducingStateDescriptor(NAME, newer, type),
    fill: (state: One, [first]) => state.add(first),
    read: (state: One) => state.get(),
    content: ([first]) => first,
    nothing: undefined,
  },
  {
    kind: 'aggregating',
    of: (type) =>
      new AggregatingStateDescriptor(
        NAME,
        {
          createAccumulator: () => undefined as unknown,
          add: (value: unknown) => value,
          getResult: (value: unknown) => value,
          merge: newer,
        },
        type,
      ),
    fill: (state: One, [first]) => state.add(first),
    read: (state: One) => state.get(),
    content: ([first]) => first,
    nothing: undefined,
  },
] as readonly Kind[];

/** Keyed state of one program after another, by a clock that is set. */
export class Programs {
  now = 1000;
  readonly #bench: Bench;
  readonly #source: 'checkpoint' | 'savepoint';
  #keyed: KeyedStateBackend<string> | undefined;

  constructor(bench: Bench, source: 'checkpoint' | 'savepoint') {
    this.#bench = bench;
    this.#source = source;
  }

  get keyed(): KeyedStateBackend<string> {
    return this.#keyed as KeyedStateBackend<string>;
  }

  /** The next program goes on from what the one before it left. */
  async next(states: readonly StateDescriptor<unknown>[] = []): Promise<void> {
    const ttlTimeProvider = { currentTimestamp: () => this.now };
    const options = { keyType: Types.STRING, ttlTimeProvider, states };
    this.#keyed = this.#keyed === undefined ? await this.#bench.open(options) : await this.#restored(options);
  }

  /** The state under a key. */
  under(key: string, descriptor: StateDescriptor<unknown>): never {
    this.keyed.setCurrentKey(key);
    return this.keyed.getState(descriptor as never) as never;
  }

  async #restored(options: KeyedStateBackendOptions<string>): Promise<KeyedStateBackend<string>> {
    if (this.#source === 'checkpoint') {
      return restored(this.#bench, this.keyed, options);
    }
    const directory = join(this.#bench.directory, `savepoint-${Math.random()}`);
    await this.keyed.savepoint(directory, { uid: 'it' });
    return this.#bench.open({ ...options, restore: (await Savepoint.open(directory)).operator('it') });
  }
}

/** What a test of one kind and change does with the programs. */
export class Steps {
  readonly programs: Programs;
  readonly #kind: Kind;
  readonly #change: Change;

  constructor(programs: Programs, kind: Kind, change: Change) {
    this.programs = programs;
    this.#kind = kind;
    this.#change = change;
  }

  stored(ttlMs?: number): StateDescriptor<unknown> {
    return this.#with(this.#change.stored, ttlMs);
  }

  declared(ttlMs?: number): StateDescriptor<unknown> {
    return this.#with(this.#change.declared, ttlMs);
  }

  /** Stores what the change begins with. */
  fill(descriptor: StateDescriptor<unknown>): void {
    const values = this.#change.values.map(([value]) => value);
    for (const key of KEYS) {
      this.#kind.fill(this.programs.under(key, descriptor), values);
    }
  }

  /** Stores, under one key, what the change comes to. */
  fillDeclared(key: string, descriptor: StateDescriptor<unknown>): void {
    const values = this.#change.values.map(([, value]) => value);
    this.#kind.fill(this.programs.under(key, descriptor), values);
  }

  expectContent(descriptor: StateDescriptor<unknown>, keys: readonly string[] = KEYS): void {
    const content = this.#kind.content(this.#change.values.map(([, value]) => value));
    expect(this.#read(descriptor, keys)).toEqual(keys.map(() => content));
  }

  expectNothing(descriptor: StateDescriptor<unknown>, keys: readonly string[] = KEYS): void {
    expect(this.#read(descriptor, keys)).toEqual(keys.map(() => this.#kind.nothing));
  }

  #read(descriptor: StateDescriptor<unknown>, keys: readonly string[]): unknown[] {
    return keys.map((key) => this.#kind.read(this.programs.under(key, descriptor)));
  }

  #with(type: AnyType, ttlMs: number | undefined): StateDescriptor<unknown> {
    const descriptor = this.#kind.of(type);
    return ttlMs === undefined ? descriptor : descriptor.enableTimeToLive(StateTtlConfig.newBuilder(ttlMs).build());
  }
}
