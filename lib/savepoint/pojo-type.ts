// Java objects by their fields, as Flink's PojoSerializer writes them, as plain objects:
//
//   null              [1]
//   object            [2]{[1 when the field is null, else 0][field, unless it is null]}…
//   other subclass    [4][class: UTF][object of that class]
//   registered one    [8][number of the class: 1 byte][object of that class]
import type { Incompatible } from '../api/schema-compatibility.ts';
import type { PojoSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { DataInputView, TypeInformation } from '../api/type-information.ts';
import { AS_IS, incompatible } from '../bytes/resolve-schema.ts';
import { snapshotNameOf } from '../bytes/snapshot-name.ts';
import { describe, SerializationError } from '../errors.ts';
import { decodeUtf } from './java-utf.ts';
import { fieldIdOf, fieldNameOf, pojoIdOf, serializerIdOf } from './serializer-id.ts';

/** A field of a Java class. */
export interface PojoField {
  readonly name: string;
  readonly type: TypeInformation<unknown>;
}

/** What a Java class and its subclasses are made of. */
export interface PojoParts {
  readonly pojoClass: string;
  readonly fields: readonly PojoField[];
  /** By their numbers. */
  readonly registered: readonly (() => TypeInformation<unknown>)[];
  /** By their names. */
  readonly others: ReadonlyMap<string, () => TypeInformation<unknown>>;
}

/** A Java object as a plain one: an own property for each field. */
export type PojoObject = Readonly<Record<string, unknown>>;

const NULL = 1;
const EXACT = 2;
const OTHER_SUBCLASS = 4;
const REGISTERED_SUBCLASS = 8;

export function pojoType(parts: PojoParts): TypeInformation<PojoObject | null> {
  const { pojoClass, fields } = parts;
  const shortName = pojoClass.slice(pojoClass.lastIndexOf('.') + 1);
  const id = pojoIdOf(
    pojoClass,
    fields.map(({ name, type }) => [name, type.serializer.id]),
  );
  return {
    name: `POJO(${shortName})`,
    serializer: {
      id,
      length: -1,
      // Only these read the snapshots of fields.
      resolve: (stored) => (serializerIdOf(stored) === id ? AS_IS : otherPojo(stored, pojoClass, fields)),

      serialize(value, output) {
        if (value === null) {
          output.writeByte(NULL);
          return;
        }
        if (typeof value !== 'object') {
          throw new SerializationError(`A ${shortName} must be an object; received ${describe(value)}.`);
        }
        output.writeByte(EXACT);
        for (const { name, type } of fields) {
          const field = value[name];
          if (field === undefined) {
            throw new SerializationError(`A ${shortName} must have a '${name}', which may be null; received none.`);
          }
          output.writeByte(field === null ? 1 : 0);
          if (field !== null) {
            type.serializer.serialize(field, output);
          }
        }
      },

      deserialize: (input) => readObject(parts, input),
    },
  };
}

function otherPojo(stored: SerializerSnapshot, pojoClass: string, fields: readonly PojoField[]): Incompatible {
  const before = snapshotNameOf(stored);
  return incompatible(
    stored.kind === 'pojo' && stored.pojoClass === pojoClass
      ? (otherField(stored, fields) ?? `the fields of ${before} are in another order`)
      : `${before} can not become POJO(${pojoClass})`,
  );
}

// What is wrong with the first field that is another.
function otherField(stored: PojoSnapshot, fields: readonly PojoField[]): string | undefined {
  const declared = new Map(fields.map((field) => [field.name, field]));
  for (const entry of stored.fields) {
    const field = declared.get(entry.name);
    if (field === undefined) {
      return `field '${entry.name}' is stored, and not declared`;
    }
    if (fieldIdOf(entry) !== field.type.serializer.id) {
      return `field '${entry.name}': ${fieldNameOf(entry)} can not become ${field.type.name}`;
    }
    declared.delete(entry.name);
  }
  const [added] = declared.keys();
  return added === undefined ? undefined : `field '${added}' is declared, and not stored`;
}

function readObject(parts: PojoParts, input: DataInputView): PojoObject | null {
  const flag = input.readByte();
  switch (flag) {
    case NULL:
      return null;
    case EXACT:
      return readFields(parts.fields, input);
    case REGISTERED_SUBCLASS: {
      const number = input.readByte();
      return readAs(parts.registered[number], `number ${number}`, { parts, input });
    }
    case OTHER_SUBCLASS: {
      const name = decodeUtf(input.readBytes(input.readShort() & 0xffff)) ?? '';
      return readAs(parts.others.get(name), describe(name), { parts, input });
    }
    default:
      throw new SerializationError(`The stored ${parts.pojoClass} begins with ${flag}, which means nothing.`);
  }
}

function readFields(fields: readonly PojoField[], input: DataInputView): PojoObject {
  return Object.fromEntries(
    fields.map(({ name, type }) => [name, input.readByte() === 0 ? type.serializer.deserialize(input) : null]),
  );
}

function readAs(
  subclass: (() => TypeInformation<unknown>) | undefined,
  name: string,
  { parts, input }: { readonly parts: PojoParts; readonly input: DataInputView },
): PojoObject {
  if (subclass === undefined) {
    throw new SerializationError(
      `The stored ${parts.pojoClass} is of subclass ${name}, which its snapshot does not have.`,
    );
  }
  return subclass().serializer.deserialize(input) as PojoObject;
}
