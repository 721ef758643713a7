// Time windows as Flink writes them: start and end as 64-bit integers.
import { describe, SerializationError } from '../errors.ts';
import { at } from './nested.ts';
import { longSerializer } from './number-serializers.ts';
import type { BoundedSerializer } from './size-bound.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.streaming.api.windowing.windows.TimeWindow$Serializer';

/** A span of time, as Flink's `TimeWindow`. It serves as the namespace of state that belongs to a window. */
export interface TimeWindow {
  /** Milliseconds since 1970-01-01T00:00Z of the first instant of the window; a safe integer. */
  readonly start: number;
  /** Milliseconds since 1970-01-01T00:00Z of the first instant after the window; a safe integer. */
  readonly end: number;
}

export const timeWindowSerializer: BoundedSerializer<TimeWindow> = {
  id: ID,
  snapshot: simpleSnapshot(ID, 'TimeWindowSerializerSnapshot'),
  length: 16,
  layout: fixedLayout(16),

  maxBytesOf: (value) => (isWindow(value) ? 16 : Number.POSITIVE_INFINITY),

  serialize(value, output) {
    if (!isWindow(value)) {
      throw new SerializationError(
        `A TIME_WINDOW must be { start, end }, two safe integers; received ${describeWindow(value)}.`,
      );
    }
    longSerializer.serialize(value.start, output);
    longSerializer.serialize(value.end, output);
  },

  deserialize(input) {
    let part = '.start';
    try {
      const start = longSerializer.deserialize(input);
      part = '.end';
      return { start, end: longSerializer.deserialize(input) };
    } catch (error) {
      throw at(part, error);
    }
  },
};

/** `TimeWindow.hashCode`: the bits of start + end, mixed. */
export function timeWindowHashCode({ start, end }: TimeWindow): number {
  let bits = BigInt.asUintN(64, BigInt(start) + BigInt(end));
  bits = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n);
  bits = BigInt.asUintN(64, (bits ^ (bits >> 27n)) * 0x94d049bb133111ebn);
  return Number(BigInt.asIntN(32, bits ^ (bits >> 31n)));
}

function isWindow(value: TimeWindow | null | undefined): boolean {
  return Number.isSafeInteger(value?.start) && Number.isSafeInteger(value?.end);
}

function describeWindow(value: TimeWindow | null | undefined): string {
  return typeof value === 'object' && value !== null && 'start' in value
    ? `{ start: ${describe(value.start)}, end: ${describe(value.end)} }`
    : describe(value);
}
