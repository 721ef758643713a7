// Reads what Flink stores of serializers. Layouts are those of write-serializer-snapshot.ts, and older ones:
//
//   simple, version 2         [serializer class: UTF]
//   composite, version ≤ 2    as version 3, but without the first magic number and the outer version, which is the version
//   ttl-aware, version 1      [1 when state has a time to live, else 0][versioned]: a layer of Flink 2, which changes no bytes of
//                             the state and is taken off
import type { CompositeSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { STRUCT_VERSION } from '../bytes/snapshots.ts';
import { readOptionalMap } from './optional-maps.ts';
import type { SavepointInput } from './savepoint-input.ts';
import { formOf, type OuterPart, type SnapshotForm, type SnapshotForms } from './snapshot-classes.ts';
import {
  FIRST_ROW_VERSION_WITH_KIND_FLAG,
  LAST_LEGACY_COMPOSITE_VERSION,
  NESTED_MAGIC,
  NESTED_VERSION,
  OUTER_MAGIC,
  PROXY_VERSION,
} from './snapshot-format.ts';

// A class name without letters, and a version.
const MIN_SNAPSHOT_BYTES = 6;

// The length of a text.
const MIN_UTF_BYTES = 2;

type Head = Pick<SerializerSnapshot, 'className' | 'version'>;

/**
 * Reads a snapshot as it is in the headers of state, behind a version of the format.
 *
 * @param more - how snapshots of the program's own classes are laid out.
 * @throws UnknownSerializerError when the class is not known: what follows can't be read then either.
 * @throws SavepointFormatError when the bytes are damaged.
 */
export function readProxySnapshot(input: SavepointInput, more?: SnapshotForms): SerializerSnapshot {
  const version = input.int('format version of serializer snapshots');
  if (version !== PROXY_VERSION) {
    const advice = version === 1 ? ', which Flink 1.6 wrote; let Flink 1.16 take a savepoint of it first' : '';
    input.fail('format version of serializer snapshots', `${version} is not ${PROXY_VERSION}${advice}`);
  }
  return readVersionedSnapshot(input, more);
}

/** Reads a snapshot as it is within others. Throws as {@link readProxySnapshot}. */
export function readVersionedSnapshot(input: SavepointInput, more?: SnapshotForms): SerializerSnapshot {
  const className = input.utf('class name of a serializer snapshot');
  const version = input.int(`version of ${className}`);
  const form = formOf(className, more);
  if (form === undefined) {
    input.failUnknown(className, 'is not known, so that what follows can not be read either');
  }
  return input.in(className.slice(className.lastIndexOf('.') + 1), () =>
    readContent({ className, version }, form, { input, more }),
  );
}

interface Reading {
  readonly input: SavepointInput;
  readonly more: SnapshotForms | undefined;
}

function readContent(head: Head, form: SnapshotForm, reading: Reading): SerializerSnapshot {
  const { input, more } = reading;
  switch (form.kind) {
    case 'simple':
      return readSimple(head, input);
    case 'composite':
      return readComposite(head, form.outer, reading);
    case 'enum':
      return {
        kind: 'enum',
        ...head,
        enumClass: input.utf('class'),
        names: input.list('name', 2, () => input.utf('name')),
      };
    case 'generic':
      return { kind: 'generic', ...head, typeClass: input.utf('class') };
    case 'pojo':
      return {
        ...{ kind: 'pojo', ...head, pojoClass: input.utf('class'), fields: readOptionalMap(input, 'field') },
        registeredSubclasses: readOptionalMap(input, 'registered subclass'),
        otherSubclasses: readOptionalMap(input, 'subclass'),
      };
    case 'kryo':
      return { kind: 'kryo', ...head, typeClass: input.utf('class'), registrations: readKryoRegistrations(input) };
    case 'ttl-aware':
      input.boolean('whether state has a time to live');
      return readVersionedSnapshot(input, more);
    case 'struct':
      return readStruct(head, reading);
    case 'own':
      return { kind: 'own', ...head, id: Buffer.from(input.block('id')).toString('utf8') };
  }
}

function readSimple(head: Head, input: SavepointInput): SerializerSnapshot {
  switch (head.version) {
    case 3:
      return { kind: 'simple', ...head };
    case 2:
      return { kind: 'simple', ...head, serializerClass: input.utf('serializer class') };
    default:
      return input.fail('version', `${head.version} is not known; Flink writes 3`);
  }
}

function readComposite(head: Head, part: OuterPart, reading: Reading): CompositeSnapshot {
  const { input, more } = reading;
  let outerVersion = head.version;
  if (head.version > LAST_LEGACY_COMPOSITE_VERSION) {
    input.magic('magic number', OUTER_MAGIC);
    outerVersion = input.int('outer version');
  }
  const outer = readOuter(part, outerVersion, input);
  input.magic('magic number of nested serializers', NESTED_MAGIC);
  const nestedVersion = input.int('version of nested serializers');
  if (nestedVersion !== NESTED_VERSION) {
    input.fail('version of nested serializers', `${nestedVersion} is not ${NESTED_VERSION}`);
  }
  const nested = input.list('nested', MIN_SNAPSHOT_BYTES, () => readVersionedSnapshot(input, more));
  return { kind: 'composite', ...head, outerVersion, ...(outer !== undefined && { outer }), nested };
}

function readStruct(head: Head, { input, more }: Reading): SerializerSnapshot {
  if (head.version !== STRUCT_VERSION) {
    input.fail('version', `${head.version} is not known; ${STRUCT_VERSION} is`);
  }
  const names = input.list('name', MIN_UTF_BYTES, () => input.utf('name'));
  const nested = names.map((name) => input.in(`field '${name}'`, () => readVersionedSnapshot(input, more)));
  return { kind: 'struct', ...head, names, nested };
}

function readOuter(part: OuterPart, outerVersion: number, input: SavepointInput): CompositeSnapshot['outer'] {
  switch (part) {
    case 'none':
      return undefined;
    case 'class':
      return input.utf('class');
    case 'padding':
      return input.int('length of padding');
    case 'row-kind':
      return outerVersion >= FIRST_ROW_VERSION_WITH_KIND_FLAG ? input.boolean('whether rows have a kind') : undefined;
  }
}

function readKryoRegistrations(input: SavepointInput) {
  return [
    readOptionalMap(input, 'registration'),
    readOptionalMap(input, 'default serializer'),
    readOptionalMap(input, 'default serializer class'),
  ] as const;
}
