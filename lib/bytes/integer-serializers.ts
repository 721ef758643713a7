// Integers of 8, 16 and 32 bits as Flink writes them: big-endian two's complement.
import type { DataInputView, DataOutputView, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { type RunSerializer, writeInts } from './number-runs.ts';
import { type NumberWidth, widened } from './number-widening.ts';
import type { BoundedSerializer } from './size-bound.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

interface IntegerFormat {
  readonly name: string;
  readonly id: string;
  readonly length: 1 | 2 | 4;
  readonly width: NumberWidth;
  write(value: number, output: DataOutputView): void;
  read(input: DataInputView): number;
}

function integerSerializer(format: IntegerFormat): BoundedSerializer<number> {
  const limit = 2 ** (8 * format.length - 1);
  const id = `org.apache.flink.api.common.typeutils.base.${format.id}`;
  const snapshot = simpleSnapshot(id);
  return {
    id,
    snapshot,
    length: format.length,
    layout: fixedLayout(format.length),

    maxBytesOf: (value) => (isWithin(value, limit) ? format.length : Number.POSITIVE_INFINITY),

    serialize(value, output) {
      if (!isWithin(value, limit)) {
        throw new SerializationError(
          `${format.name} must be an integer from ${-limit} to ${limit - 1}; received ${describe(value)}.`,
        );
      }
      format.write(value, output);
    },

    deserialize: format.read,
    resolve: (stored) => widened(stored, snapshot, { to: format.width, make: (value) => value }),
  };
}

function isWithin(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= -limit && value < limit;
}

export const byteSerializer: TypeSerializer<number> = integerSerializer({
  name: 'A BYTE',
  id: 'ByteSerializer',
  length: 1,
  width: 'b',
  write: (value, output) => output.writeByte(value),
  read: (input) => (input.readByte() << 24) >> 24,
});

export const shortSerializer: TypeSerializer<number> = integerSerializer({
  name: 'A SHORT',
  id: 'ShortSerializer',
  length: 2,
  width: 'h',
  write: (value, output) => output.writeShort(value),
  read: (input) => input.readShort(),
});

export const intSerializer: RunSerializer<number> = {
  ...integerSerializer({
    name: 'An INT',
    id: 'IntSerializer',
    length: 4,
    width: 'i',
    write: (value, output) => output.writeInt(value),
    read: (input) => input.readInt(),
  }),
  writeRun: writeInts,
};
