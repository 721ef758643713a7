// A window over bytes of a savepoint that may be damaged: every failure says what was being read, and where.
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { SavepointFormatError, UnknownSerializerError } from '../errors.ts';
import { decodeUtf } from './java-utf.ts';

/** How deep types and handles may be within each other. */
const MAX_DEPTH = 64;

export class SavepointInput {
  readonly source: string;
  /** The state whose description is being read. */
  stateName: string | undefined;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #path: string[] = [];
  #position = 0;
  #values: DataInput | undefined;

  /** @param source - what the bytes are, for messages. */
  constructor(bytes: Uint8Array, source: string) {
    this.source = source;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes from the start to what is read next. */
  get offset(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /** Reads something that has parts; `step` comes into the message when one of them can't be read. */
  in<T>(step: string, read: () => T): T {
    if (this.#path.length >= MAX_DEPTH) {
      this.fail(step, `it is nested more than ${MAX_DEPTH} deep`);
    }
    this.#path.push(step);
    try {
      return read();
    } finally {
      this.#path.pop();
    }
  }

  /** @throws SavepointFormatError always. */
  fail(field: string, reason: string, offset: number = this.#position): never {
    throw new SavepointFormatError(`${reason}.`, { source: this.source, offset, field: this.#placeOf(field) });
  }

  /** @throws UnknownSerializerError always. */
  failUnknown(className: string, reason: string): never {
    const { stateName } = this;
    const owner = stateName === undefined ? '' : ` of state '${stateName}'`;
    const place = `${this.source}, byte ${this.#position}: ${this.#placeOf('serializer')}`;
    throw new UnknownSerializerError(`The serializer ${className}${owner} ${reason} (${place}).`, {
      stateName,
      className,
    });
  }

  byte(field: string): number {
    return this.#bytes[this.#take(1, field)] as number;
  }

  boolean(field: string): boolean {
    return this.byte(field) !== 0;
  }

  short(field: string): number {
    return this.#view.getInt16(this.#take(2, field));
  }

  unsignedShort(field: string): number {
    return this.#view.getUint16(this.#take(2, field));
  }

  int(field: string): number {
    return this.#view.getInt32(this.#take(4, field));
  }

  long(field: string): bigint {
    return this.#view.getBigInt64(this.#take(8, field));
  }

  /** A 64-bit integer that a number holds exactly. */
  safeLong(field: string): number {
    const start = this.#position;
    const value = this.long(field);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : this.fail(field, `${value} is out of range`, start);
  }

  /** How many items follow, each of at least `itemBytes` (1 or more). */
  count(field: string, itemBytes: number): number {
    const start = this.#position;
    const count = this.int(field);
    if (count < 0 || count * itemBytes > this.remaining) {
      this.fail(field, `it says ${count}, but only ${this.remaining} bytes are left`, start);
    }
    return count;
  }

  /** As many items as a 32-bit count says, each of at least `itemBytes`. */
  list<T>(field: string, itemBytes: number, read: (index: number) => T): T[] {
    const count = this.count(`number of ${field}`, itemBytes);
    const items: T[] = [];
    for (let index = 0; index < count; index++) {
      items.push(this.in(`${field}[${index}]`, () => read(index)));
    }
    return items;
  }

  utf(field: string): string {
    const start = this.#position;
    const length = this.unsignedShort(field);
    const text = decodeUtf(this.view(length, field));
    return text ?? this.fail(field, 'the text is not in modified UTF-8', start);
  }

  /** A view of the next bytes. */
  view(length: number, field: string): Uint8Array {
    const start = this.#take(length, field);
    return this.#bytes.subarray(start, start + length);
  }

  /** A copy of as many bytes as a 32-bit length says. */
  block(field: string): Uint8Array {
    return new Uint8Array(this.view(this.count(`length of ${field}`, 1), field));
  }

  /** A value, as its serializer reads it. */
  decode<T>(serializer: TypeSerializer<T>, field: string): T {
    this.#values ??= new DataInput(this.#bytes);
    this.#values.setWindow(this.#position, this.#bytes.length);
    let value: T;
    try {
      value = serializer.deserialize(this.#values);
    } catch (cause) {
      const place = { source: this.source, offset: this.#position, field: this.#placeOf(field) };
      throw new SavepointFormatError((cause as Error).message, place, { cause });
    }
    this.#position = this.#values.position;
    return value;
  }

  /** A view of the bytes of a value, as far as its serializer reads them. */
  bytesOf(serializer: TypeSerializer<unknown>, field: string): Uint8Array {
    const start = this.#position;
    this.decode(serializer, field);
    return this.#bytes.subarray(start, this.#position);
  }

  /** A 32-bit integer that must be `expected`. */
  magic(field: string, expected: number): void {
    const start = this.#position;
    const found = this.int(field);
    if (found !== expected) {
      this.fail(field, `it is ${hex(found)} where ${hex(expected)} was expected`, start);
    }
  }

  #take(length: number, field: string): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) {
      this.fail(field, `it takes ${length} bytes, but only ${this.remaining} are left`);
    }
    this.#position = start + length;
    return start;
  }

  #placeOf(field: string): string {
    return [...this.#path, field].join(', ');
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
