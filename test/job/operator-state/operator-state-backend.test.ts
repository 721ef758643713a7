import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperatorStateSnapshot } from '../../../lib/api/operator-state.ts';
import { ListStateDescriptor, MapStateDescriptor, Types, ValueStateDescriptor } from '../../../lib/index.ts';
import { OperatorStateBackend } from '../../../lib/job/operator-state/operator-state-backend.ts';
import { storedOf, subtasksFrom } from '../../support/operator-states.ts';

const POSITIONS = new ListStateDescriptor('positions', Types.LONG);
const NAMES = new ListStateDescriptor('names', Types.STRING);
const PAIR = Types.TUPLE(Types.STRING, Types.INT);
const RULES = new MapStateDescriptor('rules', PAIR, Types.LONG);

function snapshotOf(fill: (store: OperatorStateBackend) => void): OperatorStateSnapshot | undefined {
  const store = new OperatorStateBackend();
  fill(store);
  return store.snapshot();
}

/** The list of each subtask after its snapshots were restored. */
function redealt(
  lists: readonly (readonly number[])[],
  parallelism: number,
  getList: 'getListState' | 'getUnionListState',
): number[][] {
  const snapshots = lists.map((list) => snapshotOf((store) => store[getList](POSITIONS).addAll(list)));
  return subtasksFrom(storedOf(snapshots), parallelism).map((store) => store[getList](POSITIONS).get());
}

