// Byte arrays as Flink writes them: length as a 32-bit integer, then the bytes.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { simpleSnapshot } from './snapshots.ts';
import { SIZED_LAYOUT } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer';

export const bytesSerializer: TypeSerializer<Uint8Array> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: -1,
  layout: SIZED_LAYOUT,

  serialize(value, output) {
    if (!(value instanceof Uint8Array)) {
      throw new SerializationError(`BYTES must be a Uint8Array; received ${describe(value)}.`);
    }
    output.writeInt(value.length);
    output.writeBytes(value);
  },

  deserialize: (input) => input.readBytes(input.readInt()),
};
