// Byte arrays as Flink writes them: length as a 32-bit integer, then the bytes.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';

export const bytesSerializer: TypeSerializer<Uint8Array> = {
  id: 'org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer',
  length: -1,

  serialize(value, output) {
    if (!(value instanceof Uint8Array)) {
      throw new SerializationError(`BYTES must be a Uint8Array; received ${describe(value)}.`);
    }
    output.writeInt(value.length);
    output.writeBytes(value);
  },

  deserialize: (input) => input.readBytes(input.readInt()),
};
