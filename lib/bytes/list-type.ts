// Arrays as Flink's ListSerializer writes lists: number of elements as a 32-bit integer, then the elements.
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { listChange } from './layout-change.ts';
import { at, checkedSize, compositeId, compositeName, nestedHashCode, type RowHashed, rowHashCode } from './nested.ts';
import { resolveComposite } from './resolve-parts.ts';
import { type BoundedSerializer, maxBytesOf } from './size-bound.ts';
import { compositeSnapshot } from './snapshots.ts';
import { listLayout, withLayout } from './value-layout.ts';

const SNAPSHOT_CLASS = 'org.apache.flink.api.common.typeutils.base.ListSerializerSnapshot';

const SIZE_BYTES = 4;

export function listType<E>(element: TypeInformation<E>): TypeInformation<E[]> {
  const name = compositeName('LIST', [element]);
  const ofElement = nestedHashCode(element);
  const ofRowElement = rowHashCode(element);
  const list: RowHashed<E[]> = {
    name,
    serializer: listSerializer(name, element.serializer),
    ...(ofElement && { hashCode: (list: E[]) => listHashCode(list, ofElement) }),
    ...(ofRowElement && { rowHashCode: (list: E[]) => listHashCode(list, ofRowElement) }),
  };
  return list;
}

function listSerializer<E>(name: string, element: TypeSerializer<E>): BoundedSerializer<E[]> {
  const snapshot = compositeSnapshot({ className: SNAPSHOT_CLASS, outerVersion: 1 }, [element]);
  return {
    id: compositeId('org.apache.flink.api.common.typeutils.base.ListSerializer', [element]),
    length: -1,
    ...withLayout(listLayout(element)),
    snapshot,

    resolve: (stored) =>
      resolveComposite<E[]>(stored, snapshot, {
        parts: [element as TypeSerializer<unknown>],
        nameOf: () => 'element',
        rebuild: ([other]) => listSerializer(name, other as TypeSerializer<E>),
        changeOf: ([change]) => listChange(change as string),
      }),

    maxBytesOf(list) {
      if (!Array.isArray(list)) {
        return Number.POSITIVE_INFINITY;
      }
      let bytes = SIZE_BYTES;
      for (let i = 0; i < list.length && bytes !== Number.POSITIVE_INFINITY; i++) {
        bytes += maxBytesOf(list[i] as E, element);
      }
      return bytes;
    },

    serialize(list, output) {
      if (!Array.isArray(list)) {
        throw new SerializationError(`A ${name} must be an array; received ${describe(list)}.`);
      }
      output.writeInt(list.length);
      let index = 0;
      try {
        for (; index < list.length; index++) {
          element.serialize(list[index] as E, output);
        }
      } catch (error) {
        throw at(`[${index}]`, error);
      }
    },

    deserialize(input) {
      const size = checkedSize(name, input.readInt());
      const list: E[] = [];
      try {
        while (list.length < size) {
          list.push(element.deserialize(input));
        }
      } catch (error) {
        throw at(`[${list.length}]`, error);
      }
      return list;
    },
  };
}

// `List.hashCode`: 31·hash + element, from 1.
function listHashCode<E>(list: readonly E[], ofElement: (element: E) => number): number {
  let hash = 1;
  for (const element of list) {
    hash = (Math.imul(31, hash) + ofElement(element)) | 0;
  }
  return hash;
}
