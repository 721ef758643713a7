// Layouts as bytes/value-layout.ts says, with values that have them.
import fc from 'fast-check';

/** A layout, and values of it. */
export interface RandomLayout {
  readonly text: string;
  readonly value: fc.Arbitrary<Uint8Array>;
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function int32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}

function varint(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...varint(number >>> 7)];
}

function stringBytes(text: string): Uint8Array {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return Uint8Array.from([...varint(text.length + 1), ...units.flatMap(varint)]);
}

/** A byte that says whether the value is null, and the value unless it is. */
function flagged(value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.option(value).map((bytes) => (bytes === null ? Uint8Array.of(1) : joined([Uint8Array.of(0), bytes])));
}

function counted(item: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.array(item, { maxLength: 3 }).map((items) => joined([int32(items.length), ...items]));
}

function rowOf(fields: readonly (Uint8Array | null)[]): Uint8Array {
  const mask = new Uint8Array(Math.ceil((fields.length + 2) / 8));
  fields.forEach((field, i) => {
    if (field === null) {
      mask[(i + 2) >> 3] = (mask[(i + 2) >> 3] as number) | (0x80 >> ((i + 2) & 7));
    }
  });
  return joined([mask, ...fields.filter((field) => field !== null)]);
}

const fixed = fc.nat({ max: 12 }).map((bytes) => ({
  text: `F${bytes}.`,
  value: fc.uint8Array({ minLength: bytes, maxLength: bytes }),
}));
const sized = {
  text: 'B',
  value: fc.uint8Array({ maxLength: 9 }).map((bytes) => joined([int32(bytes.length), bytes])),
};
const string = { text: 'S', value: fc.string({ unit: 'binary', maxLength: 9 }).map(stringBytes) };
const integer = {
  text: 'I',
  value: fc.oneof(
    fc.nat({ max: 3 }).map((tag) => new Uint8Array(int32(tag))),
    fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => joined([int32(bytes.length + 4), bytes])),
  ),
};

/** Any layout that says where its values end, and where null may stand also 12 fields in a row. */
export const randomLayout: fc.Arbitrary<RandomLayout> = fc.letrec<{ any: RandomLayout; nested: RandomLayout }>(
  (tie) => {
    const parts = fc.array(tie('any'), { maxLength: 12 });
    return {
      any: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fixed,
        fc.constantFrom(sized, string, integer),
        tie('nested'),
      ),
      nested: fc.oneof(
        tie('any').map(({ text, value }) => ({ text: `?${text}`, value: flagged(value) })),
        tie('any').map(({ text, value }) => ({ text: `L${text}`, value: counted(value) })),
        fc.tuple(tie('any'), tie('any')).map(([key, value]) => ({
          text: `M${key.text}${value.text}`,
          value: counted(fc.tuple(key.value, flagged(value.value)).map(joined)),
        })),
        parts.map((each) => ({
          text: `T${each.length}.${each.map(({ text }) => text).join('')}`,
          value: fc.tuple(...each.map(({ value }) => value)).map(joined),
        })),
        parts.map((each) => ({
          text: `R${each.length}.${each.map(({ text }) => text).join('')}`,
          value: fc.tuple(...each.map(({ value }) => fc.option(value))).map(rowOf),
        })),
      ),
    };
  },
).any;
