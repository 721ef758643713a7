// Java objects that a program declares by their fields, with all that Flink stores of a PojoSerializer.
import type { PojoSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { snapshotOf } from '../bytes/snapshots.ts';
import { writeUtf } from './java-utf.ts';
import { type PojoField, type PojoObject, pojoType } from './pojo-type.ts';
import { RUNTIME } from './snapshot-classes.ts';
import { writeVersionedSnapshot } from './write-serializer-snapshot.ts';

const VERSION = 2;

/** @param fields - all of them, also of the classes that it extends; Flink writes them in the order of their names. */
export function declaredPojo(
  pojoClass: string,
  fields: Readonly<Record<string, TypeInformation<unknown>>>,
): TypeInformation<PojoObject | null> {
  const inOrder = Object.keys(fields)
    .sort()
    .map((name) => ({ name, type: fields[name] as TypeInformation<unknown> }));
  const type = pojoType({ pojoClass, fields: inOrder, registered: [], others: new Map() });
  const snapshot: PojoSnapshot = {
    ...{ kind: 'pojo', className: `${RUNTIME}.PojoSerializerSnapshot`, version: VERSION, pojoClass },
    fields: inOrder.map((field) => ({ name: field.name, key: keyOf(pojoClass, field), value: frameOf(field) })),
    ...{ registeredSubclasses: [], otherSubclasses: [] },
  };
  return { ...type, serializer: { ...type.serializer, snapshot } };
}

// Where a field is declared.
function keyOf(pojoClass: string, { name }: PojoField): Uint8Array {
  const output = new DataOutput();
  writeUtf(pojoClass, output);
  writeUtf(name, output);
  return output.copy();
}

function frameOf({ type }: PojoField): Uint8Array {
  const output = new DataOutput();
  writeVersionedSnapshot(snapshotOf(type.serializer), output);
  return output.copy();
}
