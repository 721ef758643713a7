// Values of state with a time to live: when a value was used last (int64, milliseconds since 1970), then the value itself.
import type { DataInputView, DataOutputView, TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { compositeId, compositeName } from './nested.ts';
import { longSerializer } from './number-serializers.ts';
import { type BoundedSerializer, maxBytesOf } from './size-bound.ts';
import { compositeSnapshot } from './snapshots.ts';
import { fixedLayout, layoutOf } from './value-layout.ts';

/** Bytes of a stamp. */
export const STAMP_BYTES = 8;

const FACTORY = 'org.apache.flink.runtime.state.ttl.TtlStateFactory';
const TWO_TO_32 = 0x1_0000_0000;
const TWO_TO_63 = 2 ** 63;

/** A value and when it was used last. */
export class TtlValue<T> {
  /** Milliseconds since 1970. */
  lastAccessMs: number;
  readonly value: T;

  constructor(lastAccessMs: number, value: T) {
    this.lastAccessMs = lastAccessMs;
    this.value = value;
  }
}

/** Writes a time, the nearest int64 of one that is out of its range. */
export function writeStamp(ms: number, output: DataOutputView): void {
  if (ms >= TWO_TO_63) {
    output.writeInt(0x7fffffff);
    output.writeInt(-1);
  } else {
    output.writeInt(Math.floor(ms / TWO_TO_32));
    output.writeInt(ms | 0);
  }
}

/** Reads a time, rounded where it is beyond the safe integers: nothing is wrong with such a time. */
export function readStamp(input: DataInputView): number {
  const high = input.readInt();
  return high * TWO_TO_32 + (input.readInt() >>> 0);
}

/** Writes values with their times. */
export interface TtlSerializer<T> extends BoundedSerializer<TtlValue<T>> {
  /** What a map has whose flag before a value says null: nothing, as Flink puts it in the place of values that expired. */
  ofNull(): undefined;
}

/** How values of a serializer are written with their times. */
export function ttlSerializer<T>(serializer: TypeSerializer<T>): TtlSerializer<T> {
  const valueLayout = layoutOf(serializer);
  return {
    id: compositeId(FACTORY, [longSerializer, serializer]),
    length: serializer.length < 0 ? -1 : STAMP_BYTES + serializer.length,
    snapshot: compositeSnapshot({ className: `${FACTORY}$TtlSerializerSnapshot`, outerVersion: 2 }, [
      longSerializer,
      serializer,
    ]),
    ...(valueLayout !== undefined && { layout: `T2.${fixedLayout(STAMP_BYTES)}${valueLayout}` }),

    ofNull: () => undefined,

    maxBytesOf: ({ value }) => STAMP_BYTES + maxBytesOf(value, serializer),

    serialize(stamped, output) {
      writeStamp(stamped.lastAccessMs, output);
      serializer.serialize(stamped.value, output);
    },

    deserialize(input) {
      const lastAccessMs = readStamp(input);
      return new TtlValue(lastAccessMs, serializer.deserialize(input));
    },
  };
}

/** The type of values with their times. */
export function ttlValueType<T>(type: TypeInformation<T>): TypeInformation<TtlValue<T>> {
  return { name: compositeName('TTL_VALUE', [type]), serializer: ttlSerializer(type.serializer) };
}

/** What a program gave or gets of it: without times, also in an array. */
export function withoutStamps(value: unknown): unknown {
  if (value instanceof TtlValue) {
    return value.value;
  }
  return Array.isArray(value) && value[0] instanceof TtlValue ? value.map(withoutStamps) : value;
}
