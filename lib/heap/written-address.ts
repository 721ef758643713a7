// The address of a row whose id is in a scratch output, and becomes text only when that is needed: a row that is there has it.
import type { TextOutput } from './byte-text.ts';
import type { RowAddress } from './copy-on-write-table.ts';

export class WrittenAddress implements RowAddress {
  readonly keyGroup: number;
  readonly hash: number;
  readonly #text: TextOutput;
  readonly #start: number;
  readonly #end: number;
  #id: string | undefined;

  /** @param start - where in what is written the id begins. */
  constructor(keyGroup: number, text: TextOutput, start: number) {
    this.keyGroup = keyGroup;
    this.hash = text.hashFrom(start);
    this.#text = text;
    this.#start = start;
    this.#end = text.output.position;
  }

  /** It must be asked for once before anything else is written. */
  get id(): string {
    this.#id ??= this.#text.textBetween(this.#start, this.#end);
    return this.#id;
  }

  hasId(id: string): boolean {
    if (this.#id !== undefined) {
      return this.#id === id;
    }
    const isSame = this.#text.hasText(this.#start, this.#end, id);
    if (isSame) {
      this.#id = id;
    }
    return isSame;
  }
}
