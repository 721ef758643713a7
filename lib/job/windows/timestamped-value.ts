// Elements with their timestamps, as windows with an evictor hold them: the bytes of Flink's StreamElementSerializer.
//
//   with a timestamp       [0][timestamp: int64][value]
//   without one            [1][value]
import type { TypeInformation } from '../../api/type-information.ts';
import { compositeId, compositeName } from '../../bytes/nested.ts';
import { longSerializer } from '../../bytes/number-serializers.ts';
import { compositeSnapshot } from '../../bytes/snapshots.ts';
import { SerializationError } from '../../errors.ts';
import { NO_TIMESTAMP } from '../operators/output.ts';

/** An element and its time. */
export interface TimestampedValue<T> {
  readonly value: T;
  /** In event time; `-Infinity` for an element without a time. */
  readonly timestamp: number;
}

const SERIALIZER = 'org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer';
const WITH_TIMESTAMP = 0;
const WITHOUT_TIMESTAMP = 1;

export function timestampedValueType<T>(type: TypeInformation<T>): TypeInformation<TimestampedValue<T>> {
  const { serializer } = type;
  const name = compositeName('STREAM_RECORD', [type]);
  return {
    name,
    serializer: {
      id: compositeId(SERIALIZER, [serializer]),
      length: -1,
      snapshot: compositeSnapshot({ className: `${SERIALIZER}$StreamElementSerializerSnapshot`, outerVersion: 2 }, [
        serializer,
      ]),
      serialize({ timestamp, value }, output) {
        output.writeByte(timestamp === NO_TIMESTAMP ? WITHOUT_TIMESTAMP : WITH_TIMESTAMP);
        if (timestamp !== NO_TIMESTAMP) {
          longSerializer.serialize(timestamp, output);
        }
        serializer.serialize(value, output);
      },
      deserialize(input) {
        const tag = input.readByte();
        if (tag !== WITH_TIMESTAMP && tag !== WITHOUT_TIMESTAMP) {
          throw new SerializationError(`A ${name} begins with 0 or 1; there is ${tag}, of something else in a stream.`);
        }
        const timestamp = tag === WITH_TIMESTAMP ? longSerializer.deserialize(input) : NO_TIMESTAMP;
        return { value: serializer.deserialize(input), timestamp };
      },
    },
  };
}
