// Random programs over several states, with snapshots and restores, against plain Maps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { ValueState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const STATES = ['first', 'second', 'third'];
// Few keys, so that they are hit again; among them prefixes of each other.
const KEYS = ['', 'a', 'aa', 'ab', '\u0000', 'é', 'key', 'x'.repeat(200)];

type Model = Map<string, Map<string, string>>;

class System {
  readonly #bench: Bench;
  #keyed: KeyedStateBackend<string> | undefined;
  #nextId = 1;
  readonly taken: { handle: KeyedStateHandle; model: Model }[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async open(handle?: KeyedStateHandle): Promise<void> {
    await this.#keyed?.close();
    const restore = handle === undefined ? {} : { restore: { storage: this.#bench.storage, handle } };
    this.#keyed = await this.#bench.open({ keyType: Types.STRING, ...restore });
  }

  state(name: string, key: string): ValueState<string> {
    this.keyed.setCurrentKey(key);
    return this.keyed.getState(new ValueStateDescriptor(name, Types.STRING));
  }

  get keyed(): KeyedStateBackend<string> {
    if (this.#keyed === undefined) {
      throw new Error('open first');
    }
    return this.#keyed;
  }

  async snapshot(model: Model): Promise<void> {
    const handle = await this.keyed.snapshot(this.#nextId++, this.#bench.storage);
    this.taken.push({ handle, model: copy(model) });
  }
}

function copy(model: Model): Model {
  return new Map([...model].map(([name, values]) => [name, new Map(values)]));
}

type Step =
  | { readonly do: 'update'; readonly state: string; readonly key: string; readonly value: string }
  | { readonly do: 'clear' | 'read'; readonly state: string; readonly key: string }
  | { readonly do: 'snapshot' }
  | { readonly do: 'restore'; readonly which: number };

const state = fc.constantFrom(...STATES);
const key = fc.constantFrom(...KEYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: fc.record({ do: fc.constant('update' as const), state, key, value: fc.string() }) },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('clear' as const), state, key }) },
  { weight: 40, arbitrary: fc.record({ do: fc.constant('read' as const), state, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('snapshot' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), which: fc.nat() }) },
);

async function play(system: System, steps: readonly Step[]): Promise<void> {
  let model: Model = new Map(STATES.map((name) => [name, new Map()]));
  await system.open();
  for (const next of steps) {
    if (next.do === 'snapshot') {
      await system.snapshot(model);
    } else if (next.do === 'restore') {
      const chosen = system.taken[next.which % Math.max(1, system.taken.length)];
      if (chosen !== undefined) {
        await system.open(chosen.handle);
        model = copy(chosen.model);
      }
    } else {
      apply(system.state(next.state, next.key), model.get(next.state) as Map<string, string>, next);
    }
  }
  for (const [name, values] of model) {
    for (const each of KEYS) {
      expect(system.state(name, each).value()).toBe(values.get(each));
    }
  }
}

function apply(real: ValueState<string>, values: Map<string, string>, next: Extract<Step, { key: string }>): void {
  if (next.do === 'update') {
    real.update(next.value);
    values.set(next.key, next.value);
  } else if (next.do === 'clear') {
    real.clear();
    values.delete(next.key);
  } else {
    expect(real.value()).toBe(values.get(next.key));
  }
}

describe.each(Object.entries(PLAIN_BACKENDS))('value state on %s', (_name, create) => {
  it('is what a Map would be, through snapshots and restores (12,000 steps)', { timeout: 180_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 300, maxLength: 300 }), (steps) =>
        withBackend(create, (bench) => play(new System(bench), steps)),
      ),
      { numRuns: 40 },
    );
  });
});
