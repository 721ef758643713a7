import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { type HeapRow, type HeapState, heapRowsOf } from '../../lib/savepoint/heap-rows.ts';
import { readKeyedHeader } from '../../lib/savepoint/keyed-header.ts';
import {
  type OperatorStateStream,
  readBroadcastEntries,
  readListElements,
  writeOperatorState,
} from '../../lib/savepoint/operator-state.ts';
import { readOperatorStateHeader } from '../../lib/savepoint/operator-state-header.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import type { StateDescription } from '../../lib/savepoint/state-description.ts';
import type { Timer } from '../../lib/savepoint/timers.ts';
import { hex } from '../support/bytes.ts';
import { readGoldens, type StateStreamGoldens } from '../support/flink-goldens.ts';
import { SNAPPY } from '../support/snappy.ts';

const goldens = readGoldens<StateStreamGoldens>('state-streams');
const ELEMENT = (name: string, mode: string, value: unknown): StateDescription => ({
  name,
  backendType: 'OPERATOR',
  options: { OPERATOR_STATE_DISTRIBUTION_MODE: mode },
  serializers: { VALUE_SERIALIZER: snapshotOf((value as typeof Types.LONG).serializer) },
});
const LISTS = [ELEMENT('list', 'SPLIT_DISTRIBUTE', Types.LONG), ELEMENT('union', 'UNION', Types.STRING)];
const RULES: StateDescription = {
  name: 'rules',
  backendType: 'BROADCAST',
  options: { OPERATOR_STATE_DISTRIBUTION_MODE: 'BROADCAST' },
  serializers: {
    VALUE_SERIALIZER: snapshotOf(Types.LONG.serializer),
    KEY_SERIALIZER: snapshotOf(Types.STRING.serializer),
  },
};

describe.each(goldens.operator)('operator state that Flink wrote, compressed: $compressed', (golden) => {
  const bytes = Buffer.from(golden.bytes, 'hex');
  const stream: OperatorStateStream = {
    ...{ bytes, source: 'operator', states: golden.states },
    ...(golden.compressed && { codec: SNAPPY }),
  };
  const offsetsOf = (name: string) => golden.states.find((state) => state.name === name) ?? expect.fail(name);

  it('has a header', () => {
    expect(readOperatorStateHeader(new SavepointInput(bytes, 'operator'))).toStrictEqual({
      ...{ compressed: golden.compressed, lists: LISTS, broadcasts: [RULES] },
    });
  });

  it('has lists and broadcast state', () => {
    expect(readListElements(stream, offsetsOf('list'), Types.LONG.serializer)).toEqual([1, -1, 7]);
    expect(readListElements(stream, offsetsOf('union'), Types.STRING.serializer)).toEqual(['a'.repeat(100)]);
    const serializers = { key: Types.STRING.serializer, value: Types.LONG.serializer };
    expect(readBroadcastEntries(stream, offsetsOf('rules'), serializers)).toEqual(new Map([['k', 5]]));
  });

  it('may have more elements than a function may have arguments', () => {
    const [first = 0] = offsetsOf('list').offsets;
    const state = { ...offsetsOf('list'), offsets: new Array<number>(150_000).fill(first) };
    const elements = readListElements({ ...stream, states: [state, ...golden.states] }, state, Types.LONG.serializer);
    expect(elements.length).toBe(150_000);
    expect(elements.every((element) => element === 1)).toBe(true);
  });

  it('is refused where an offset or element is out of range', () => {
    const state = { ...offsetsOf('list'), offsets: [bytes.length + 1] };
    expect(() => readListElements(stream, state, Types.LONG.serializer)).toThrow(/offset\): \d+ is not within its/);
    const rules = { ...offsetsOf('rules'), offsets: [bytes.length] };
    const serializers = { key: Types.STRING.serializer, value: Types.LONG.serializer };
    expect(() => readBroadcastEntries(stream, rules, serializers)).toThrow(/number of entries of 'rules'/);
  });
});

