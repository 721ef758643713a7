import { describe, expect, it } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import { hex, read, write } from '../support/bytes.ts';
import { fromGolden, type GoldenType, readGoldens, type SerializerGoldens, typeOf } from '../support/flink-goldens.ts';

const goldens = readGoldens<SerializerGoldens>('serializers');

type Row = readonly [type: GoldenType, value: unknown, bytes: string];

const rows: readonly Row[] = goldens.values.map(({ type, value, bytes }) => [type, value, bytes]);

// A LONG, an INSTANT and what is made of them hold safe integers; Java has more.
const UNSAFE = new Set([
  ...['9007199254740992', '9223372036854775807', '-9223372036854775808'].map((value) => JSON.stringify(value)),
  ...['31556889864403199', '-31557014167219200'].map((second) => `{"epochSecond":"${second}"`),
]);

function isUnsafe([type, value]: Row): boolean {
  const text = JSON.stringify(value);
  return (type === 'LONG' || type === 'INSTANT') && [...UNSAFE].some((start) => text.startsWith(start));
}

// Java may write the constants of BigInteger in two ways, and NaN with any payload; we write one.
const OTHER_WAY_TO_WRITE = /^0000000(500|501|50a)$/;

describe("types are identified by Flink's serializers, and have their lengths", () => {
  it.each(goldens.types.map((golden) => [golden.type, golden] as const))('%j', (_type, golden) => {
    const { serializer } = typeOf(golden.type);
    expect(serializer.id.split('[')[0]).toBe(golden.serializer);
    expect(serializer.length).toBe(golden.length);
  });
});

describe('values have the bytes that Flink wrote', () => {
  it.each(rows.filter((row) => !isUnsafe(row)))('%j %j', (goldenType, goldenValue, bytes) => {
    const type = typeOf(goldenType);
    const value = fromGolden(goldenType, goldenValue);
    expect(read(type, Buffer.from(bytes, 'hex'))).toStrictEqual(value);
    if (!(goldenType === 'BIG_INT' && OTHER_WAY_TO_WRITE.test(bytes))) {
      expect(hex(write(type, value))).toBe(bytes);
    }
  });

  it.each(rows.filter(([type]) => type === 'LONG'))('BIGINT for %s %j', (_type, value, bytes) => {
    expect(hex(write(Types.BIGINT, BigInt(value as string)))).toBe(bytes);
    expect(read(Types.BIGINT, Buffer.from(bytes, 'hex'))).toBe(BigInt(value as string));
  });

  it.each(rows.filter(isUnsafe))('%j %j is beyond our type, which says so', (type, _value, bytes) => {
    expect(() => read(typeOf(type), Buffer.from(bytes, 'hex'))).toThrow(/beyond the integers|out of range/);
  });

  it('a map without null values, as a MAP whose values are not NULLABLE', () => {
    const type = Types.MAP(Types.STRING, Types.LONG);
    const row = rows.find(([golden, , bytes]) => `${golden}` === 'MAP,STRING,LONG' && bytes.startsWith('00000002'));
    const bytes = Buffer.from(row?.[2] ?? '', 'hex');
    expect(read(type, bytes)).toStrictEqual(
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    );
    expect(hex(write(type, read(type, bytes)))).toBe(hex(bytes));
    expect(type.serializer.id).toBe(Types.MAP(Types.STRING, Types.NULLABLE(Types.LONG)).serializer.id);
  });
});

describe('identity of types made of other types', () => {
  it('tells what they are made of', () => {
    expect(Types.LIST(Types.LONG).serializer.id).toBe(
      'org.apache.flink.api.common.typeutils.base.ListSerializer' +
        '[org.apache.flink.api.common.typeutils.base.LongSerializer]',
    );
    expect(Types.ENUM('A', 'B').serializer.id).toBe(
      'org.apache.flink.api.common.typeutils.base.EnumSerializer["A","B"]',
    );
  });

  it('differs between all types here', () => {
    const ids = goldens.types.map(({ type }) => typeOf(type).serializer.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has readable names', () => {
    const type = Types.MAP(Types.STRING, Types.LIST(Types.TUPLE(Types.INT, Types.NULLABLE(Types.DATE))));
    expect(type.name).toBe('MAP(STRING, LIST(TUPLE(INT, NULLABLE(DATE))))');
  });
});
