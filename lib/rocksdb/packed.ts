// Packed keys and values of a multi-get; native/core/packed.h has the layout.
import { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';

/** Appends [length][key] for each key. */
export function packKeys(keys: readonly Uint8Array[], output: DataOutput): void {
  for (const key of keys) {
    output.writeIntLittleEndian(key.length);
    output.writeBytes(key);
  }
}

/** Reads [length, -1 = absent][value] until the end. */
export function unpackValues(packed: DataInput | Uint8Array): (Uint8Array | undefined)[] {
  const input = packed instanceof Uint8Array ? new DataInput(packed) : packed;
  const values: (Uint8Array | undefined)[] = [];
  while (input.remaining > 0) {
    const length = input.readIntLittleEndian();
    values.push(length < 0 ? undefined : input.readBytes(length));
  }
  return values;
}
