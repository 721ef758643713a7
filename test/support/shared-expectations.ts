// What the shared states hold after `begin` and some rounds of `change`, worked out with plain values.
import type { Listed, SharedKeyType } from './shared-contents.ts';
import { SHARED_KEYS, SHARED_STATES, type SharedState } from './shared-states.ts';

type Kind = SharedState['kind'];
type Mean = readonly [sum: number, count: number];

/** In the order of states, keys and namespaces as they are written. */
export function expectedContents(keyType: SharedKeyType, rounds: readonly number[]): Listed[] {
  return SHARED_STATES.flatMap(({ kind, descriptor, namespaces }) =>
    SHARED_KEYS[keyType].flatMap((key, keyNumber) =>
      namespaces.flatMap((namespace, namespaceNumber) => {
        let value: unknown = firstOf(kind, keyNumber, namespaceNumber);
        for (const round of rounds) {
          const what = (keyNumber + round) % 4;
          value = what === 0 ? undefined : what === 1 ? value : changed(kind, value, round);
        }
        return value === undefined ? [] : [{ state: descriptor.name, key, namespace, value: resultOf(kind, value) }];
      }),
    ),
  );
}

function firstOf(kind: Kind, key: number, namespace: number): unknown {
  const text = `${key}.${namespace}`;
  const numbers = [key, 10 + namespace] as const;
  switch (kind) {
    case 'VALUE':
      return `first ${text}`;
    case 'LIST':
      return ['a', text];
    case 'MAP': {
      const map = new Map<string, number | null>(Object.entries({ one: 1, gone: 2, nothing: null }));
      for (let n = 0; key === 1 && n < 300; n++) {
        map.set(`entry ${n}`, n);
      }
      return map;
    }
    case 'REDUCING':
      return numbers[0] + numbers[1];
    case 'AGGREGATING':
      return [numbers[0] + numbers[1], 2];
  }
}

function changed(kind: Kind, value: unknown, round: number): unknown {
  switch (kind) {
    case 'VALUE':
      return `round ${round}`;
    case 'LIST':
      return [...((value as string[] | undefined) ?? []), `later, in round ${round}`];
    case 'MAP': {
      const map = new Map((value as Map<string, number | null> | undefined) ?? []);
      map.delete('gone');
      return map.set('round', round);
    }
    case 'REDUCING':
      return ((value as number | undefined) ?? 0) + 100 * round;
    case 'AGGREGATING': {
      const [sum, count] = (value as Mean | undefined) ?? [0, 0];
      return [sum + 100 * round, count + 1];
    }
  }
}

function resultOf(kind: Kind, value: unknown): unknown {
  return kind === 'AGGREGATING' ? (value as Mean)[0] / (value as Mean)[1] : value;
}

/** In an order that does not depend on the backend. */
export function sorted(listed: readonly Listed[]): Listed[] {
  const place = ({ state, key, namespace }: Listed): string => JSON.stringify([state, key, namespace]);
  return listed.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
