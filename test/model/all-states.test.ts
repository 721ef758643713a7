// Random programs over every kind of state, under several keys and namespaces, against plain Maps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, NamespaceOptions, PartitionedState } from '../../lib/api/backend.ts';
import type { KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { AggregateFunction } from '../../lib/api/functions.ts';
import type { AppendingState, MapState } from '../../lib/api/state.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { concatenate } from '../support/functions.ts';
import { Letters, Model, type Place } from '../support/state-model.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const RUNS = 40;
const MOST_STEPS = 1000;
const LEAST_STEPS_IN_ALL = 10_000;

const collected: AggregateFunction<string, { text: string }, string> = {
  createAccumulator: () => ({ text: '' }),
  add(letter, accumulator) {
    accumulator.text += letter;
    return accumulator;
  },
  getResult: ({ text }) => text,
  merge: (first, second) => ({ text: first.text + second.text }),
};

const VALUE = new ValueStateDescriptor('value', Types.STRING);
const MAP = new MapStateDescriptor('map', Types.STRING, Types.JSON<number | null>());
const LIST = new ListStateDescriptor('list', Types.STRING);
const APPENDING: readonly StateDescriptor<AppendingState<string, string | string[] | undefined>>[] = [
  LIST,
  new ReducingStateDescriptor('reducing', concatenate, Types.STRING),
  new AggregatingStateDescriptor('aggregating', collected, Types.JSON<{ text: string }>()),
];
const STATES: readonly StateDescriptor<unknown>[] = [VALUE, MAP, ...APPENDING];

type Any = string | number;

/** Types of keys and namespaces, with few of each, so that they are hit again. Some are prefixes of others. */
interface Layout {
  readonly keyType: TypeInformation<Any>;
  readonly keys: readonly Any[];
  readonly windowType: TypeInformation<Any>;
  readonly windows: readonly Any[];
  readonly maxParallelism: number;
}

const TEXTS = ['', 'a', 'aa', 'ab', '\u0000', 'é', 'x'.repeat(300)];
const NUMBERS = [0, 1, -1, 256, 2 ** 40];
const TEXT = Types.STRING as TypeInformation<Any>;
const NUMBER = Types.LONG as TypeInformation<Any>;

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'text in text': { keyType: TEXT, keys: TEXTS, windowType: TEXT, windows: ['', 'w', 'ww'], maxParallelism: 128 },
  'text in numbers': { keyType: TEXT, keys: TEXTS, windowType: NUMBER, windows: [0, 1, 97], maxParallelism: 1 },
  'numbers in text': {
    keyType: NUMBER,
    keys: NUMBERS,
    windowType: TEXT,
    windows: ['', 'w', 'ww'],
    maxParallelism: 500,
  },
};

/** Where in a layout, by index. */
interface Spot {
  readonly key: number;
  readonly window: number;
}

/** The backend under test, with the model that it is compared to. */
class System {
  model: Model = Model.empty(APPENDING.map(({ name }) => name));
  readonly layout: Layout;
  readonly #bench: Bench;
  readonly #taken: { readonly handle: KeyedStateHandle; readonly model: Model }[] = [];
  #keyed: KeyedStateBackend<Any>;

  private constructor(bench: Bench, layout: Layout, keyed: KeyedStateBackend<Any>) {
    this.#bench = bench;
    this.layout = layout;
    this.#keyed = keyed;
  }

  static async start(bench: Bench, layout: Layout): Promise<System> {
    return new System(bench, layout, await bench.open(layout));
  }

  get keyed(): KeyedStateBackend<Any> {
    return this.#keyed;
  }

  key(index: number): Any {
    return this.layout.keys[index % this.layout.keys.length] as Any;
  }

  window(index: number): Any {
    return this.layout.windows[index % this.layout.windows.length] as Any;
  }

  place({ key, window }: Spot): Place {
    return { key: this.key(key), window: this.window(window) };
  }

  namespace(window: Any): NamespaceOptions<Any> {
    return { namespace: window, namespaceType: this.layout.windowType };
  }

  /** The state with a place's key and namespace selected. */
  at<S>(descriptor: StateDescriptor<S>, { key, window }: Place): PartitionedState<S, Any> {
    this.#keyed.setCurrentKey(key);
    return this.#keyed.getPartitionedState(descriptor, this.namespace(window));
  }

