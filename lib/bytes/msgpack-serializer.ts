// Plain values as MessagePack: number of bytes as a 32-bit integer, then the bytes. rockstate's own format.
import { createRequire } from 'node:module';
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import { checkPlain, type PlainFormat } from './plain-values.ts';
import { SIZED_LAYOUT } from './value-layout.ts';

/** What is used of msgpackr. */
interface Packer {
  pack(value: unknown): Uint8Array;
  unpack(bytes: Uint8Array): unknown;
}

const FORMAT: PlainFormat = {
  name: 'MSGPACK',
  advice: 'It holds plain objects, arrays, valid Dates and Uint8Arrays; Types.STRUCTURED holds Maps and Sets too.',
  holds: (value) =>
    value instanceof Date
      ? !Number.isNaN(value.getTime())
      : value.constructor === Uint8Array || value.constructor === Buffer,
  holdsPrimitive: () => true,
  collections: false,
  anyText: false,
};

let packer: Packer | undefined;

export const msgpackSerializer: TypeSerializer<unknown> = {
  id: 'rockstate.MsgpackSerializer',
  length: -1,
  layout: SIZED_LAYOUT,

  serialize(value, output) {
    bytesSerializer.serialize(pack(value), output);
  },

  deserialize(input) {
    const bytes = bytesSerializer.deserialize(input);
    const loaded = loadPacker();
    try {
      return loaded.unpack(bytes);
    } catch (cause) {
      throw new SerializationError('The stored bytes are not MessagePack.', { cause });
    }
  },
};

function pack(value: unknown): Uint8Array {
  try {
    checkPlain(value, FORMAT);
    return loadPacker().pack(value);
  } catch (cause) {
    if (cause instanceof SerializationError) {
      throw cause;
    }
    throw new SerializationError(`MSGPACK can not hold ${describe(value)}: ${(cause as Error).message}`, { cause });
  }
}

// Loaded when first needed, so that programs without MSGPACK don't pay for it.
function loadPacker(): Packer {
  packer ??= makePacker();
  return packer;
}

function makePacker(): Packer {
  try {
    const { Packr } = createRequire(import.meta.url)('msgpackr');
    // Records are msgpackr's own extension; without them any MessagePack reader can read the bytes.
    return new Packr({ useRecords: false, useBigIntExtension: true });
  } catch (cause) {
    throw new SerializationError('Types.MSGPACK needs the package msgpackr, which could not be loaded.', { cause });
  }
}
