// Any JSON value: length of its UTF-8 text as a 32-bit integer, then the text.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { bytesSerializer } from './bytes-serializer.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const jsonSerializer: TypeSerializer<unknown> = {
  id: 'rockstate.JsonSerializer',
  length: -1,

  serialize(value, output) {
    const text = toJson(value);
    if (text === undefined) {
      throw new SerializationError(`JSON can not hold ${describe(value)}.`);
    }
    bytesSerializer.serialize(encoder.encode(text), output);
  },

  deserialize(input) {
    try {
      return JSON.parse(decoder.decode(bytesSerializer.deserialize(input)));
    } catch (cause) {
      throw new SerializationError('The stored bytes are not JSON.', { cause });
    }
  },
};

// JSON.stringify writes NaN and infinities as null, which would come back as another value.
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (name, part) => {
      if (typeof part === 'number' && !Number.isFinite(part)) {
        throw new SerializationError(`JSON can not hold ${part}${name === '' ? '' : ` (at '${name}')`}.`);
      }
      return part;
    });
  } catch (cause) {
    if (cause instanceof SerializationError) {
      throw cause;
    }
    throw new SerializationError(`JSON can not hold ${describe(value)}: ${(cause as Error).message}`, { cause });
  }
}
