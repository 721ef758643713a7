import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { hex, read, write } from '../support/bytes.ts';

class Point {
  x = 1;
}

function cycle(): unknown {
  const object: { self?: unknown } = {};
  object.self = object;
  return object;
}

describe('MSGPACK', () => {
  const type = Types.MSGPACK<unknown>();

  it('has the bytes of MessagePack behind their length', () => {
    expect(hex(write(type, [1, 'a', null]))).toBe('00000005' + '9301a161c0');
    expect(type.serializer.id).toBe('rockstate.MsgpackSerializer');
  });

  it('gives back any plain value', () => {
    const values = fc.anything({
      key: fc.string().filter((key) => key !== '__proto__'),
      withDate: true,
      withBigInt: true,
    });
    fc.assert(
      fc.property(values, (value) => {
        // 0 and -0 are one to MessagePack, and so are an object without prototype and a usual one.
        expect(toPlain(read(type, write(type, value)))).toEqual(toPlain(value));
      }),
    );
  });

  it.each([
    [{ a: 1n, b: 2n ** 63n, c: -(2n ** 100n) }],
    [{ date: new Date(5), none: undefined }],
    ['a pair \u{1F600}'],
    [new Map().size],
  ])('gives back %o', (value) => {
    expect(read(type, write(type, value))).toEqual(value);
  });

  it('gives back bytes, not a view of what was stored', () => {
    const stored = write(type, Uint8Array.of(1, 2));
    const value = read(type, stored) as Uint8Array;
    stored.fill(9);
    expect([...value]).toEqual([1, 2]);
  });

  it.each([
    [new Map([[1, 2]]), '', /instance of Map\. .*STRUCTURED/],
    [{ a: [new Set()] }, '.a[0]', /instance of Set/],
    [{ a: new Point() }, '.a', /instance of Point/],
    [[() => 0], '[0]', /a function/],
    [{ s: Symbol('s') }, '.s', /a symbol/],
    [new Date(Number.NaN), '', /instance of Date/],
    [Float64Array.of(1), '', /instance of Float64Array|Float64Array/],
    ['\ud83d', '', /lone surrogate/],
    [{ '\ud83d': 1 }, undefined, /lone surrogate/],
    [JSON.parse('{"__proto__":1}'), '.__proto__', /'__proto__'/],
    [cycle(), '', /call stack/],
  ])('refuses %o', (value, path, message) => {
    expectRefusal(type, value, message, path);
  });

  it('refuses bytes that are no MessagePack', () => {
    expect(() => read(type, Buffer.from('000000029201', 'hex'))).toThrow(SerializationError);
  });

  it('loads msgpackr only when it is used', () => {
    const program = `
      import { createRequire } from 'node:module';
      import { Types } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const { cache } = createRequire(import.meta.url);
      const isLoaded = () => Object.keys(cache).some((path) => path.includes('msgpackr'));
      const before = isLoaded();
      Types.MSGPACK().serializer.serialize(1, { writeInt() {}, writeBytes() {} });
      console.log(before, isLoaded());`;
    const done = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(done.stdout.trim()).toBe('false true');
  });
});

describe('STRUCTURED', () => {
  const type = Types.STRUCTURED<unknown>();

  it('gives back what structuredClone can copy', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withBoxedValues: true,
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(read(type, write(type, value))).toEqual(structuredClone(value));
      }),
    );
  });

  it('gives back cycles, errors and regular expressions', () => {
    const value = read(type, write(type, cycle())) as { self: unknown };
    expect(value.self).toBe(value);
    expect(read(type, write(type, new RangeError('far')))).toEqual(new RangeError('far'));
    expect(read(type, write(type, /a/gu))).toEqual(/a/gu);
    expect(Object.is(read(type, write(type, -0)), -0)).toBe(true);
  });

  it.each([
    [{ a: [new Point()] }, '.a[0]', /instance of Point\. It holds what structuredClone does/],
    [{ f() {} }, '.f', /a function/],
    [new Map([['k', Symbol('s')]]), '', /a symbol/],
    [new WeakMap(), '', /WeakMap/],
    [Promise.resolve(), '', /Promise/],
  ])('refuses %o', (value, path, message) => {
    expectRefusal(type, value, message, path);
  });

  it('refuses bytes of another format', () => {
    expect(() => read(type, Buffer.from('000000020000', 'hex'))).toThrow(/not of the format of node:v8/);
  });
});

