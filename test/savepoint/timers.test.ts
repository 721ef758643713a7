import { expect, it } from 'vitest';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { writeUtf } from '../../lib/savepoint/java-utf.ts';
import { areRawTimers, readRawTimers } from '../../lib/savepoint/raw-timers.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import { timerSerializer } from '../../lib/savepoint/timers.ts';
import { writeVersionedSnapshot } from '../../lib/savepoint/write-serializer-snapshot.ts';
import { hex } from '../support/bytes.ts';

it('a timer of a queue has its time first, with its sign flipped', () => {
  const output = new DataOutput();
  const serializer = timerSerializer(Types.STRING.serializer, voidNamespaceSerializer);
  serializer.serialize({ timestamp: 1000n, key: 'k', namespace: undefined }, output);
  expect(hex(output.copy())).toBe('80000000000003e8026b00');
});

it('timers in raw keyed state are read by service', () => {
  const output = new DataOutput();
  output.writeBytes(Buffer.from('f1cd859f0000000200000001', 'hex'));
  writeUtf('user-timers', output);
  writeVersionedSnapshot(snapshotOf(Types.STRING.serializer), output);
  writeVersionedSnapshot(snapshotOf(voidNamespaceSerializer), output);
  output.writeBytes(Buffer.from('00000001026b0000000000000003e800000001026b00fffffffffffffffb', 'hex'));
  const bytes = output.copy();
  const types = new SavepointTypes();
  const serializerOf = (snapshot: Parameters<SavepointTypes['typeOf']>[0]) => types.typeOf(snapshot).serializer;
  expect(areRawTimers(bytes)).toBe(true);
  expect(readRawTimers(new SavepointInput(bytes, 'raw'), { serializerOf })).toStrictEqual([
    {
      name: 'user-timers',
      key: snapshotOf(Types.STRING.serializer),
      namespace: snapshotOf(voidNamespaceSerializer),
      eventTime: [{ key: 'k', namespace: undefined, timestamp: 1000n }],
      processingTime: [{ key: 'k', namespace: undefined, timestamp: -5n }],
    },
  ]);
});

it('raw keyed state of a program is told from timers', () => {
  expect(areRawTimers(Buffer.from('00000001'))).toBe(false);
  expect(() =>
    readRawTimers(new SavepointInput(Buffer.alloc(8), 'raw'), { serializerOf: () => expect.fail() }),
  ).toThrow(/identifier of timers\): it is 00000000 where f1cd859f was expected/);
});

it.each([
  ['é\0A€', '0008c3a9c08041e282ac'],
  ['\u{1f600}', '0006eda0bdedb880'],
])('the text %j is in modified UTF-8', (text, bytes) => {
  const output = new DataOutput();
  writeUtf(text, output);
  expect(hex(output.copy())).toBe(bytes);
  expect(new SavepointInput(output.copy(), 'x').utf('text')).toBe(text);
});

it('a text in other UTF-8 is refused', () => {
  expect(() => new SavepointInput(Buffer.from('0004f09f9880', 'hex'), 'x').utf('text')).toThrow(
    /not in modified UTF-8/,
  );
});
