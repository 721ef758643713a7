// A part of the memory of hot rows in which records lie one behind the other, the oldest next to what is free: what is
// added comes last, what is taken away comes first. A record never goes over the end; what it leaves there is filled.

/** Where a ring is. */
export interface RingPlace {
  readonly start: number;
  readonly end: number;
  /** Twice the words of the longest record. */
  readonly spare: number;
}

export class RowRing {
  readonly #words: Int32Array;
  readonly #start: number;
  readonly #end: number;
  // Words that are never filled, so that the oldest record can always become the newest.
  readonly #spare: number;
  #head: number;
  #tail: number;
  #used = 0;

  constructor(words: Int32Array, { start, end, spare }: RingPlace) {
    this.#words = words;
    this.#start = start;
    this.#end = end;
    this.#spare = spare;
    this.#head = start;
    this.#tail = start;
  }

  get sizeWords(): number {
    return this.#end - this.#start;
  }

  get usedWords(): number {
    return this.#used;
  }

  /** Where the oldest record is; only when there is one. */
  get oldest(): number {
    return this.#tail;
  }

  holds(record: number): boolean {
    return record >= this.#start && record < this.#end;
  }

  /** Whether a record of so many words can be added. */
  hasRoom(words: number): boolean {
    const filling = this.#head + words > this.#end ? this.#end - this.#head : 0;
    return this.#used + filling + words <= this.sizeWords - this.#spare;
  }

  /** Whether records can be added that come to so many words. */
  hasRoomForMany(words: number): boolean {
    return this.#used + words + this.#spare / 2 <= this.sizeWords - this.#spare;
  }

  /** Makes a record the last one; its words are the caller's to fill. There must be room, or an oldest record just taken. */
  add(words: number): number {
    if (this.#head + words > this.#end) {
      this.#fillEnd();
    }
    const record = this.#head;
    this.#words[record] = words;
    this.#head = record + words === this.#end ? this.#start : record + words;
    this.#used += words;
    return record;
  }

  /** Makes the last record longer, if it is the last and there is room. */
  extend(record: number, words: number): boolean {
    const present = this.#words[record] as number;
    const isLast = record + present === this.#head;
    if (!isLast || record + words >= this.#end || !this.hasRoom(words - present)) {
      return false;
    }
    this.#words[record] = words;
    this.#head = record + words;
    this.#used += words - present;
    return true;
  }

  /** Takes the oldest record, or what is in the place of one, away. */
  takeOldest(): void {
    const words = Math.abs(this.#words[this.#tail] as number);
    this.#used -= words;
    this.#tail = this.#behind(this.#tail, words);
  }

  /** The place behind a record, from which on the next one is. */
  next(record: number): number {
    return this.#behind(record, Math.abs(this.#words[record] as number));
  }

  clear(): void {
    this.#head = this.#start;
    this.#tail = this.#start;
    this.#used = 0;
  }

  #behind(record: number, words: number): number {
    return record + words === this.#end ? this.#start : record + words;
  }

  // Negative: nothing is there.
  #fillEnd(): void {
    this.#words[this.#head] = this.#head - this.#end;
    this.#used += this.#end - this.#head;
    this.#head = this.#start;
  }
}