  async snapshot(): Promise<void> {
    const handle = await this.#keyed.snapshot(this.#taken.length + 1, this.#bench.storage);
    this.#taken.push({ handle, model: this.model.copy() });
  }

  async restore(which: number): Promise<void> {
    const chosen = this.#taken[which % Math.max(1, this.#taken.length)];
    if (chosen !== undefined) {
      const { handle, model } = chosen;
      await this.#keyed.close();
      this.#keyed = await this.#bench.open({ ...this.layout, restore: { storage: this.#bench.storage, handle } });
      this.model = model.copy();
    }
  }
}

/** Some calls on the system, and the same on its model. */
class Step {
  readonly run: (system: System) => void | Promise<void>;
  readonly #text: string;

  constructor(name: string, given: unknown, run: (system: System) => void | Promise<void>) {
    this.run = run;
    this.#text = `${name} ${fc.stringify(given)}`;
  }

  // How fast-check shows it in a counterexample.
  [fc.toStringMethod](): string {
    return this.#text;
  }
}

/** Steps of one sort, which come up as often as `weight` says. */
function steps<G>(
  weight: number,
  name: string,
  given: fc.Arbitrary<G>,
  run: (system: System, given: G) => void | Promise<void>,
): fc.WeightedArbitrary<Step> {
  return { weight, arbitrary: given.map((each) => new Step(name, each, (system) => run(system, each))) };
}

const spot: fc.Arbitrary<Spot> = fc.record({ key: fc.nat(6), window: fc.nat(2) });
const text = fc.string({ maxLength: 20 });

const VALUE_STEPS = [
  steps(6, 'value: update', fc.tuple(spot, text), (system, [where, value]) => {
    const place = system.place(where);
    system.at(VALUE, place).update(value);
    system.model.value.set(place, value);
  }),
  steps(2, 'value: clear', spot, (system, where) => {
    const place = system.place(where);
    system.at(VALUE, place).clear();
    system.model.value.delete(place);
  }),
  steps(6, 'value: read', spot, (system, where) => expectValue(system, system.place(where))),
];

function expectValue(system: System, place: Place): void {
  expect(system.at(VALUE, place).value()).toBe(system.model.value.get(place));
}

const mapKey = fc.constantFrom('', 'k', 'kk', 'kl', '\u0000', 'ü', 'y'.repeat(200));
const mapValue = fc.option(fc.nat(99));

/** Changes the model's map of a place. */
function changeMap(system: System, place: Place, change: (map: Map<string, number | null>) => void): void {
  const map = new Map(system.model.map.get(place));
  change(map);
  if (map.size === 0) {
    system.model.map.delete(place);
  } else {
    system.model.map.set(place, map);
  }
}

const MAP_STEPS = [
  steps(6, 'map: put', fc.tuple(spot, mapKey, mapValue), (system, [where, key, value]) => {
    const place = system.place(where);
    system.at(MAP, place).put(key, value);
    changeMap(system, place, (map) => map.set(key, value));
  }),
  steps(3, 'map: putAll', fc.tuple(spot, fc.array(fc.tuple(mapKey, mapValue))), (system, [where, entries]) => {
    const place = system.place(where);
    system.at(MAP, place).putAll(entries);
    changeMap(system, place, (map) => {
      for (const [key, value] of entries) {
        map.set(key, value);
      }
    });
  }),
  steps(3, 'map: remove', fc.tuple(spot, mapKey), (system, [where, key]) => {
    const place = system.place(where);
    system.at(MAP, place).remove(key);
    changeMap(system, place, (map) => map.delete(key));
  }),
  steps(2, 'map: change while iterating', fc.tuple(spot, fc.uniqueArray(mapKey), mapValue), changeWhileIterating),
  steps(1, 'map: clear', spot, (system, where) => {
    const place = system.place(where);
    system.at(MAP, place).clear();
    system.model.map.delete(place);
  }),
  steps(6, 'map: get', fc.tuple(spot, mapKey), (system, [where, key]) => {
    const place = system.place(where);
    const state = system.at(MAP, place);
    const expected = system.model.map.get(place);
    expect(state.get(key)).toBe(expected?.get(key));
    expect(state.contains(key)).toBe(expected?.has(key) ?? false);
  }),
  steps(4, 'map: read', spot, (system, where) => expectMap(system, system.place(where))),
];

