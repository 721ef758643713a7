// Maps as Flink's MapSerializer writes them: number of entries as a 32-bit integer, then the entries.
//
//   [key][1 byte: 1 when the value is null, else 0][value, unless it is null]
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { mapChange } from './layout-change.ts';
import { at, checkedSize, compositeId, compositeName, nestedHashCode, type RowHashed, rowHashCode } from './nested.ts';
import { isNullable, ofPresent } from './nullable-type.ts';
import { resolveComposite } from './resolve-parts.ts';
import { compositeSnapshot } from './snapshots.ts';
import { mapLayout, withLayout } from './value-layout.ts';

const SNAPSHOT_CLASS = 'org.apache.flink.api.common.typeutils.base.MapSerializerSnapshot';

interface MapForm {
  readonly name: string;
  /** Whether values may be null. */
  readonly nullable: boolean;
}

export function mapType<K, V>(key: TypeInformation<K>, value: TypeInformation<V>): TypeInformation<Map<K, V>> {
  const name = compositeName('MAP', [key, value]);
  const ofKey = nestedHashCode(key);
  const ofValue = nestedHashCode(value);
  const ofRowKey = rowHashCode(key);
  const ofRowValue = rowHashCode(value);
  const map: RowHashed<Map<K, V>> = {
    name,
    serializer: mapSerializer(
      { name, nullable: isNullable(value.serializer) },
      key.serializer,
      ofPresent(value.serializer),
    ),
    ...(ofKey && ofValue && { hashCode: (map: Map<K, V>) => entriesHashCode(map, ofKey, ofValue) }),
    // Flink's row begins with 1 where Java's map begins with 0.
    ...(ofRowKey &&
      ofRowValue && { rowHashCode: (map: Map<K, V>) => (1 + entriesHashCode(map, ofRowKey, ofRowValue)) | 0 }),
  };
  return map;
}

function mapSerializer<K, V>(
  { name, nullable }: MapForm,
  key: TypeSerializer<K>,
  present: TypeSerializer<V>,
): TypeSerializer<Map<K, V>> {
  const snapshot = compositeSnapshot({ className: SNAPSHOT_CLASS, outerVersion: 1 }, [key, present]);

  function writeValue(item: V, output: Parameters<typeof present.serialize>[1]): void {
    const isNull = item === null && nullable;
    output.writeByte(isNull ? 1 : 0);
    if (!isNull) {
      present.serialize(item, output);
    }
  }

  function readValue(input: Parameters<typeof present.deserialize>[0]): V {
    if (input.readByte() === 0) {
      return present.deserialize(input);
    }
    if (!nullable) {
      throw new SerializationError(`The stored value is null, which a ${name} can not hold; make its values NULLABLE.`);
    }
    return null as V;
  }

  return {
    id: compositeId('org.apache.flink.api.common.typeutils.base.MapSerializer', [key, present]),
    length: -1,
    ...withLayout(mapLayout(key, present)),
    snapshot,

    resolve: (stored) =>
      resolveComposite<Map<K, V>>(stored, snapshot, {
        parts: [key as TypeSerializer<unknown>, present as TypeSerializer<unknown>],
        nameOf: (index) => (index === 0 ? 'key' : 'value'),
        rebuild: ([ofKey, ofValue]) =>
          mapSerializer({ name, nullable }, ofKey as TypeSerializer<K>, ofValue as TypeSerializer<V>),
        changeOf: ([ofKey, ofValue]) => mapChange(ofKey as string, ofValue as string),
      }),

    serialize(map, output) {
      if (!(map instanceof Map)) {
        throw new SerializationError(`A ${name} must be a Map; received ${describe(map)}.`);
      }
      output.writeInt(map.size);
      for (const [itsKey, itsValue] of map) {
        try {
          key.serialize(itsKey, output);
        } catch (error) {
          throw at(`.keys(${describe(itsKey)})`, error);
        }
        try {
          writeValue(itsValue, output);
        } catch (error) {
          throw at(`.get(${describe(itsKey)})`, error);
        }
      }
    },

    deserialize(input) {
      const size = checkedSize(name, input.readInt());
      const map = new Map<K, V>();
      for (let i = 0; i < size; i++) {
        const itsKey = key.deserialize(input);
        try {
          map.set(itsKey, readValue(input));
        } catch (error) {
          throw at(`.get(${describe(itsKey)})`, error);
        }
      }
      return map;
    },
  };
}

// Whatever the order: the sum of key XOR value.
function entriesHashCode<K, V>(map: Map<K, V>, ofKey: (key: K) => number, ofValue: (value: V) => number): number {
  let hash = 0;
  for (const [key, value] of map) {
    hash = (hash + (ofKey(key) ^ ofValue(value))) | 0;
  }
  return hash;
}
