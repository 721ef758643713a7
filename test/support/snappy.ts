// Snappy's block format, for tests of what is around it: uncompresses any block, and compresses runs of one byte.
import type { SnappyCodec } from '../../lib/savepoint/snappy-format.ts';

export const SNAPPY: SnappyCodec = { compress, uncompress };

const MAX_COPY = 64;

function compress(bytes: Uint8Array): Uint8Array {
  const parts: number[] = [...varint(bytes.length)];
  let at = 0;
  while (at < bytes.length) {
    let run = 1;
    while (run < MAX_COPY && at > 0 && bytes[at + run - 1] === bytes[at - 1] && at + run <= bytes.length) {
      run++;
    }
    if (run > 4) {
      // A copy from one byte before, with an offset of two bytes.
      parts.push(((run - 2) << 2) | 2, 1, 0);
      at += run - 1;
    } else {
      parts.push(0, bytes[at] as number);
      at++;
    }
  }
  return Uint8Array.from(parts);
}

function uncompress(block: Uint8Array): Uint8Array {
  let at = 0;
  const next = (): number => {
    if (at >= block.length) {
      throw new Error('The block ends early.');
    }
    return block[at++] as number;
  };
  const nextLittleEndian = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      value += next() * 2 ** (8 * i);
    }
    return value;
  };
  const length = readVarint(next);
  const out: number[] = [];
  while (at < block.length) {
    const tag = next();
    if ((tag & 3) === 0) {
      const size = tag >> 2 < 60 ? (tag >> 2) + 1 : nextLittleEndian((tag >> 2) - 59) + 1;
      for (let i = 0; i < size; i++) {
        out.push(next());
      }
    } else {
      const size = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const distance = (tag & 3) === 1 ? ((tag >> 5) << 8) + next() : nextLittleEndian((tag & 3) === 2 ? 2 : 4);
      if (distance === 0 || distance > out.length || out.length + size > length) {
        throw new Error('A copy is out of range.');
      }
      for (let i = 0; i < size; i++) {
        out.push(out[out.length - distance] as number);
      }
    }
  }
  if (out.length !== length) {
    throw new Error('The length is wrong.');
  }
  return Uint8Array.from(out);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function readVarint(next: () => number): number {
  const byte = next();
  return byte < 0x80 ? byte : (byte & 0x7f) + 0x80 * readVarint(next);
}
