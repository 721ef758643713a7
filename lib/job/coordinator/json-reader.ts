// Reads parsed JSON that may be anything: a failure says where, what was found, and what would be right.
import { describe, RestoreError } from '../../errors.ts';

export class JsonReader {
  readonly #value: unknown;
  readonly #source: string;
  readonly #path: string;

  /** @param source - what is read, for messages. */
  constructor(value: unknown, source: string, path = '') {
    this.#value = value;
    this.#source = source;
    this.#path = path;
  }

  /** The value of a member, which may be missing: nothing but `optional` reads it then. */
  member(name: string): JsonReader {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.#fail('an object');
    }
    const path = this.#path === '' ? name : `${this.#path}.${name}`;
    return new JsonReader(
      Object.hasOwn(value, name) ? value[name as keyof typeof value] : undefined,
      this.#source,
      path,
    );
  }

  /** What `read` makes of it, if it is there. */
  optional<T>(read: (reader: JsonReader) => T): T | undefined {
    return this.#value === undefined ? undefined : read(this);
  }

  list<T>(read: (item: JsonReader) => T): T[] {
    const value = this.#value;
    if (!Array.isArray(value)) {
      return this.#fail('an array');
    }
    return value.map((item, index) => read(new JsonReader(item, this.#source, `${this.#path}[${index}]`)));
  }

  text(): string {
    return typeof this.#value === 'string' ? this.#value : this.#fail('a text');
  }

  oneOf<T extends string | number>(values: readonly T[]): T {
    const found = values.find((value) => value === this.#value);
    return found ?? this.#fail(values.map((value) => JSON.stringify(value)).join(' or '));
  }

  /** @param least - what it is at least. */
  integer(least: number): number {
    const value = this.#value;
    const isRight = typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
    return isRight ? value : this.#fail(`an integer from ${least} on`);
  }

  base64(): Uint8Array {
    const text = this.text();
    const bytes = Buffer.from(text, 'base64');
    // Characters that are none of base 64 are skipped.
    const isWhole = text.length % 4 === 0 && bytes.length === Buffer.byteLength(text, 'base64');
    return isWhole ? new Uint8Array(bytes) : this.#fail('bytes in base 64');
  }

  #fail(wanted: string): never {
    const found = this.#value === undefined ? 'nothing' : describe(this.#value);
    throw new RestoreError(
      `${this.#source} can't be read: ${this.#path || 'it'} should be ${wanted}, and is ${found}.`,
    );
  }
}
