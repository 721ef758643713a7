// Instants as Flink writes Java's: seconds since 1970 as a 64-bit integer, nanoseconds of the second as a 32-bit one.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { longSerializer } from './number-serializers.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.InstantSerializer';

/** A point in time with nanoseconds, as Java's `Instant`. */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00Z, rounded down; a safe integer, which is 285 million years either way. */
  readonly epochSecond: number;
  /** Nanoseconds after that second, from 0 to 999999999. */
  readonly nano: number;
}

const NANOS_PER_SECOND = 1_000_000_000;
const NULL_SECOND = -(2n ** 63n);
const NULL_NANO = -(2 ** 31);

export const instantSerializer: TypeSerializer<Instant> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: 12,
  layout: fixedLayout(12),

  serialize(value, output) {
    if (!isInstant(value)) {
      throw new SerializationError(
        'An INSTANT must be { epochSecond, nano }, a safe integer and an integer from 0 to 999999999; ' +
          `received ${describeInstant(value)}. Types.DATE holds a Date.`,
      );
    }
    longSerializer.serialize(value.epochSecond, output);
    output.writeInt(value.nano);
  },

  deserialize(input) {
    const second = input.readLong();
    const nano = input.readInt();
    if (second === NULL_SECOND && nano === NULL_NANO) {
      throw new SerializationError('The stored INSTANT is null.');
    }
    const instant = { epochSecond: Number(second), nano };
    if (!isInstant(instant)) {
      throw new SerializationError(`The stored INSTANT (second ${second}, nanosecond ${nano}) is out of range.`);
    }
    return instant;
  },
};

function isInstant(value: Instant | null | undefined): boolean {
  const nano = value?.nano;
  return (
    Number.isSafeInteger(value?.epochSecond) &&
    Number.isInteger(nano) &&
    Number(nano) >= 0 &&
    Number(nano) < NANOS_PER_SECOND
  );
}

function describeInstant(value: Instant | null | undefined): string {
  return typeof value === 'object' && value !== null && 'epochSecond' in value
    ? `{ epochSecond: ${describe(value.epochSecond)}, nano: ${describe(value.nano)} }`
    : describe(value);
}
