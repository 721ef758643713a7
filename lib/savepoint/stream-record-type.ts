// What windows with an evictor hold: elements with their timestamps, as Flink's StreamElementSerializer writes them.
//
//   with a timestamp       [0][timestamp: int64][value]
//   without one            [1][value]
import type { TypeInformation } from '../api/type-information.ts';
import { compositeId, compositeName } from '../bytes/nested.ts';
import { SerializationError } from '../errors.ts';

/** An element of a stream. */
export interface StreamRecord<T> {
  /** Milliseconds since 1970, or what the program counts event time in; absent for an element without a time. */
  readonly timestampMs?: bigint;
  readonly value: T;
}

const WITH_TIMESTAMP = 0;
const WITHOUT_TIMESTAMP = 1;

export function streamRecordType<T>(type: TypeInformation<T>): TypeInformation<StreamRecord<T>> {
  const { serializer } = type;
  const name = compositeName('STREAM_RECORD', [type]);
  return {
    name,
    serializer: {
      id: compositeId('StreamElement', [serializer]),
      length: -1,
      serialize({ timestampMs, value }, output) {
        output.writeByte(timestampMs === undefined ? WITHOUT_TIMESTAMP : WITH_TIMESTAMP);
        if (timestampMs !== undefined) {
          output.writeLong(timestampMs);
        }
        serializer.serialize(value, output);
      },
      deserialize(input) {
        const tag = input.readByte();
        if (tag !== WITH_TIMESTAMP && tag !== WITHOUT_TIMESTAMP) {
          throw new SerializationError(`A ${name} begins with 0 or 1; there is ${tag}, of something else in a stream.`);
        }
        return tag === WITH_TIMESTAMP
          ? { timestampMs: input.readLong(), value: serializer.deserialize(input) }
          : { value: serializer.deserialize(input) };
      },
    },
  };
}
