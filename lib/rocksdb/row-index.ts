// Finds the records of hot rows by the bytes of their keys, without making anything.
import { HASH_SEED, mixed, withWord } from '../bytes/secret-hash.ts';
import { KEY_OFFSET } from './call-buffer.ts';
import {
  HASH,
  HEADER_WORDS,
  KEY_LENGTH,
  KEY_WORD,
  type KeyBuffer,
  MARKS_BITS,
  NEXT,
  TAG,
  WORD_BYTES,
} from './row-layout.ts';

export class RowIndex {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #buckets: Int32Array;
  // What is being looked for.
  #buffer: KeyBuffer;
  #family = 0;
  #keyLength = 0;
  #hash = 0;

  /** @param buckets - as many as a power of two. */
  constructor(words: Int32Array, buckets: Int32Array, buffer: KeyBuffer) {
    this.#words = words;
    this.#bytes = new Uint8Array(words.buffer);
    this.#buckets = buckets;
    this.#buffer = buffer;
  }

  get buffer(): KeyBuffer {
    return this.#buffer;
  }

  get keyLength(): number {
    return this.#keyLength;
  }

  get hash(): number {
    return this.#hash;
  }

  /** Says which row is looked for: that of the key in the buffer. */
  seek(buffer: KeyBuffer, family: number, keyLength: number): void {
    this.#buffer = buffer;
    this.#family = family;
    this.#keyLength = keyLength;
    this.#hash = this.#hashOf(family, keyLength);
  }

  /** Says that a row is looked for whose key is too long for a record. */
  seekNothing(): void {
    this.#keyLength = -1;
    this.#hash = 0;
  }

  /** The record of what is looked for; 0 when there is none. */
  find(): number {
    const words = this.#words;
    let record = this.#buckets[this.#hash & (this.#buckets.length - 1)] as number;
    while (record !== 0 && !this.#isSought(record)) {
      record = words[record + NEXT] as number;
    }
    return record;
  }

  /** Puts a record in the place of what is looked for. */
  add(record: number): void {
    const words = this.#words;
    const bucket = this.#hash & (this.#buckets.length - 1);
    words[record + NEXT] = this.#buckets[bucket] as number;
    words[record + HASH] = this.#hash;
    words[record + TAG] = this.#family << MARKS_BITS;
    words[record + KEY_LENGTH] = this.#keyLength;
    this.#buckets[bucket] = record;
  }

  remove(record: number): void {
    this.replace(record, this.#words[record + NEXT] as number);
  }

  /** What leads to a record leads to another place from now on. */
  replace(record: number, replacement: number): void {
    const words = this.#words;
    const bucket = (words[record + HASH] as number) & (this.#buckets.length - 1);
    let place = this.#buckets[bucket] as number;
    if (place === record) {
      this.#buckets[bucket] = replacement;
      return;
    }
    while (words[place + NEXT] !== record) {
      place = words[place + NEXT] as number;
    }
    words[place + NEXT] = replacement;
  }

  clear(): void {
    this.#buckets.fill(0);
  }

  #isSought(record: number): boolean {
    const words = this.#words;
    if (
      words[record + HASH] !== this.#hash ||
      words[record + KEY_LENGTH] !== this.#keyLength ||
      (words[record + TAG] as number) >> MARKS_BITS !== this.#family
    ) {
      return false;
    }
    const given = this.#buffer.words;
    const wholeWords = this.#keyLength >> 2;
    for (let i = 0; i < wholeWords; i++) {
      if (words[record + HEADER_WORDS + i] !== given[KEY_WORD + i]) {
        return false;
      }
    }
    const start = (record + HEADER_WORDS) * WORD_BYTES;
    for (let i = wholeWords * WORD_BYTES; i < this.#keyLength; i++) {
      if (this.#bytes[start + i] !== this.#buffer.bytes[KEY_OFFSET + i]) {
        return false;
      }
    }
    return true;
  }

  #hashOf(family: number, keyLength: number): number {
    const { bytes, words } = this.#buffer;
    const wholeWords = keyLength >> 2;
    let hash = withWord(HASH_SEED, family);
    for (let i = 0; i < wholeWords; i++) {
      hash = withWord(hash, words[KEY_WORD + i] as number);
    }
    for (let i = wholeWords * WORD_BYTES; i < keyLength; i++) {
      hash = withWord(hash, bytes[KEY_OFFSET + i] as number);
    }
    return mixed(hash);
  }
}
