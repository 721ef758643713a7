// Steps of model tests on list, reducing and aggregating state, and what they must show.
import fc from 'fast-check';
import { expect } from 'vitest';
import { APPENDING, LIST, type Spot, type Step, type System, spot, steps } from './model-system.ts';
import { Letters, type Place } from './state-model.ts';

const appending = fc.constantFrom(...APPENDING);
// The list's delimiter is among them.
const letter = fc.constantFrom(...'abcdef,');
const letters = fc.array(letter, { maxLength: 4 });

export const APPENDING_STEPS: readonly fc.WeightedArbitrary<Step>[] = [
  steps(10, 'appending: add', fc.tuple(appending, spot, letter), (system, [descriptor, where, added]) => {
    const place = system.place(where);
    const cells = system.model.letters(descriptor.name);
    system.at(descriptor, place).add(added);
    cells.set(place, (cells.get(place) ?? new Letters()).plus(added));
  }),
  steps(4, 'appending: asyncAdd twice', fc.tuple(appending, spot, letter), async (system, given) => {
    const [descriptor, where, added] = given;
    const place = system.place(where);
    const cells = system.model.letters(descriptor.name);
    const state = system.at(descriptor, place);
    await Promise.all([state.asyncAdd(added), state.asyncAdd(added)]);
    cells.set(place, (cells.get(place) ?? new Letters()).plus(added + added));
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

export function expectLetters(system: System, descriptor: (typeof APPENDING)[number], place: Place): void {
  const found = system.at(descriptor, place).get();
  const expected = system.model.letters(descriptor.name).get(place);
  if (expected === undefined) {
    expect(found).toEqual(descriptor === LIST ? [] : undefined);
  } else {
    const foundText = Array.isArray(found) ? found.join('') : (found ?? '');
    expect(expected.comparable(foundText)).toBe(expected.comparable());
  }
}
