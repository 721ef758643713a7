import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { Types } from '../../lib/bytes/types.ts';
import { textOf } from '../../lib/heap/byte-text.ts';
import { timerSerializer } from '../../lib/savepoint/timers.ts';
import { TimerCodec } from '../../lib/timers/timer-codec.ts';
import { timestampOf, writeTimestamp } from '../../lib/timers/timestamps.ts';

function idOf(timestamp: number): string {
  const output = new DataOutput();
  writeTimestamp(timestamp, output);
  return textOf(output.bytes, 0, output.position);
}

const timestamp = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(
    Number.MIN_SAFE_INTEGER,
    -1,
    0,
    1,
    2 ** 32,
    -(2 ** 32),
    Number.MAX_SAFE_INTEGER,
    Number.POSITIVE_INFINITY,
  ),
);

describe('the timestamp of a timer', () => {
  it('is read from its bytes, which are in the order of time', () => {
    fc.assert(
      fc.property(timestamp, timestamp, (a, b) => {
        expect(timestampOf(idOf(a))).toBe(a);
        expect(idOf(a) < idOf(b)).toBe(a < b);
      }),
    );
  });

  it.each([
    ['ffffffffffffffff', Number.POSITIVE_INFINITY],
    ['fffffffffffffffe', 2 ** 63],
    ['8000000000000000', 0],
    ['7fffffffffffffff', -1],
    ['0000000000000000', -(2 ** 63)],
    ['8020000000000001', 2 ** 53],
  ])('is the nearest number: %s', (hex, expected) => {
    expect(timestampOf(Buffer.from(hex, 'hex').toString('latin1'))).toBe(expected);
  });

  it('is not there in fewer bytes', () => {
    expect(() => timestampOf('1234567')).toThrow(expect.objectContaining({ name: 'RestoreError' }));
  });

  it('is where savepoints have it, before key and namespace', () => {
    const codec = new TimerCodec(Types.STRING.serializer, Types.TIME_WINDOW.serializer);
    const serializer = timerSerializer(Types.STRING.serializer, Types.TIME_WINDOW.serializer);
    const namespace = { start: 5, end: 10 };
    const output = new DataOutput();
    serializer.serialize({ timestamp: -7n, key: 'ahab', namespace }, output);
    const { bytes, length } = codec.write(-7, 'ahab', namespace);
    expect(Buffer.from(bytes.subarray(0, length))).toEqual(Buffer.from(output.copy()));
    expect(codec.partsOf(codec.text())).toEqual({ key: 'ahab', namespace });
  });
});