interface Order {
  id: number;
}

// The shapes of the libraries' types, with one byte for a message.
const encoded = {
  encode: (message: Order) => ({ finish: () => Uint8Array.of(message.id) }),
  decode: (bytes: Uint8Array): Order => {
    if (bytes.length !== 1) {
      throw new RangeError('index out of range');
    }
    return { id: Number(bytes[0]) };
  },
  verify: (message: object) => (Number.isInteger((message as Order)?.id) ? null : 'id: integer expected'),
};

const binary = {
  typeName: 'shop.Order',
  toBinary: (message: Order) => encoded.encode(message).finish(),
  fromBinary: encoded.decode,
};

describe('PROTOBUF', () => {
  it.each([
    ['encode and decode', Types.PROTOBUF(encoded), 'PROTOBUF', 'rockstate.ProtobufSerializer[]'],
    [
      'toBinary and fromBinary',
      Types.PROTOBUF(binary),
      'PROTOBUF(shop.Order)',
      'rockstate.ProtobufSerializer[shop.Order]',
    ],
    [
      'encode and decode of protobufjs',
      Types.PROTOBUF({ ...encoded, fullName: '.shop.Order' }),
      'PROTOBUF(shop.Order)',
      'rockstate.ProtobufSerializer[shop.Order]',
    ],
  ])('stores a message behind its length, by %s', (_name, type, name, id) => {
    expectTypeOf(type).toEqualTypeOf<TypeInformation<Order>>();
    expect(type).toMatchObject({ name, serializer: { id, length: -1 } });
    expect(hex(write(type, { id: 7 }))).toBe('0000000107');
    expect(read(Types.LIST(type), write(Types.LIST(type), [{ id: 1 }, { id: 2 }]))).toEqual([{ id: 1 }, { id: 2 }]);
    expect(type.hashCode).toBeUndefined();
  });

  it('refuses what the codec refuses, in its words', () => {
    expectRefusal(Types.PROTOBUF(encoded), { id: 'x' }, /PROTOBUF can not hold .*: id: integer expected/);
    expect(() => read(Types.PROTOBUF(encoded), Buffer.from('00000000', 'hex'))).toThrow(
      /not of PROTOBUF: index out of range/,
    );
  });

  it.each([undefined, null, {}, 'Order'])('refuses %o as a codec', (codec) => {
    expect(() => Types.PROTOBUF(codec as never)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_TYPE' }),
    );
  });
});

describe('AVRO', () => {
  const avro = {
    toBuffer: (value: Order) => Buffer.from([value.id * 2]),
    fromBuffer: (bytes: Buffer): Order => ({ id: bytes.readUInt8() / 2 }),
    schema: () => ({ type: 'record', name: 'Order' }),
  };
  const type = Types.AVRO(avro);

  it('stores a value behind its length, identified by its schema', () => {
    expectTypeOf(type).toEqualTypeOf<TypeInformation<Order>>();
    expect(type.serializer.id).toBe('rockstate.AvroSerializer[{"type":"record","name":"Order"}]');
    expect(hex(write(type, { id: 7 }))).toBe('000000010e');
    expect(read(type, write(type, { id: 7 }))).toEqual({ id: 7 });
  });

  it('refuses what avsc refuses, and what is no type of avsc', () => {
    expectRefusal(type, undefined, /AVRO can not hold undefined/);
    expect(() => read(type, Buffer.from('00000000', 'hex'))).toThrow(/not of AVRO/);
    expect(() => Types.AVRO({} as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_TYPE' }));
  });
});

function expectRefusal(type: TypeInformation<unknown>, value: unknown, message: RegExp, path?: string): void {
  let error: unknown;
  try {
    write(type, value);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(SerializationError);
  expect((error as Error).message).toMatch(message);
  if (path !== undefined) {
    expect((error as SerializationError).path).toBe(path);
  }
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(toPlain);
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toPlain(part)]));
  }
  return value === 0 ? 0 : value;
}
