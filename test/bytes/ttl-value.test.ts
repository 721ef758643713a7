import { describe, expect, it } from 'vitest';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { fromSerialized, toSerialized } from '../../lib/bytes/serialized.ts';
import { TtlValue, ttlSerializer } from '../../lib/bytes/ttl-value.ts';
import { Types } from '../../lib/bytes/types.ts';

const serializer = ttlSerializer(Types.INT.serializer);

describe('a value with its time', () => {
  it.each([0, 1, -1, 1_700_000_000_123, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'is eight bytes of %d, as Java writes it, and the value',
    (ms) => {
      const output = new DataOutput();
      output.writeLong(BigInt(ms));
      output.writeInt(7);
      const bytes = toSerialized(new TtlValue(ms, 7), serializer);
      expect(bytes).toEqual(output.copy());
      expect(fromSerialized(bytes, serializer)).toEqual(new TtlValue(ms, 7));
    },
  );

  it('may have the largest time that Java has, which is no number', () => {
    const output = new DataOutput();
    output.writeLong(2n ** 63n - 1n);
    output.writeInt(7);
    const stamped = fromSerialized(output.copy(), serializer);
    expect(stamped.lastAccessMs).toBe(2 ** 63);
    expect(toSerialized(stamped, serializer)).toEqual(output.copy());
  });

  it('has a length, and a bound, where the value has', () => {
    expect(serializer.length).toBe(12);
    expect(serializer.maxBytesOf(new TtlValue(1, 7))).toBe(12);
    expect(serializer.maxBytesOf(new TtlValue(1, 1.5))).toBe(Number.POSITIVE_INFINITY);
    expect(ttlSerializer(Types.STRING.serializer).length).toBe(-1);
  });
});
