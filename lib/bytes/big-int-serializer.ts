// Integers of any size as Flink writes Java's BigInteger: a 32-bit tag, then the bytes of the number.
//
//   tag 0: null | 1: the number 0 | 2: the number 1 | 3: the number 10 | n + 4: n bytes, big-endian, as few as it takes
import type { DataInputView, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { simpleSnapshot } from './snapshots.ts';
import { BIG_INTEGER_LAYOUT } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.BigIntSerializer';

const LENGTH_OFFSET = 4;
const CONSTANTS: readonly (bigint | undefined)[] = [undefined, 0n, 1n, 10n];

export const bigIntSerializer: TypeSerializer<bigint> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: -1,
  layout: BIG_INTEGER_LAYOUT,

  serialize(value, output) {
    if (typeof value !== 'bigint') {
      throw new SerializationError(`A BIG_INT must be a bigint; received ${describe(value)}.`);
    }
    const constant = CONSTANTS.indexOf(value);
    if (constant > 0) {
      output.writeInt(constant);
    } else {
      const bytes = toBytes(value);
      output.writeInt(bytes.length + LENGTH_OFFSET);
      output.writeBytes(bytes);
    }
  },

  deserialize(input) {
    const value = readNullableBigInteger(input);
    if (value === null) {
      throw new SerializationError('The stored BIG_INT is null.');
    }
    return value;
  },
};

/**
 * A `BigInteger`, which may be null. Java uses a constant's tag only for its shared object, so that 0, 1 and 10 may also come
 * with their bytes.
 */
export function readNullableBigInteger(input: DataInputView): bigint | null {
  const tag = input.readInt();
  if (tag > LENGTH_OFFSET) {
    return fromBytes(input.readBytes(tag - LENGTH_OFFSET));
  }
  const constant = CONSTANTS[tag];
  if (constant === undefined && tag !== 0) {
    throw new SerializationError(`The stored BIG_INT has the unknown tag ${tag}.`);
  }
  return constant ?? null;
}

// Two's complement in as few whole bytes as hold the number and its sign.
function toBytes(value: bigint): Uint8Array {
  const hex = (value < 0n ? ~value : value).toString(16);
  const highestDigitBits = 32 - Math.clz32(Number.parseInt(hex.charAt(0), 16));
  const length = Math.floor(((hex.length - 1) * 4 + highestDigitBits) / 8) + 1;
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}

function fromBytes(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}
