// Layouts of values and their changes, read from the grammars of lib/bytes/value-layout.ts and lib/bytes/layout-change.ts, and
// carried out plainly: what native code does, told once more.

type Walk = (bytes: Bytes) => void;
type Change = (bytes: Bytes) => Buffer;

/** As many bytes as a value takes. */
export function walkedBytes(layout: string, bytes: Uint8Array): number {
  const text = new Text(layout);
  const walk = parseLayout(text);
  text.end();
  const input = new Bytes(bytes);
  walk(input);
  return input.at;
}

/** The new bytes of a value, all of which are stored ones'. */
export function changed(change: string, bytes: Uint8Array): Uint8Array {
  const text = new Text(change);
  const carryOut = parseChange(text);
  text.end();
  const input = new Bytes(bytes);
  const result = carryOut(input);
  if (input.at !== bytes.length) {
    throw new Error(`${change} takes ${input.at} bytes of ${bytes.length}.`);
  }
  return new Uint8Array(result);
}

class Text {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  letter(): string {
    return this.#text[this.#at++] ?? '';
  }

  /** Up to and with a mark. */
  until(mark: string): string {
    const end = this.#text.indexOf(mark, this.#at);
    const part = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return part;
  }

  take(count: number): string {
    this.#at += count;
    return this.#text.slice(this.#at - count, this.#at);
  }

  nextIsDigit(): boolean {
    return /\d/.test(this.#text[this.#at] ?? '');
  }

  end(): void {
    if (this.#at !== this.#text.length) {
      throw new Error(`${this.#text} goes on at ${this.#at}.`);
    }
  }
}

class Bytes {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  take(count: number): Buffer {
    if (count < 0 || this.at + count > this.#bytes.length) {
      throw new Error(`${count} bytes are wanted at ${this.at} of ${this.#bytes.length}.`);
    }
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  int(): number {
    return this.take(4).readInt32BE();
  }

  varint(): number {
    for (let value = 0, shift = 0; ; shift += 7) {
      const [byte = 0] = this.take(1);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
  }
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function parseLayout(text: Text): Walk {
  switch (text.letter()) {
    case 'F': {
      const count = Number(text.until('.'));
      return (bytes) => bytes.take(count);
    }
    case 'S':
      return (bytes) => times(Math.max(0, bytes.varint() - 1), () => bytes.varint());
    case 'B':
      return (bytes) => bytes.take(bytes.int());
    case 'I':
      return (bytes) => bytes.take(Math.max(0, bytes.int() - 4));
    case '?':
      return optionalWalk(parseLayout(text));
    case 'L': {
      const walk = parseLayout(text);
      return (bytes) => times(bytes.int(), () => walk(bytes));
    }
    case 'M': {
      const [key, value] = [parseLayout(text), optionalWalk(parseLayout(text))];
      return (bytes) => times(bytes.int(), () => [key(bytes), value(bytes)]);
    }
    case 'T': {
      const walks = times(Number(text.until('.')), () => parseLayout(text));
      return (bytes) => walks.forEach((walk) => walk(bytes));
    }
    case 'R':
      return rowWalk(times(Number(text.until('.')), () => parseLayout(text)));
    default:
      throw new Error('There is no such layout.');
  }
}

function optionalWalk(walk: Walk): Walk {
  return (bytes) => {
    if (bytes.take(1)[0] === 0) {
      walk(bytes);
    }
  };
}

function rowWalk(walks: readonly Walk[]): Walk {
  return (bytes) => {
    const mask = [...bytes.take(Math.ceil((walks.length + 2) / 8))]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
    walks.forEach((walk, index) => {
      if (mask[index + 2] === '0') {
        walk(bytes);
      }
    });
  };
}

function parseChange(text: Text): Change {
  switch (text.letter()) {
    case '=': {
      const walk = parseLayout(text);
      return (bytes) => taken(bytes, walk);
    }
    case 'W':
      return widening(text.letter(), text.letter());
    case 'C': {
      const constant = Buffer.from(text.take(2 * Number(text.until('.'))), 'hex');
      return () => constant;
    }
    case 'N': {
      const change = parseChange(text);
      return (bytes) => Buffer.concat([Buffer.of(0), change(bytes)]);
    }
    case '?':
      return optionalChange(parseChange(text));
    case 'L':
      return repeatedChange([parseChange(text)]);
    case 'M':
      return repeatedChange([parseChange(text), optionalChange(parseChange(text))]);
    case 'P':
      return partsChange(text);
    default:
      throw new Error('There is no such change.');
  }
}

// The bytes that a value takes.
function taken(bytes: Bytes, walk: Walk): Buffer {
  const start = bytes.at;
  walk(bytes);
  const length = bytes.at - start;
  bytes.at = start;
  return bytes.take(length);
}

function optionalChange(change: Change): Change {
  return (bytes) => {
    const flag = bytes.take(1);
    return flag[0] === 0 ? Buffer.concat([flag, change(bytes)]) : flag;
  };
}

function repeatedChange(changes: readonly Change[]): Change {
  return (bytes) => {
    const count = bytes.take(4);
    return Buffer.concat([count, ...times(count.readInt32BE(), () => changes.map((change) => change(bytes))).flat()]);
  };
}

function partsChange(text: Text): Change {
  const walks = times(Number(text.until('.')), () => parseLayout(text));
  const written = times(Number(text.until('.')), () => ({
    index: text.nextIsDigit() ? Number(text.until(':')) : undefined,
    change: parseChange(text),
  }));
  return (bytes) => {
    const places = walks.map((walk) => taken(bytes, walk));
    return Buffer.concat(
      written.map(({ index, change }) =>
        change(new Bytes(index === undefined ? Buffer.alloc(0) : (places[index] as Buffer))),
      ),
    );
  };
}

interface Width {
  readonly bytes: number;
  read(bytes: Buffer): number | bigint;
  write(bytes: Buffer, value: number | bigint): void;
}

const WIDTHS: Readonly<Record<string, Width>> = {
  b: { bytes: 1, read: (bytes) => bytes.readInt8(), write: (bytes, value) => bytes.writeInt8(Number(value)) },
  h: { bytes: 2, read: (bytes) => bytes.readInt16BE(), write: (bytes, value) => bytes.writeInt16BE(Number(value)) },
  i: { bytes: 4, read: (bytes) => bytes.readInt32BE(), write: (bytes, value) => bytes.writeInt32BE(Number(value)) },
  l: {
    bytes: 8,
    read: (bytes) => bytes.readBigInt64BE(),
    write: (bytes, value) => bytes.writeBigInt64BE(BigInt(value)),
  },
  f: { bytes: 4, read: (bytes) => bytes.readFloatBE(), write: (bytes, value) => bytes.writeFloatBE(Number(value)) },
  d: { bytes: 8, read: (bytes) => bytes.readDoubleBE(), write: (bytes, value) => bytes.writeDoubleBE(Number(value)) },
};

function widening(from: string, to: string): Change {
  const [source, target] = [WIDTHS[from] as Width, WIDTHS[to] as Width];
  return (bytes) => {
    const value = source.read(bytes.take(source.bytes));
    // A number holds no more of a 64-bit integer.
    if (typeof value === 'bigint' && to === 'd' && !Number.isSafeInteger(Number(value))) {
      throw new Error(`${value} is no safe integer.`);
    }
    const widened = Buffer.alloc(target.bytes);
    target.write(widened, value);
    return widened;
  };
}
