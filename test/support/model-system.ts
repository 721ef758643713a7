// What model tests run: a keyed backend with a state of every kind, and the model that it is compared to.
import fc from 'fast-check';
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
import type { AppendingState } from '../../lib/api/state.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { concatenate } from './functions.ts';
import { Model, type Place } from './state-model.ts';
import type { Bench } from './with-backend.ts';

const collected: AggregateFunction<string, { text: string }, string> = {
  createAccumulator: () => ({ text: '' }),
  add(letter, accumulator) {
    accumulator.text += letter;
    return accumulator;
  },
  getResult: ({ text }) => text,
  merge: (first, second) => ({ text: first.text + second.text }),
};

export const VALUE: ValueStateDescriptor<string> = new ValueStateDescriptor('value', Types.STRING);
export const MAP: MapStateDescriptor<string, number | null> = new MapStateDescriptor(
  'map',
  Types.STRING,
  Types.JSON<number | null>(),
);
export const LIST: ListStateDescriptor<string> = new ListStateDescriptor('list', Types.STRING);
export const APPENDING: readonly StateDescriptor<AppendingState<string, string | string[] | undefined>>[] = [
  LIST,
  new ReducingStateDescriptor('reducing', concatenate, Types.STRING),
  new AggregatingStateDescriptor('aggregating', collected, Types.JSON<{ text: string }>()),
];
export const STATES: readonly StateDescriptor<unknown>[] = [VALUE, MAP, ...APPENDING];

export type Any = string | number;

/** Types of keys and namespaces, with few of each, so that they are hit again. Some are prefixes of others. */
export interface Layout {
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

export const LAYOUTS: Readonly<Record<string, Layout>> = {
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
export interface Spot {
  readonly key: number;
  readonly window: number;
}

/** The backend under test, with the model that it is compared to. */
export class System {
  model: Model = Model.empty(APPENDING.map(({ name }) => name));
  readonly layout: Layout;
  restores = 0;
  readonly #bench: Bench;
  readonly #taken: { readonly handle: Promise<KeyedStateHandle>; readonly model: Model }[] = [];
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

  /** Takes a snapshot, which may go on while further steps are run. */
  async snapshot(): Promise<void> {
    const model = this.model.copy();
    const snapshot = this.#keyed.snapshot(this.#taken.length + 1, this.#bench.storage);
    this.#taken.push({ handle: snapshot.completed, model });
    await snapshot.captured;
  }

  async restore(which: number): Promise<void> {
    const chosen = this.#taken[which % Math.max(1, this.#taken.length)];
    if (chosen !== undefined) {
      await this.finish();
      const handle = await chosen.handle;
      await this.#keyed.close();
      this.#keyed = await this.#bench.open({ ...this.layout, restore: { storage: this.#bench.storage, handle } });
      this.model = chosen.model.copy();
      this.restores++;
    }
  }

  /** Waits for all snapshots, of which none may fail. */
  async finish(): Promise<void> {
    await Promise.all(this.#taken.map(({ handle }) => handle));
  }

  get snapshots(): number {
    return this.#taken.length;
  }
}

/** Some calls on the system, and the same on its model. */
export interface Step {
  readonly run: (system: System) => void | Promise<void>;
}

class NamedStep implements Step {
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
export function steps<G>(
  weight: number,
  name: string,
  given: fc.Arbitrary<G>,
  run: (system: System, given: G) => void | Promise<void>,
): fc.WeightedArbitrary<Step> {
  return { weight, arbitrary: given.map((each) => new NamedStep(name, each, (system) => run(system, each))) };
}

export const spot: fc.Arbitrary<Spot> = fc.record({ key: fc.nat(6), window: fc.nat(2) });
