// Steps of model tests on value and map state, and what they must show.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { MapState } from '../../lib/api/state.ts';
import { MAP, type Spot, type Step, type System, spot, steps, VALUE } from './model-system.ts';
import type { Place } from './state-model.ts';

const text = fc.string({ maxLength: 20 });

export const VALUE_STEPS: readonly fc.WeightedArbitrary<Step>[] = [
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
  steps(3, 'value: asyncUpdate and asyncValue', fc.tuple(spot, fc.option(text)), async (system, [where, value]) => {
    const place = system.place(where);
    const state = system.at(VALUE, place);
    const calls = [state.asyncUpdate(value ?? undefined), state.asyncValue()];
    // Another key may be current when they are carried out.
    system.at(VALUE, system.place({ key: where.key + 1, window: where.window }));
    expect(await Promise.all(calls)).toEqual([undefined, value ?? undefined]);
    if (value === null) {
      system.model.value.delete(place);
    } else {
      system.model.value.set(place, value);
    }
  }),
  steps(6, 'value: read', spot, (system, where) => expectValue(system, system.place(where))),
];

export function expectValue(system: System, place: Place): void {
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

export const MAP_STEPS: readonly fc.WeightedArbitrary<Step>[] = [
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
  steps(3, 'map: asyncPut and asyncRemove', fc.tuple(spot, mapKey, mapValue, mapKey), async (system, given) => {
    const [where, key, value, removed] = given;
    const place = system.place(where);
    const state = system.at(MAP, place);
    await Promise.all([state.asyncPut(key, value), state.asyncRemove(removed)]);
    changeMap(system, place, (map) => map.set(key, value).delete(removed));
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

export function expectMap(system: System, place: Place): void {
  const state: MapState<string, number | null> = system.at(MAP, place);
  const expected = system.model.map.get(place) ?? new Map();
  const entries = [...state].map(({ key, value }) => [key, value] as const);
  expect(entries).toHaveLength(expected.size);
  expect(new Map(entries)).toEqual(expected);
  expect([...state.keys()]).toEqual(entries.map(([key]) => key));
  expect([...state.values()]).toEqual(entries.map(([, value]) => value));
  expect(state.isEmpty()).toBe(expected.size === 0);
}
