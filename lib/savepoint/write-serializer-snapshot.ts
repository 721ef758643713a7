// Writes what Flink stores of serializers:
//
//   proxy      [format version 2: int32][versioned]
//   versioned  [class name: UTF][version: int32][content]
//
//   simple     nothing
//   composite  [magic][outer version][outer part][magic][version 1][number of nested ones]{versioned}…
//   enum       [class: UTF][number of names]{name: UTF}…
//   generic    [class: UTF]
//   pojo       [class: UTF][fields: map][registered subclasses: map][other subclasses: map]
//   kryo       [class: UTF][registrations: map][default serializers: map][classes of those: map]
//   struct     [number of fields]{name: UTF}…{versioned}…
//   own        [length][id: UTF-8]
//
// Numbers are int32; maps are described in optional-maps.ts.
import type { CompositeSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { DataOutputView } from '../api/type-information.ts';
import { writeUtf } from './java-utf.ts';
import { writeOptionalMap } from './optional-maps.ts';
import {
  LAST_LEGACY_COMPOSITE_VERSION,
  NESTED_MAGIC,
  NESTED_VERSION,
  OUTER_MAGIC,
  PROXY_VERSION,
} from './snapshot-format.ts';

/** Writes a snapshot as it is in the headers of state. */
export function writeProxySnapshot(snapshot: SerializerSnapshot, output: DataOutputView): void {
  output.writeInt(PROXY_VERSION);
  writeVersionedSnapshot(snapshot, output);
}

/** Writes a snapshot as it is within others. */
export function writeVersionedSnapshot(snapshot: SerializerSnapshot, output: DataOutputView): void {
  writeUtf(snapshot.className, output);
  output.writeInt(snapshot.version);
  writeContent(snapshot, output);
}

function writeContent(snapshot: SerializerSnapshot, output: DataOutputView): void {
  switch (snapshot.kind) {
    case 'simple':
      if (snapshot.serializerClass !== undefined) {
        writeUtf(snapshot.serializerClass, output);
      }
      break;
    case 'composite':
      writeComposite(snapshot, output);
      break;
    case 'enum':
      writeUtf(snapshot.enumClass, output);
      output.writeInt(snapshot.names.length);
      for (const name of snapshot.names) {
        writeUtf(name, output);
      }
      break;
    case 'generic':
      writeUtf(snapshot.typeClass, output);
      break;
    case 'pojo':
      writeUtf(snapshot.pojoClass, output);
      writeOptionalMap(snapshot.fields, output);
      writeOptionalMap(snapshot.registeredSubclasses, output);
      writeOptionalMap(snapshot.otherSubclasses, output);
      break;
    case 'kryo':
      writeUtf(snapshot.typeClass, output);
      for (const map of snapshot.registrations) {
        writeOptionalMap(map, output);
      }
      break;
    case 'struct':
      output.writeInt(snapshot.names.length);
      for (const name of snapshot.names) {
        writeUtf(name, output);
      }
      for (const part of snapshot.nested) {
        writeVersionedSnapshot(part, output);
      }
      break;
    case 'own':
      writeText(snapshot.id, output);
  }
}

function writeComposite(snapshot: CompositeSnapshot, output: DataOutputView): void {
  const { version, outerVersion, outer, nested } = snapshot;
  if (version > LAST_LEGACY_COMPOSITE_VERSION) {
    output.writeInt(OUTER_MAGIC);
    output.writeInt(outerVersion);
  }
  if (typeof outer === 'string') {
    writeUtf(outer, output);
  } else if (typeof outer === 'number') {
    output.writeInt(outer);
  } else if (typeof outer === 'boolean') {
    output.writeByte(outer ? 1 : 0);
  }
  output.writeInt(NESTED_MAGIC);
  output.writeInt(NESTED_VERSION);
  output.writeInt(nested.length);
  for (const part of nested) {
    writeVersionedSnapshot(part, output);
  }
}

// An id may be longer than a UTF can hold: an Avro schema is part of it.
function writeText(text: string, output: DataOutputView): void {
  const bytes = new TextEncoder().encode(text);
  output.writeInt(bytes.length);
  output.writeBytes(bytes);
}
