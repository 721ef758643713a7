// Names the byte format of a serializer that a savepoint describes, as serializers here name theirs.
import type { OptionalEntry, PojoSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { snapshotIdOf } from '../bytes/snapshot-id.ts';
import { snapshotNameOf } from '../bytes/snapshot-name.ts';
import { readVersionedSnapshot } from './read-serializer-snapshot.ts';
import { SavepointInput } from './savepoint-input.ts';
import { RUNTIME } from './snapshot-classes.ts';

/**
 * The `TypeSerializer.id` of the serializer that has this snapshot; of one that is not known here, a name that no other has.
 *
 * @param given - answers the id where a program says which type reads a class.
 */
export function serializerIdOf(
  snapshot: SerializerSnapshot,
  given?: (snapshot: SerializerSnapshot) => string | undefined,
): string {
  return snapshotIdOf(snapshot, (each) => given?.(each) ?? (each.kind === 'pojo' ? idOfPojo(each, given) : undefined));
}

function idOfPojo(
  { pojoClass, fields }: PojoSnapshot,
  given: ((snapshot: SerializerSnapshot) => string | undefined) | undefined,
): string {
  return pojoIdOf(
    pojoClass,
    fields.map((field) => [field.name, fieldIdOf(field, given)]),
  );
}

/** The id of a serializer of a Java class by its fields: other fields are another format. */
export function pojoIdOf(pojoClass: string, fields: readonly (readonly [name: string, id: string])[]): string {
  return `${RUNTIME}.PojoSerializer[${pojoClass}{${fields.map(([name, id]) => `${name}:${id}`).join(',')}}]`;
}

/** The id of the serializer of a field. */
export function fieldIdOf(field: OptionalEntry, given?: (snapshot: SerializerSnapshot) => string | undefined): string {
  const snapshot = fieldSnapshotOf(field);
  // Of a class that is not known: its bytes are as good a name.
  return snapshot === undefined ? Buffer.from(field.value ?? []).toString('base64') : serializerIdOf(snapshot, given);
}

/** What the type of a field is called in messages. */
export function fieldNameOf(field: OptionalEntry): string {
  const snapshot = fieldSnapshotOf(field);
  return snapshot === undefined ? 'a class that is not known' : snapshotNameOf(snapshot);
}

function fieldSnapshotOf({ name, value }: OptionalEntry): SerializerSnapshot | undefined {
  try {
    const input = new SavepointInput(value ?? new Uint8Array(0), `the snapshot of field '${name}'`);
    return readVersionedSnapshot(input);
  } catch {
    return undefined;
  }
}
