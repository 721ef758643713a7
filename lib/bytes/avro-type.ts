// Avro values, coded by a type of the program's own avsc.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, typeError } from '../errors.ts';
import { type Coding, codedType } from './coded-type.ts';
import { afterMigration, mismatch } from './resolve-schema.ts';
import { snapshotOf } from './snapshots.ts';

/** What is used of avsc's `Type`. */
export interface AvroType<T> {
  toBuffer(value: T): Uint8Array;
  /** @param resolver - as `createResolver` gives, for bytes of another type. */
  fromBuffer(bytes: Buffer, resolver?: unknown): T;
  /** The schema in canonical form, which tells formats apart on restore. */
  schema(): unknown;
  /** Makes what reads values of another type. @throws when Avro's rules do not allow that. */
  createResolver?(writer: unknown): unknown;
}

interface AvroLibrary {
  forSchema(schema: unknown): unknown;
}

const ID = 'rockstate.AvroSerializer';
const STORED_SCHEMA = /^rockstate\.AvroSerializer\[(.*)\]$/s;

export function avroType<T>(type: AvroType<T>): TypeInformation<T> {
  if (typeof type?.toBuffer !== 'function' || typeof type.schema !== 'function') {
    throw typeError(
      'ERR_INVALID_TYPE',
      `Types.AVRO takes a type of avsc, as avro.Type.forSchema gives; received ${describe(type)}.`,
    );
  }
  const id = `${ID}[${JSON.stringify(type.schema())}]`;
  const { name, serializer } = codedType<T>(codingOf(type, id));
  const resolving: TypeSerializer<T> = { ...serializer, resolve: (stored) => resolveAvro(stored, type, id) };
  return { name, serializer: resolving };
}

/** @param resolver - where the bytes are of another type. */
function codingOf<T>(type: AvroType<T>, id: string, resolver?: unknown): Coding<T> {
  return {
    ...{ name: 'AVRO', id },
    toBytes: (value) => type.toBuffer(value),
    fromBytes: (bytes) => type.fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), resolver),
  };
}

function resolveAvro<T>(stored: SerializerSnapshot, type: AvroType<T>, id: string): SchemaCompatibility<T> {
  const schema = stored.kind === 'own' ? STORED_SCHEMA.exec(stored.id)?.[1] : undefined;
  const declared = snapshotOf({ id });
  if (schema === undefined) {
    return mismatch(stored, declared);
  }
  const library = libraryOf(type);
  if (library === undefined || type.createResolver === undefined) {
    return mismatch(stored, declared, 'the type is not one of avsc, which would resolve their schemas');
  }
  let resolver: unknown;
  try {
    resolver = type.createResolver(library.forSchema(JSON.parse(schema)));
  } catch (cause) {
    return mismatch(stored, declared, (cause as Error).message);
  }
  return afterMigration(codedType<T>(codingOf(type, id, resolver)).serializer, undefined);
}

// The class `Type` of the avsc that has made the type: other copies of avsc refuse it.
function libraryOf(type: object): AvroLibrary | undefined {
  for (let level: unknown = type; level !== null && level !== undefined; level = Object.getPrototypeOf(level)) {
    const { constructor: its } = level as { readonly constructor?: Partial<AvroLibrary> };
    if (typeof its?.forSchema === 'function') {
      return its as AvroLibrary;
    }
  }
  return undefined;
}
