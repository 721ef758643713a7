// Maps whose keys and values may be missing, each in a frame of its own, so that an unknown class in one is no obstacle:
//
//   map    [header: 8 bytes][number of entries: int32]{entry}…
//   entry  [name: UTF][1 when there is a key, else 0][frame?][1 when there is a value, else 0][frame?]
//   frame  [length: int32][bytes]
import type { OptionalEntry } from '../api/serializer-snapshot.ts';
import type { DataOutputView } from '../api/type-information.ts';
import { writeUtf } from './java-utf.ts';
import type { SavepointInput } from './savepoint-input.ts';

const HEADER = 0x4f2_c69a_3d70n;
// A name without letters, no key, no value.
const MIN_ENTRY_BYTES = 4;

export function readOptionalMap(input: SavepointInput, field: string): OptionalEntry[] {
  const header = input.long(field);
  if (header !== HEADER) {
    input.fail(field, `its header is ${header.toString(16)} where ${HEADER.toString(16)} was expected`);
  }
  return input.list(field, MIN_ENTRY_BYTES, () => {
    const name = input.utf('name');
    const key = readFrame(input, 'key');
    const value = readFrame(input, 'value');
    return { name, ...(key && { key }), ...(value && { value }) };
  });
}

export function writeOptionalMap(entries: readonly OptionalEntry[], output: DataOutputView): void {
  output.writeLong(HEADER);
  output.writeInt(entries.length);
  for (const { name, key, value } of entries) {
    writeUtf(name, output);
    writeFrame(key, output);
    writeFrame(value, output);
  }
}

function readFrame(input: SavepointInput, field: string): Uint8Array | undefined {
  return input.boolean(`whether there is a ${field}`) ? input.block(field) : undefined;
}

function writeFrame(bytes: Uint8Array | undefined, output: DataOutputView): void {
  output.writeByte(bytes === undefined ? 0 : 1);
  if (bytes !== undefined) {
    output.writeInt(bytes.length);
    output.writeBytes(bytes);
  }
}
