// 32-bit floating-point numbers as Flink writes them.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { widened } from './number-widening.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.FloatSerializer';

export const floatSerializer: TypeSerializer<number> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: 4,
  layout: fixedLayout(4),

  serialize(value, output) {
    if (typeof value !== 'number') {
      throw new SerializationError(`A FLOAT must be a number; received ${describe(value)}.`);
    }
    // Rounding, as a cast does in Java, would give back another number than was stored.
    if (!Object.is(Math.fround(value), value)) {
      throw new SerializationError(
        `A FLOAT must be a number that 32 bits hold exactly; received ${value}. ` +
          'Math.fround rounds to such a number; Types.DOUBLE holds all numbers.',
      );
    }
    output.writeFloat(value);
  },

  deserialize: (input) => input.readFloat(),
  resolve: (stored) => widened(stored, simpleSnapshot(ID), { to: 'f', make: (value) => value }),
};
