// Steps of model tests on a backend as a whole.
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Any, STATES, type Step, steps, VALUE } from './model-system.ts';

export const WHOLE_STEPS: readonly fc.WeightedArbitrary<Step>[] = [
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
export const CHECKPOINT_STEPS: readonly fc.WeightedArbitrary<Step>[] = [
  steps(1, 'snapshot', fc.constant('now'), (system) => system.snapshot()),
  steps(1, 'restore', fc.nat(20), (system, which) => system.restore(which)),
];