/** Removes some entries and sets the others to a value. */
function changeWhileIterating(system: System, [where, removed, value]: [Spot, readonly string[], number | null]): void {
  const place = system.place(where);
  for (const entry of system.at(MAP, place)) {
    if (removed.includes(entry.key)) {
      entry.remove();
    } else {
      entry.setValue(value);
    }
  }
  changeMap(system, place, (map) => {
    for (const key of [...map.keys()]) {
      if (removed.includes(key)) {
        map.delete(key);
      } else {
        map.set(key, value);
      }
    }
  });
}

function expectMap(system: System, place: Place): void {
  const state: MapState<string, number | null> = system.at(MAP, place);
  const expected = system.model.map.get(place) ?? new Map();
  const entries = [...state].map(({ key, value }) => [key, value] as const);
  expect(entries).toHaveLength(expected.size);
  expect(new Map(entries)).toEqual(expected);
  expect([...state.keys()]).toEqual(entries.map(([key]) => key));
  expect([...state.values()]).toEqual(entries.map(([, value]) => value));
  expect(state.isEmpty()).toBe(expected.size === 0);
}

const appending = fc.constantFrom(...APPENDING);
// The list's delimiter is among them.
const letter = fc.constantFrom(...'abcdef,');
const letters = fc.array(letter, { maxLength: 4 });

const APPENDING_STEPS = [
  steps(10, 'appending: add', fc.tuple(appending, spot, letter), (system, [descriptor, where, added]) => {
    const place = system.place(where);
    const cells = system.model.letters(descriptor.name);
    system.at(descriptor, place).add(added);
    cells.set(place, (cells.get(place) ?? new Letters()).plus(added));
  }),
  steps(3, 'list: addAll', fc.tuple(spot, letters), (system, [where, added]) => {
    const place = system.place(where);
    const cells = system.model.letters(LIST.name);
    system.at(LIST, place).addAll(added);
    if (added.length > 0) {
      cells.set(place, (cells.get(place) ?? new Letters()).plus(added.join('')));
    }
  }),
  steps(3, 'list: update', fc.tuple(spot, letters), (system, [where, list]) => {
    const place = system.place(where);
    const cells = system.model.letters(LIST.name);
    system.at(LIST, place).update(list);
    if (list.length > 0) {
      cells.set(place, new Letters(list.join('')));
    } else {
      cells.delete(place);
    }
  }),
  steps(3, 'appending: clear', fc.tuple(appending, spot), (system, [descriptor, where]) => {
    const place = system.place(where);
    system.at(descriptor, place).clear();
    system.model.letters(descriptor.name).delete(place);
  }),
  steps(4, 'appending: merge', fc.tuple(appending, spot, fc.array(fc.nat(2), { maxLength: 4 })), merge),
  steps(8, 'appending: read', fc.tuple(appending, spot), (system, [descriptor, where]) =>
    expectLetters(system, descriptor, system.place(where)),
  ),
];

/** Merges into the place's namespace; the target may be among the sources, and a source may be named twice. */
function merge(
  system: System,
  [descriptor, where, windows]: [(typeof APPENDING)[number], Spot, readonly number[]],
): void {
  const target = system.place(where);
  const sources = windows.map((window) => system.window(window));
  const cells = system.model.letters(descriptor.name);
  system.at(descriptor, target).mergeNamespaces(target.window, sources);
  const places = [...new Set([target.window, ...sources])].map((window) => ({ key: target.key, window }));
  const found = places.flatMap((place) => cells.get(place) ?? []);
  for (const place of places) {
    cells.delete(place);
  }
  if (found.length > 0) {
    cells.set(target, Letters.merged(found));
  }
}

function expectLetters(system: System, descriptor: (typeof APPENDING)[number], place: Place): void {
  const found = system.at(descriptor, place).get();
  const expected = system.model.letters(descriptor.name).get(place);
  if (expected === undefined) {
    expect(found).toEqual(descriptor === LIST ? [] : undefined);
  } else {
    const foundText = Array.isArray(found) ? found.join('') : (found ?? '');
    expect(expected.comparable(foundText)).toBe(expected.comparable());
  }
}

