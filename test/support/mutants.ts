// Damaged variants of bytes: bits flipped, parts cut, put in or doubled, and integers replaced by extreme ones.

/** A small generator of numbers that are the same for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const EXTREMES = [0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, -0x80000000, 0x00ffffff];

/** One variant, with one to four damages. */
export function mutantOf(bytes: Uint8Array, random: () => number): Uint8Array {
  let mutant: Buffer = Buffer.from(bytes);
  for (let left = 1 + Math.floor(random() * 4); left > 0 && mutant.length > 8; left--) {
    mutant = damaged(mutant, random);
  }
  return mutant;
}

function damaged(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * (bytes.length - 4));
  const length = Math.floor(random() * 16);
  switch (Math.floor(random() * 6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length, random() * 256), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length))]);
    case 3: {
      const extreme = EXTREMES[Math.floor(random() * EXTREMES.length)] as number;
      bytes.writeInt32BE(extreme | 0, at);
      return bytes;
    }
    case 4: {
      bytes.writeInt16BE(((EXTREMES[Math.floor(random() * EXTREMES.length)] as number) << 16) >> 16, at);
      return bytes;
    }
    default:
      bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
      return bytes;
  }
}
