import { describe, expect, it } from 'vitest';
import type { CheckpointStorage, KeyedStateHandle, KeyGroupRange } from '../../lib/api/checkpoint.ts';
import { Types } from '../../lib/bytes/types.ts';
import { RestoreError } from '../../lib/errors.ts';
import { chooseBase, selectHandles, statesOf } from '../../lib/restore/select-handles.ts';

const STORAGE = undefined as unknown as CheckpointStorage;

function handle(start: number, end: number): KeyedStateHandle {
  return {
    checkpointId: 1,
    backendId: `${start}-${end}`,
    backend: 'rocksdb',
    location: '',
    maxParallelism: 13,
    keyGroupRange: { start, end },
    keySerializer: Types.INT.serializer.id,
    states: [],
    files: [],
    sizeBytes: 0,
    checkpointedSizeBytes: 0,
    attachment: null,
  };
}

const HANDLES = [handle(0, 3), handle(4, 7), handle(8, 12)];

function select(handles: readonly KeyedStateHandle[], keyGroupRange: KeyGroupRange): number[] {
  const target = {
    backend: 'rocksdb' as const,
    keySerializer: Types.INT.serializer,
    maxParallelism: 13,
    keyGroupRange,
  };
  return selectHandles({ storage: STORAGE, handles }, target).map((each) => handles.indexOf(each));
}

describe('the base of a restore', () => {
  it.each([
    ['T173', 3, 6, 1],
    ['T174', 5, 12, 2],
    ['T175', 4, 11, 1],
    ['T176', 3, 12, 2],
  ] as const)('is the handle with the most wanted key groups, then with the fewest others (%s: %i to %i)', (...row) => {
    const [, start, end, expected] = row;
    expect(chooseBase(HANDLES, { start, end }, 0)).toBe(expected);
  });

  it('is the first of equals', () => {
    expect(chooseBase([handle(0, 3), handle(4, 7)], { start: 2, end: 5 }, 0)).toBe(0);
  });

  it('is none when too small a share of every handle is wanted', () => {
    expect(chooseBase(HANDLES, { start: 2, end: 5 }, 0.5)).toBe(0);
    expect(chooseBase(HANDLES, { start: 2, end: 5 }, 0.51)).toBe(-1);
    expect(chooseBase(HANDLES, { start: 2, end: 8 }, 0.75)).toBe(1);
  });
});

describe('the handles of a restore', () => {
  it('are those with wanted key groups, in order', () => {
    expect(select([...HANDLES].reverse(), { start: 3, end: 7 })).toEqual([2, 1]);
    expect(select(HANDLES, { start: 12, end: 12 })).toEqual([2]);
    expect(select([], { start: 0, end: 12 })).toEqual([]);
  });

  it('must not have a key group twice', () => {
    const twice = () => select([handle(0, 7), handle(7, 12)], { start: 0, end: 12 });
    expect(twice).toThrow(RestoreError);
    expect(twice).toThrow(/Two handles have key group 7: those of backends 0-7 and 7-12/);
  });

  it.each([
    [[handle(1, 12)], 0],
    [[handle(0, 3), handle(8, 12)], 4],
    [[handle(0, 3), handle(4, 7)], 8],
    [[handle(0, 11)], 12],
  ])('must have every wanted key group (case %#)', (handles, missing) => {
    expect(() => select(handles, { start: 0, end: 12 })).toThrow(RestoreError);
    expect(() => select(handles, { start: 0, end: 12 })).toThrow(`Key group ${missing} is in none of the handles`);
  });

  it('must agree on the states', () => {
    const state = { name: 'a', kind: 'VALUE', valueFormat: 'int', namespaceFormat: 'void' } as const;
    const [first, second] = [handle(0, 3), handle(4, 7)];
    const of = (valueFormat: string) =>
      statesOf([
        { ...first, states: [state] },
        { ...second, states: [{ ...state, valueFormat }] },
      ]);
    expect(of('int')).toEqual([state]);
    expect(() => of('long')).toThrow(/disagree on state 'a'/);
  });
});
