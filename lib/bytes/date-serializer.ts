// Dates as Flink writes Java's Date: milliseconds since 1970 as a 64-bit integer.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { longSerializer } from './number-serializers.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.DateSerializer';

const MAX_DATE_MS = 8_640_000_000_000_000n;
const NULL_MS = -(2n ** 63n);

export const dateSerializer: TypeSerializer<Date> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: 8,
  layout: fixedLayout(8),

  serialize(value, output) {
    if (!(value instanceof Date)) {
      throw new SerializationError(`A DATE must be a Date; received ${describe(value)}.`);
    }
    const ms = value.getTime();
    if (Number.isNaN(ms)) {
      throw new SerializationError('A DATE must be a valid Date; received an invalid one (its time is NaN).');
    }
    longSerializer.serialize(ms, output);
  },

  deserialize(input) {
    const ms = input.readLong();
    if (ms === NULL_MS) {
      throw new SerializationError('The stored DATE is null.');
    }
    if (ms > MAX_DATE_MS || ms < -MAX_DATE_MS) {
      throw new SerializationError(`The stored DATE (${ms} ms) is beyond what a Date holds, ±${MAX_DATE_MS} ms.`);
    }
    return new Date(Number(ms));
  },
};
