// One of some names, as Flink's EnumSerializer writes constants: place in the list of names as a 32-bit integer.
//
// It has no hash code: Java's differs from one JVM to the next, so that Flink refuses enums as keys.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError, typeError } from '../errors.ts';
import { AS_IS, mismatch, reconfigured } from './resolve-schema.ts';
import { enumSnapshot, OWN_CLASS_PREFIX } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const LISTED_NAMES = 10;
// There is no such class, so that Flink names it when it refuses the savepoint.
const NO_JAVA_CLASS = `${OWN_CLASS_PREFIX}Enum`;

/** @param javaClass - the binary name of Java's enum, which Flink looks for when it restores a savepoint. */
export function enumType<N extends string>(names: readonly N[], javaClass: string = NO_JAVA_CLASS): TypeInformation<N> {
  if (names.length === 0 || names.some((name) => typeof name !== 'string') || new Set(names).size < names.length) {
    throw typeError(
      'ERR_INVALID_TYPE',
      `Types.ENUM takes one or more different names; received ${names.map(describe).join(', ') || 'none'}.`,
    );
  }
  return { name: `ENUM(${names.join(', ')})`, serializer: enumSerializer(names, javaClass) };
}

function enumSerializer<N extends string>(names: readonly N[], javaClass: string): TypeSerializer<N> {
  const numbers = new Map<string, number>(names.map((name, number) => [name, number]));
  return {
    id: `org.apache.flink.api.common.typeutils.base.EnumSerializer[${names.map((name) => JSON.stringify(name)).join(',')}]`,
    length: 4,
    layout: fixedLayout(4),
    snapshot: enumSnapshot(javaClass, names),
    resolve: (stored) => resolveEnum(stored, names, javaClass),

    serialize(value, output) {
      const number = numbers.get(value);
      if (number === undefined) {
        const listed = names.length > LISTED_NAMES ? [...names.slice(0, LISTED_NAMES), '…'] : names;
        throw new SerializationError(`An ENUM must be one of ${listed.join(', ')}; received ${describe(value)}.`);
      }
      output.writeInt(number);
    },

    deserialize(input) {
      const number = input.readInt();
      const name = names[number];
      if (name === undefined) {
        throw new SerializationError(`The stored ENUM has number ${number}, but only ${names.length} names are known.`);
      }
      return name;
    },
  };
}

// Stored numbers stay: names that are new get the numbers behind them, wherever they are declared.
function resolveEnum<N extends string>(
  stored: SerializerSnapshot,
  names: readonly N[],
  javaClass: string,
): SchemaCompatibility<N> {
  const declared = enumSnapshot(javaClass, names);
  if (stored.kind !== 'enum') {
    return mismatch(stored, declared);
  }
  const old = stored.names as readonly N[];
  const removed = old.find((name) => !names.includes(name));
  if (removed !== undefined) {
    return mismatch(stored, declared, `the name '${removed}' is gone, which may be stored`);
  }
  return old.every((name, number) => names[number] === name)
    ? AS_IS
    : reconfigured(enumSerializer([...old, ...names.filter((name) => !old.includes(name))], javaClass));
}
