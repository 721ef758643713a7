// What a record of a hot row looks like in memory, in words of 32 bits:
//
//   [words; negative: nothing is here][next record with this place in the index][hash][column family × 256 + marks]
//   [bytes of key][bytes of value][unwritten row before][unwritten row after][key, and right behind it the value …]
//
// Marks: 2 bits for what is known of the row, 1 for whether that is yet to be written, 2 for how often it was used.
import { KEY_OFFSET } from './call-buffer.ts';

export const NEXT = 1;
export const HASH = 2;
export const TAG = 3;
export const KEY_LENGTH = 4;
export const VALUE_LENGTH = 5;
export const BEFORE = 6;
export const AFTER = 7;
export const HEADER_WORDS = 8;

export const WORD_BYTES = 4;
/** Where keys begin in a buffer. */
export const KEY_WORD: number = KEY_OFFSET / WORD_BYTES;

export const KIND_MASK = 3;
export const UNWRITTEN = 4;
export const USE = 8;
export const USES_MASK = 24;
export const MARKS_BITS = 8;

/** What a record says of its row: nothing is stored, a value is, or something unread with this appended. */
export const ABSENT = 1;
export const VALUE = 2;
export const OPERANDS = 3;
export type RowKind = typeof ABSENT | typeof VALUE | typeof OPERANDS;

/** Bytes with a key in them, from `KEY_OFFSET` on, as in the call buffer. */
export interface KeyBuffer {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Words of a record whose key and value have so many bytes. */
export function wordsOf(rowBytes: number): number {
  return HEADER_WORDS + Math.ceil(rowBytes / WORD_BYTES);
}