const WHOLE_STEPS = [
  steps(2, 'getKeys', fc.tuple(fc.subarray([...STATES]), fc.nat(2)), (system, [states, index]) => {
    const window = system.window(index);
    const names = states.map(({ name }) => name);
    const places = names.flatMap((name) => system.model.cells(name).places());
    const expected = new Set(places.filter((place) => place.window === window).map(({ key }) => key));
    expect([...system.keyed.getKeys(names, system.namespace(window))].sort()).toEqual([...expected].sort());
  }),
  steps(2, 'getKeysAndNamespaces', fc.constantFrom(...STATES), (system, { name }) => {
    const found = [...system.keyed.getKeysAndNamespaces(name, system.layout.windowType)];
    const expected = system.model.cells(name).places();
    const sorted = (pairs: readonly (readonly [Any, Any])[]) => pairs.map((pair) => JSON.stringify(pair)).sort();
    expect(sorted(found)).toEqual(sorted(expected.map(({ key, window }) => [key, window])));
  }),
  steps(1, 'applyToAllKeys: change values', fc.nat(2), (system, index) => {
    const { value } = system.model;
    const window = system.window(index);
    const change = (before: string | undefined) => (before ?? 'nothing').split('').reverse().join('');
    const visit = (_key: Any, state: { value(): string | undefined; update(value: string): void }) =>
      state.update(change(state.value()));
    system.keyed.applyToAllKeys(VALUE, visit, system.namespace(window));
    for (const place of value.places().filter((each) => each.window === window)) {
      value.set(place, change(value.get(place)));
    }
  }),
  steps(1, 'applyToAllKeys: clear', fc.tuple(fc.constantFrom(...STATES), fc.nat(2)), (system, [descriptor, index]) => {
    const window = system.window(index);
    const cells = system.model.cells(descriptor.name);
    const clear = (_key: Any, state: unknown) => (state as { clear(): void }).clear();
    system.keyed.applyToAllKeys(descriptor, clear, system.namespace(window));
    for (const place of cells.places().filter((each) => each.window === window)) {
      cells.delete(place);
    }
  }),
  steps(1, 'numKeyValueStateEntries', fc.constant('all'), async (system) => {
    expect(await system.keyed.numKeyValueStateEntries()).toBe(system.model.rows);
  }),
];

// Much slower than the others, so they are rare.
const CHECKPOINT_STEPS = [
  steps(1, 'snapshot', fc.constant('now'), (system) => system.snapshot()),
  steps(1, 'restore', fc.nat(20), (system, which) => system.restore(which)),
];

const step = fc.oneof(
  { weight: 150, arbitrary: fc.oneof(...VALUE_STEPS, ...MAP_STEPS, ...APPENDING_STEPS, ...WHOLE_STEPS) },
  ...CHECKPOINT_STEPS,
);
// Without a bias to short programs: the long ones find more, and shrinking makes them short.
const program = fc.noBias(fc.array(step, { maxLength: MOST_STEPS, size: 'max' }));
const layoutName = fc.constantFrom(...Object.keys(LAYOUTS));

function expectAll(system: System): void {
  const { keys, windows } = system.layout;
  for (const place of keys.flatMap((key) => windows.map((window) => ({ key, window })))) {
    expectValue(system, place);
    expectMap(system, place);
    for (const descriptor of APPENDING) {
      expectLetters(system, descriptor, place);
    }
  }
}

describe.each(Object.entries(PLAIN_BACKENDS))('states on %s', (_name, create) => {
  it('are what Maps would be, through snapshots and restores (10,000 steps and more)', {
    timeout: 180_000,
  }, async () => {
    let played = 0;
    await fc.assert(
      fc.asyncProperty(layoutName, program, (name, all) =>
        withBackend(create, async (bench) => {
          const system = await System.start(bench, LAYOUTS[name] as Layout);
          for (const each of all) {
            await each.run(system);
          }
          expectAll(system);
          played += all.length;
        }),
      ),
      { numRuns: RUNS },
    );
    expect(played).toBeGreaterThanOrEqual(LEAST_STEPS_IN_ALL);
  });
});
