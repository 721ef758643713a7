// The operations of each kind of state that are tracked: under which name, and what in a call has a size.
import type { StateKind } from '../api/descriptors.ts';
import type { MapStateEntry } from '../api/state.ts';

/** Something with a size: the current key with the key within a map, and values. */
export interface Sized {
  readonly userKey?: unknown;
  /** Absent: there is no value to speak of. `undefined` and `null` have size 0. */
  readonly values?: Iterable<unknown>;
  /** The size of the key is not counted. */
  readonly keyless?: true;
}

/** An operation. Its asynchronous form, `asyncGet` of `get`, is the same operation. */
export interface Operation {
  /** The names of its metrics begin with this. */
  readonly metric: string;
  /** Where the sizes are counted under another operation's name. */
  readonly sizeMetric?: string;
  /** What of a call has a size; only its time is tracked without. */
  readonly sizes?: (args: readonly unknown[], result: unknown) => readonly Sized[];
  /** The first argument is an iterable, which can be read only once. */
  readonly iterable?: true;
  /** The result is an iterator; what it gives are elements of this kind. */
  readonly elements?: 'entry' | 'key' | 'value';
}

type Operations = Readonly<Record<string | symbol, Operation>>;
type Entries = Iterable<readonly [unknown, unknown]>;

const keyOnly = () => [{}];
const answer = (_args: readonly unknown[], value: unknown) => [{ values: [value] }];
const argument = ([value]: readonly unknown[]) => [{ values: [value] }];
const answerList = (_args: readonly unknown[], values: unknown) => [{ values: values as unknown[] }];
const argumentList = ([values]: readonly unknown[]) => [{ values: values as unknown[] }];
const userKey = ([key]: readonly unknown[]) => [{ userKey: key }];

const CLEAR: Operations = { clear: { metric: 'stateClear' } };

/** By the name of the method. */
export const STATE_OPERATIONS: Readonly<Record<StateKind, Operations>> = {
  VALUE: {
    ...CLEAR,
    value: { metric: 'valueStateGet', sizes: answer },
    update: { metric: 'valueStateUpdate', sizes: argument },
  },
  LIST: {
    ...CLEAR,
    get: { metric: 'listStateGet', sizes: answerList },
    add: { metric: 'listStateAdd', sizes: argument },
    addAll: { metric: 'listStateAddAll', sizes: argumentList, iterable: true },
    update: { metric: 'listStateUpdate', sizes: argumentList, iterable: true },
    mergeNamespaces: { metric: 'listStateMergeNamespaces' },
  },
  MAP: {
    ...CLEAR,
    get: { metric: 'mapStateGet', sizes: ([key], value) => [{ userKey: key, values: [value] }] },
    put: { metric: 'mapStatePut', sizes: ([key, value]) => [{ userKey: key, values: [value] }] },
    putAll: {
      metric: 'mapStatePutAll',
      sizeMetric: 'mapStatePut',
      sizes: ([entries]) => Array.from(entries as Entries, ([key, value]) => ({ userKey: key, values: [value] })),
      iterable: true,
    },
    remove: { metric: 'mapStateRemove', sizes: userKey },
    contains: { metric: 'mapStateContains', sizes: userKey },
    isEmpty: { metric: 'mapStateIsEmpty', sizes: keyOnly },
    entries: { metric: 'mapStateEntriesInit', elements: 'entry' },
    keys: { metric: 'mapStateKeysInit', elements: 'key' },
    values: { metric: 'mapStateValuesInit', elements: 'value' },
    [Symbol.iterator]: { metric: 'mapStateIteratorInit', elements: 'entry' },
  },
  REDUCING: {
    ...CLEAR,
    get: { metric: 'reducingStateGet', sizes: answer },
    add: { metric: 'reducingStateAdd', sizes: argument },
    mergeNamespaces: { metric: 'reducingStateMergeNamespaces' },
  },
  AGGREGATING: {
    ...CLEAR,
    get: { metric: 'aggregatingStateGet', sizes: keyOnly },
    add: { metric: 'aggregatingStateAdd', sizes: keyOnly },
    mergeNamespaces: { metric: 'aggregatingStateMergeNamespaces' },
  },
};

/** Moving an iterator of a map on. */
export const ITERATOR_NEXT: Readonly<Record<NonNullable<Operation['elements']>, Operation>> = {
  entry: next((element) => {
    const { key, value } = element as MapStateEntry<unknown, unknown>;
    return { userKey: key, values: [value] };
  }),
  key: next((element) => ({ userKey: element })),
  value: next((element) => ({ values: [element], keyless: true })),
};

/** Removing an entry through its iterator. */
export const ITERATOR_REMOVE: Operation = { metric: 'mapStateIteratorRemove' };

function next(sized: (element: unknown) => Sized): Operation {
  return {
    metric: 'mapStateIteratorNext',
    sizeMetric: 'mapStateIterator',
    sizes: (_args, result) => {
      const { done, value } = result as IteratorResult<unknown, unknown>;
      return done === true ? [] : [sized(value)];
    },
  };
}