it('operator state is written byte for byte as Flink writes it', () => {
  const written = writeOperatorState(
    [
      { description: LISTS[0] as StateDescription, serializer: Types.LONG.serializer as never, elements: [1, -1, 7] },
      {
        ...{ description: LISTS[1] as StateDescription, elements: ['a'.repeat(100)] },
        serializer: Types.STRING.serializer as never,
      },
    ],
    [
      {
        ...{ description: RULES, entries: new Map([['k', 5]]) },
        ...{ key: Types.STRING.serializer as never, value: Types.LONG.serializer as never },
      },
    ],
  );
  const golden = goldens.operator.find(({ compressed }) => !compressed);
  expect(hex(written.bytes)).toBe(golden?.bytes);
  expect([...written.states].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(golden?.states);
});

it('operator state of Flink 1.17 does not say whether it is compressed', () => {
  const golden = Buffer.from(goldens.operator.find(({ compressed }) => !compressed)?.bytes ?? '', 'hex');
  const version5 = Buffer.concat([Buffer.from('00000005', 'hex'), golden.subarray(5)]);
  expect(readOperatorStateHeader(new SavepointInput(version5, 'x'))).toMatchObject({ compressed: false, lists: LISTS });
});

describe.each(goldens.heap)('keyed state that the heap backend wrote, compressed: $compressed', (golden) => {
  const bytes = Buffer.from(golden.bytes, 'hex');
  const header = readKeyedHeader(new SavepointInput(bytes, 'heap'));
  const types = new SavepointTypes();
  const states = header.states.map((state): HeapState => {
    const { VALUE_SERIALIZER: value, NAMESPACE_SERIALIZER: namespace } = state.serializers;
    const serializer = types.typeOf(value as never, state.name).serializer;
    return state.backendType === 'PRIORITY_QUEUE'
      ? { kind: 'timers', name: state.name, timer: serializer as never }
      : {
          ...{ kind: 'state', name: state.name, value: serializer, key: types.typeOf(header.key).serializer },
          namespace: types.typeOf(namespace as never).serializer,
        };
  });
  const rowsOf = (keyGroup: number, end = golden.offsets[keyGroup + 1]): HeapRow[] => [
    ...heapRowsOf({
      ...{ keyGroup, source: 'heap', states, bytes: bytes.subarray(golden.offsets[keyGroup], end) },
      ...(header.compressed && { codec: SNAPPY }),
    }),
  ];

  it('has the states in its header', () => {
    expect(header.compressed).toBe(golden.compressed);
    expect(header.states.map(({ name }) => name)).toEqual(['count', 'map', '_timer_state/event_user-timers']);
  });

  it('has every key group with its rows and timers', () => {
    const rows = [0, 1, 2, 3].flatMap((keyGroup) => rowsOf(keyGroup));
    const found = rows.map((row) => ('timer' in row ? timerText(row.timer) : [row.stateId, row.key, row.value]));
    expect(found).toHaveLength(6);
    expect(found).toEqual(
      expect.arrayContaining([
        [0, 'a', 1],
        [0, 'hello', 5],
        [1, 'a', new Map([['ka', 7]])],
        [1, 'hello', new Map([['khello', 7]])],
        'a at 1001',
        'hello at 1005',
      ]),
    );
  });

  it('is refused as another key group, or when it ends early', () => {
    const [first = 0] = golden.offsets;
    const group = { source: 'heap', states, bytes: bytes.subarray(first, first + 12), keyGroup: 1 };
    expect(() => [...heapRowsOf(group)]).toThrow(/it is key group 0 where 1 was expected/);
    expect(() => rowsOf(1, (golden.offsets[2] ?? 0) - 3)).toThrow(/heap.* can't be read/);
  });
});

function timerText({ key, timestamp }: Timer<unknown, unknown>): string {
  return `${key} at ${timestamp}`;
}
