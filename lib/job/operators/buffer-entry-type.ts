// Elements that wait for others in an interval join, as Flink's BufferEntrySerializer writes them: a byte that is 0, as nobody
// uses it, and the element.
import type { TypeInformation } from '../../api/type-information.ts';
import { compositeId, compositeName } from '../../bytes/nested.ts';
import { compositeSnapshot } from '../../bytes/snapshots.ts';

// The id that is made of the class of its snapshot, which Flink has nested in the operator.
const OUTER_CLASS = 'org.apache.flink.streaming.api.operators.co.IntervalJoinOperator';

export function bufferEntryType<T>(type: TypeInformation<T>): TypeInformation<T> {
  const { serializer } = type;
  return {
    name: compositeName('BUFFER_ENTRY', [type]),
    serializer: {
      id: compositeId(OUTER_CLASS, [serializer]),
      length: serializer.length < 0 ? -1 : serializer.length + 1,
      snapshot: compositeSnapshot({ className: `${OUTER_CLASS}$BufferEntrySerializerSnapshot`, outerVersion: 2 }, [
        serializer,
      ]),
      serialize(value, output) {
        output.writeByte(0);
        serializer.serialize(value, output);
      },
      deserialize(input) {
        input.readByte();
        return serializer.deserialize(input);
      },
    },
  };
}
