// Elements of either of two streams, as Flink's CoGroupedStreams.UnionSerializer writes them: a byte, 1 or 2, and the element.
import type { TypeInformation } from '../../api/type-information.ts';
import { compositeId, compositeName } from '../../bytes/nested.ts';
import { compositeSnapshot } from '../../bytes/snapshots.ts';
import { SerializationError } from '../../errors.ts';

/** An element of the first stream, or of the second. */
export type TaggedUnion<T1, T2> =
  | { readonly stream: 1; readonly value: T1 }
  | { readonly stream: 2; readonly value: T2 };

// The id that is made of the class of its snapshot, which Flink has nested in the streams.
const OUTER_CLASS = 'org.apache.flink.streaming.api.datastream.CoGroupedStreams';

export function taggedUnionType<T1, T2>(
  first: TypeInformation<T1>,
  second: TypeInformation<T2>,
): TypeInformation<TaggedUnion<T1, T2>> {
  const name = compositeName('TAGGED_UNION', [first, second] as TypeInformation<unknown>[]);
  const serializers = [first.serializer, second.serializer] as const;
  return {
    name,
    serializer: {
      id: compositeId(OUTER_CLASS, [...serializers]),
      length: -1,
      snapshot: compositeSnapshot(
        { className: `${OUTER_CLASS}$UnionSerializerSnapshot`, outerVersion: 2 },
        serializers,
      ),
      serialize(element, output) {
        output.writeByte(element.stream);
        if (element.stream === 1) {
          first.serializer.serialize(element.value, output);
        } else {
          second.serializer.serialize(element.value, output);
        }
      },
      deserialize(input) {
        const stream = input.readByte();
        switch (stream) {
          case 1:
            return { stream, value: first.serializer.deserialize(input) };
          case 2:
            return { stream, value: second.serializer.deserialize(input) };
          default:
            throw new SerializationError(`A ${name} begins with 1 or 2; there is ${stream}.`);
        }
      },
    },
  };
}