describe('a list', () => {
  test('is added to, replaced, cleared and iterated', () => {
    const list = new OperatorStateBackend().getListState(POSITIONS);
    list.add(1);
    list.addAll(new Set([2, 3]));
    expect([...list]).toEqual([1, 2, 3]);
    list.get().push(4);
    expect(list.get()).toEqual([1, 2, 3]);
    list.update([7]);
    expect(list.get()).toEqual([7]);
    list.clear();
    expect(list.get()).toEqual([]);
  });

  test('takes no value that could not be stored, and is as it was then', () => {
    const list = new OperatorStateBackend().getListState(POSITIONS);
    list.add(1);
    expect(() => list.addAll([2, 0.5])).toThrow(/Operator state 'positions' could not be written, value 0.5: /);
    expect(() => list.update([null as never])).toThrow(expect.objectContaining({ code: 'ERR_SERIALIZATION' }));
    expect(() => list.update(5 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_LIST' }));
    expect(list.get()).toEqual([1]);
  });
});

describe('broadcast state', () => {
  test('is a map by what its keys are, in the order of putting', () => {
    const rules = new OperatorStateBackend().getBroadcastState(RULES);
    rules.put(['b', 1], 10);
    rules.putAll([
      [['a', 1], 20],
      [['b', 1], 30],
    ]);
    expect(rules.get(['b', 1])).toBe(30);
    expect(rules.contains(['c', 1])).toBe(false);
    expect([...rules]).toEqual([
      [['b', 1], 30],
      [['a', 1], 20],
    ]);
    rules.remove(['b', 1]);
    expect([...rules.entries()]).toEqual([[['a', 1], 20]]);
    rules.clear();
    expect([...rules.immutableEntries()]).toEqual([]);
    expect(rules.get(['a', 1])).toBeUndefined();
  });

  test('takes no key or value that could not be stored', () => {
    const rules = new OperatorStateBackend().getBroadcastState(RULES);
    expect(() => rules.put(['a', 0.5], 1)).toThrow(/'rules' could not be written, map key \["a", 0.5\]/);
    expect(() => rules.put(['a', 1], 0.5)).toThrow(/'rules' could not be written, value 0.5/);
    expect([...rules]).toEqual([]);
  });
});

describe('a store', () => {
  test('answers the same object for the same name, and names what there is', () => {
    const store = new OperatorStateBackend();
    expect(store.getListState(POSITIONS)).toBe(store.getListState(new ListStateDescriptor('positions', Types.LONG)));
    store.getUnionListState(NAMES);
    expect(store.getBroadcastState(RULES)).toBe(store.getBroadcastState(RULES));
    expect(store.registeredStateNames).toEqual(['positions', 'names']);
    expect(store.registeredBroadcastStateNames).toEqual(['rules']);
  });

  test.each([
    [
      'new',
      (fill: (store: OperatorStateBackend) => void) => {
        const store = new OperatorStateBackend();
        fill(store);
        return store;
      },
    ],
    [
      'restored',
      (fill: (store: OperatorStateBackend) => void) =>
        subtasksFrom(storedOf([snapshotOf(fill)]), 1)[0] as OperatorStateBackend,
    ],
  ])('refuses a name that is known with another kind or type: %s', (_what, make) => {
    const store = make((each) => {
      each.getListState(POSITIONS).add(1);
      each.getBroadcastState(RULES);
    });
    const migration = expect.objectContaining({ code: 'ERR_STATE_MIGRATION' });
    expect(() => store.getUnionListState(POSITIONS)).toThrow("'positions' is known as SPLIT_DISTRIBUTE, not as UNION");
    expect(() => store.getBroadcastState(new MapStateDescriptor('positions', PAIR, PAIR))).toThrow(migration);
    expect(() => store.getListState(new ListStateDescriptor('rules', Types.LONG))).toThrow(migration);
    expect(() => store.getListState(new ListStateDescriptor('positions', Types.INT))).toThrow(
      /'positions' is stored by .*LongSerializer, and the new type writes .*IntSerializer/,
    );
    expect(() => store.getBroadcastState(new MapStateDescriptor('rules', PAIR, PAIR))).toThrow(migration);
    expect(store.getListState(POSITIONS).get()).toEqual([1]);
  });

  test('refuses a descriptor of another kind', () => {
    const store = new OperatorStateBackend();
    const value = new ValueStateDescriptor('value', Types.LONG) as never;
    const invalid = expect.objectContaining({ code: 'ERR_INVALID_DESCRIPTOR' });
    expect(() => store.getListState(value)).toThrow(invalid);
    expect(() => store.getBroadcastState(value)).toThrow(invalid);
  });

  test('has no snapshot before there is state, and one when there is any, though it be empty', () => {
    const store = new OperatorStateBackend();
    expect(store.snapshot()).toBeUndefined();
    store.getListState(POSITIONS);
    expect(store.snapshot()?.states).toEqual([{ name: 'positions', mode: 'SPLIT_DISTRIBUTE', offsets: [] }]);
  });

  test('has in a snapshot what there was, whatever happens after', () => {
    const store = new OperatorStateBackend();
    const objects = store.getListState(new ListStateDescriptor('objects', Types.JSON<{ n: number }>()));
    const object = { n: 1 };
    objects.add(object);
    const snapshot = store.snapshot();
    object.n = 2;
    objects.clear();
    const [restored] = subtasksFrom(storedOf([snapshot]), 1);
    const descriptor = new ListStateDescriptor('objects', Types.JSON<{ n: number }>());
    expect(restored?.getListState(descriptor).get()).toEqual([{ n: 1 }]);
  });

  test('names the state whose value was changed into one that can not be stored', () => {
    const store = new OperatorStateBackend();
    const object: { n: unknown } = { n: 1 };
    store.getListState(new ListStateDescriptor('objects', Types.JSON<unknown>())).add(object);
    object.n = () => 1;
    expect(() => store.snapshot()).toThrow(/Operator state 'objects' could not be written/);
  });
});

describe('restored', () => {
  const lists = fc.array(fc.array(fc.nat()), { minLength: 1, maxLength: 6 });
  const parallelisms = fc.integer({ min: 1, max: 9 });

  test('split state stays where it was, or is dealt out evenly, in order, with nothing lost or doubled', () => {
    fc.assert(
      fc.property(lists, parallelisms, (before, parallelism) => {
        const after = redealt(before, parallelism, 'getListState');
        if (parallelism === before.length) {
          expect(after).toEqual(before);
          return;
        }
        expect(after.flat()).toEqual(before.flat());
        const sizes = after.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  test('every subtask has all of union state, in order', () => {
    fc.assert(
      fc.property(lists, parallelisms, (before, parallelism) => {
        for (const list of redealt(before, parallelism, 'getUnionListState')) {
          expect(list).toEqual(before.flat());
        }
      }),
      { numRuns: 60 },
    );
  });

  test('state that nobody asks for is carried along over any number of restores, whole and once', () => {
    fc.assert(
      fc.property(lists, fc.array(parallelisms, { maxLength: 4 }), (before, between) => {
        const fill = (list: readonly number[]) => (store: OperatorStateBackend) => {
          store.getListState(POSITIONS).addAll(list);
          store.getUnionListState(NAMES).addAll(list.map(String));
          store.getBroadcastState(RULES).put(['a', 1], 7);
        };
        let snapshots = before.map((list) => snapshotOf(fill(list)));
        for (const parallelism of between) {
          snapshots = subtasksFrom(storedOf(snapshots), parallelism).map((store) => store.snapshot());
        }
        const stores = subtasksFrom(storedOf(snapshots), 2);
        const all = before.flat();
        const positions = stores.flatMap((store) => store.getListState(POSITIONS).get());
        expect(positions.toSorted()).toEqual(all.toSorted());
        for (const store of stores) {
          expect(store.getUnionListState(NAMES).get()).toEqual(all.map(String));
          expect([...store.getBroadcastState(RULES)]).toEqual([[['a', 1], 7]]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('each subtask has one copy of broadcast state: its own, or that of another in turn', () => {
    const snapshots = [1, 2, 3].map((value) =>
      snapshotOf((store) => store.getBroadcastState(RULES).put(['own', 1], value)),
    );
    const valuesAt = (parallelism: number) =>
      subtasksFrom(storedOf(snapshots), parallelism).map((store) => store.getBroadcastState(RULES).get(['own', 1]));
    expect(valuesAt(3)).toEqual([1, 2, 3]);
    expect(valuesAt(2)).toEqual([1, 2]);
    expect(valuesAt(5)).toEqual([1, 2, 3, 1, 2]);
  });

  test('a subtask that had no broadcast state has a copy of another', () => {
    const snapshot = snapshotOf((store) => store.getBroadcastState(RULES).put(['a', 1], 1));
    const stores = subtasksFrom(storedOf([undefined, snapshot]), 2);
    expect(stores.map((store) => store.getBroadcastState(RULES).get(['a', 1]))).toEqual([1, 1]);
  });

  test('elements without bytes are not lost', () => {
    const nothing = {
      name: 'nothing',
      serializer: { id: 'test.Nothing', length: 0, serialize() {}, deserialize: () => 0 },
    };
    const descriptor = new ListStateDescriptor('nothing', nothing);
    const snapshot = snapshotOf((store) => {
      store.getListState(descriptor).addAll([0, 0, 0]);
      store.getListState(POSITIONS).addAll([5]);
    });
    const carried = subtasksFrom(storedOf([snapshot]), 2).map((store) => store.snapshot());
    const stores = subtasksFrom(storedOf(carried), 1);
    expect(stores[0]?.getListState(descriptor).get()).toEqual([0, 0, 0]);
    expect(stores[0]?.getListState(POSITIONS).get()).toEqual([5]);
  });

  test('subtasks that disagree on a state are refused', () => {
    const stored = storedOf([
      snapshotOf((store) => store.getListState(POSITIONS)),
      snapshotOf((store) => store.getUnionListState(POSITIONS)),
    ]);
    expect(() => subtasksFrom(stored, 2)).toThrow(/Subtasks 0 and 1 of .* disagree on state 'positions'/);
  });

  test('damaged bytes are an error that names them', () => {
    const snapshot = snapshotOf((store) => store.getListState(NAMES).addAll(['some', 'names']));
    if (snapshot === undefined) {
      expect.fail('there is a snapshot');
    }
    const cut = { ...snapshot, bytes: snapshot.bytes.subarray(0, -6) };
    const store = subtasksFrom(storedOf([cut]), 1)[0];
    expect(() => store?.getListState(NAMES)).toThrow(
      /the operator state of a test can't be read, .*element 1 of 'names'/,
    );
    const far = { ...snapshot, states: [{ name: 'names', mode: 'SPLIT_DISTRIBUTE', offsets: [1e6] }] as const };
    expect(() => subtasksFrom(storedOf([far]), 1)).toThrow(/1000000 is not within/);
    const other = { ...snapshot, states: [{ name: 'other', mode: 'SPLIT_DISTRIBUTE', offsets: [] }] as const };
    expect(() => subtasksFrom(storedOf([other]), 1)).toThrow(/says nothing of state 'other'/);
  });
});
