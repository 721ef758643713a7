// Numbers and booleans as Flink writes them.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { type RunSerializer, writeDoubles, writeLongs } from './number-runs.ts';
import { widened } from './number-widening.ts';
import { highWordOf, readSafeLong } from './safe-long.ts';
import type { BoundedSerializer } from './size-bound.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const LONG_SERIALIZER_ID = 'org.apache.flink.api.common.typeutils.base.LongSerializer';
const DOUBLE_SERIALIZER_ID = 'org.apache.flink.api.common.typeutils.base.DoubleSerializer';
const BOOLEAN_SERIALIZER_ID = 'org.apache.flink.api.common.typeutils.base.BooleanSerializer';

/** 64-bit integers as numbers: only those that a number holds exactly. */
export const longSerializer: BoundedSerializer<number> & RunSerializer<number> = {
  id: LONG_SERIALIZER_ID,
  snapshot: simpleSnapshot(LONG_SERIALIZER_ID),
  length: 8,
  layout: fixedLayout(8),

  maxBytesOf: (value) => (Number.isSafeInteger(value) ? 8 : Number.POSITIVE_INFINITY),

  serialize(value, output) {
    if (!Number.isSafeInteger(value)) {
      throw notSafe(value);
    }
    output.writeInt(highWordOf(value));
    output.writeInt(value | 0);
  },

  writeRun: writeLongs,

  deserialize: readSafeLong,
  resolve: (stored) => widened(stored, simpleSnapshot(LONG_SERIALIZER_ID), { to: 'l', make: (value) => value }),
};

function notSafe(value: number): SerializationError {
  return new SerializationError(
    `A LONG must be a safe integer (up to 2^53-1 either way); received ${describe(value)}. Types.BIGINT holds all 64 bits.`,
  );
}

/** 64-bit integers as bigints: the same bytes. */
export const bigintSerializer: TypeSerializer<bigint> = {
  id: LONG_SERIALIZER_ID,
  snapshot: simpleSnapshot(LONG_SERIALIZER_ID),
  length: 8,
  layout: fixedLayout(8),

  serialize(value, output) {
    if (typeof value !== 'bigint' || value < MIN_LONG || value > MAX_LONG) {
      throw new SerializationError(`A BIGINT must be a bigint from -2^63 to 2^63-1; received ${describe(value)}.`);
    }
    output.writeLong(value);
  },

  deserialize: (input) => input.readLong(),
  resolve: (stored) => widened(stored, simpleSnapshot(LONG_SERIALIZER_ID), { to: 'l', make: BigInt }),
};

export const doubleSerializer: BoundedSerializer<number> & RunSerializer<number> = {
  id: DOUBLE_SERIALIZER_ID,
  snapshot: simpleSnapshot(DOUBLE_SERIALIZER_ID),
  length: 8,
  layout: fixedLayout(8),

  maxBytesOf: (value) => (typeof value === 'number' ? 8 : Number.POSITIVE_INFINITY),

  serialize(value, output) {
    if (typeof value !== 'number') {
      throw new SerializationError(`A DOUBLE must be a number; received ${describe(value)}.`);
    }
    output.writeDouble(value);
  },

  writeRun: writeDoubles,

  deserialize: (input) => input.readDouble(),
  resolve: (stored) => widened(stored, simpleSnapshot(DOUBLE_SERIALIZER_ID), { to: 'd', make: (value) => value }),
};

export const booleanSerializer: BoundedSerializer<boolean> = {
  id: BOOLEAN_SERIALIZER_ID,
  snapshot: simpleSnapshot(BOOLEAN_SERIALIZER_ID),
  length: 1,
  layout: fixedLayout(1),

  maxBytesOf: (value) => (typeof value === 'boolean' ? 1 : Number.POSITIVE_INFINITY),

  serialize(value, output) {
    if (typeof value !== 'boolean') {
      throw new SerializationError(`A BOOLEAN must be true or false; received ${describe(value)}.`);
    }
    output.writeByte(value ? 1 : 0);
  },

  deserialize: (input) => input.readByte() !== 0,
};
