import { describe, expect, it } from 'vitest';
import type { SerializerSnapshot, StructSnapshot } from '../../lib/api/serializer-snapshot.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { storedLayoutOf } from '../../lib/bytes/stored-layout.ts';
import { TtlValue } from '../../lib/bytes/ttl-value.ts';
import { Types } from '../../lib/bytes/types.ts';
import { UnknownSerializerError } from '../../lib/errors.ts';
import { readVersionedSnapshot } from '../../lib/savepoint/read-serializer-snapshot.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import { writeVersionedSnapshot } from '../../lib/savepoint/write-serializer-snapshot.ts';
import { hex, read, write } from '../support/bytes.ts';
import {
  fromGolden,
  readGoldens,
  type SerializerGoldens,
  type SerializerSnapshotGoldens,
  typeOf,
} from '../support/flink-goldens.ts';
import { walkedBytes } from '../support/layouts.ts';

const goldens = readGoldens<SerializerSnapshotGoldens>('serializer-snapshots');
const values = readGoldens<SerializerGoldens>('serializers').values;

function snapshot(bytes: string, types = new SavepointTypes()): SerializerSnapshot {
  return readVersionedSnapshot(new SavepointInput(Buffer.from(bytes, 'hex'), 'snapshot'), types.forms);
}

function golden(name: string) {
  const found = goldens.others.find((other) => other.name === name);
  return { bytes: found?.bytes ?? '', values: found?.values ?? [], length: found?.length };
}

// Our types refuse them, or read them as bigints.
const BEYOND_NUMBERS = /^"-?9\d{15,}"|epochSecond":"-?\d{16,}/;
const VISIT = { count: 3, lastMs: 1000, pages: ['a', 'b'], user: 'u' };
const NO_VISIT = { count: 0, lastMs: null, pages: null, user: null };

const EXPECTED: Readonly<Record<string, readonly unknown[]>> = {
  BigDecimal: ['1.50', '-0.001', '0', '1', '10E+3', null],
  LocalDate: ['2026-01-31', '-0005-12-01', '+999999999-12-31', null],
  LocalTime: ['23:59:58.000000007', '00:00:00', null],
  LocalDateTime: ['2026-01-31T01:02:03.000000400', null],
  SqlDate: [86_400_000n, null],
  SqlTime: [1000n, null],
  SqlTimestamp: [{ epochMs: 1_735_689_600_123n, nanos: 123_456_789 }, { epochMs: -1n, nanos: 999_000_001 }, null],
  Void: [null],
  Tuple0: [[]],
  'boolean[]': [[true, false], []],
  'short[]': [[1, -1]],
  'int[]': [[1, -1], []],
  'long[]': [[1, -1, 2n ** 63n - 1n]],
  'float[]': [[1.5, -0]],
  'double[]': [[1.5, 0.1]],
  'char[]': [['a', '€']],
  'String[]': [['a', null, '']],
  'Long[]': [[1, null]],
  'Set<String>': [new Set(['a', null, 'b']), new Set()],
  'ArrayList<Long>': [[1, 2]],
  'Either<String, Long>': [{ left: 'a' }, { right: 1 }],
  'padded nullable Long': [1, null],
  timer: [{ timestamp: 1000n, key: 'k', namespace: undefined }],
  'window timer': [{ timestamp: -5n, key: 42, namespace: { start: 0, end: 60_000 } }],
  'value with time to live': [new TtlValue(1000, 'v')],
  'list with time to live': [[new TtlValue(1000, 'v')]],
  'list of Pojo': [[{ count: 1, lastMs: 2, pages: [], user: 'u' }]],
};

// What tells where their values end is not in the grammar of layouts.
const WITHOUT_LAYOUT: ReadonlySet<string> = new Set([
  ...['BigDecimal', 'Long[]', 'Either<String, Long>', 'timer', 'window timer', 'list of Pojo'],
]);

describe('values that Flink wrote are read without declarations, and written with the same bytes', () => {
  it.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    const type = new SavepointTypes().typeOf(snapshot(golden(name).bytes));
    expect(golden(name).values.map((bytes) => read(type, Buffer.from(bytes, 'hex')))).toStrictEqual(expected);
    expect(expected.map((value) => hex(write(type, value)))).toStrictEqual(golden(name).values);
    expect(type.serializer.length).toBe(golden(name).length);
  });

  it.each(values.filter(({ value }) => !BEYOND_NUMBERS.test(JSON.stringify(value))))(
    '$type $value',
    ({ type, value, bytes }) => {
      const declared = typeOf(type);
      const made = new SavepointTypes().typeOf(snapshotOf(declared.serializer));
      expect(made.serializer.snapshot).toStrictEqual(declared.serializer.snapshot);
      expect(made.serializer.id).toBe(declared.serializer.id);
      expect(read(made, Buffer.from(bytes, 'hex'))).toStrictEqual(fromGolden(type, value));
    },
  );

  it('a LONG beyond what a number holds is a bigint', () => {
    const type = new SavepointTypes().typeOf(snapshotOf(Types.LONG.serializer));
    expect([2n ** 53n, 5].map((value) => read(type, write(type, value)))).toEqual([2n ** 53n, 5]);
    expect(() => write(type, 0.5)).toThrow(/a bigint or a safe integer; received 0\.5/);
  });
});

describe('Java objects', () => {
  it('are plain objects, also of registered subclasses', () => {
    const type = new SavepointTypes().typeOf(snapshot(golden('Pojo').bytes));
    const [visit, empty, none, paid] = golden('Pojo').values.map((bytes) => Buffer.from(bytes, 'hex'));
    expect(type.name).toBe('POJO(SerializerSnapshotGoldens$Visit)');
    expect(read(type, visit as Buffer)).toStrictEqual(VISIT);
    expect(read(type, empty as Buffer)).toStrictEqual(NO_VISIT);
    expect(read(type, none as Buffer)).toBeNull();
    expect(read(type, paid as Buffer)).toStrictEqual({ cents: 7, ...NO_VISIT, user: 'p' });
    expect(hex(write(type, VISIT))).toBe(hex(visit as Buffer));
    expect(hex(write(type, null))).toBe('01');
    expect(() => write(type, { count: 1 })).toThrow(/must have a 'lastMs', which may be null/);
  });

  it('may be of a subclass that was not registered', () => {
    const { bytes, values } = golden('Pojo with an unregistered subclass');
    const type = new SavepointTypes().typeOf(snapshot(bytes));
    expect(read(type, Buffer.from(values[0] ?? '', 'hex'))).toStrictEqual({ ...NO_VISIT, user: 'f', trial: true });
  });

  it('are read as a type that the program registers', () => {
    const visits: TypeInformation<string> = {
      name: 'VISIT',
      serializer: { ...Types.STRING.serializer, deserialize: () => 'mine' },
    };
    const types = new SavepointTypes().registerType(
      'rockstate.goldens.SerializerSnapshotGoldens$Visit',
      visits as TypeInformation<unknown>,
    );
    const type = types.typeOf(snapshot(golden('Pojo').bytes));
    expect(type.serializer.deserialize({} as never)).toBe('mine');
    expect(type.serializer.snapshot?.kind).toBe('pojo');
  });

  it('that Kryo wrote need a registered type; the message names class and state', () => {
    const types = new SavepointTypes();
    const act = () => types.typeOf(snapshot(golden('list of Kryo').bytes), 'cart');
    expect(act).toThrow(UnknownSerializerError);
    expect(act).toThrow(/SerializerSnapshotGoldens\$Opaque of state 'cart' is written by Kryo/);
    types.registerType('rockstate.goldens.SerializerSnapshotGoldens$Opaque', Types.INT as TypeInformation<unknown>);
    expect(act().name).toBe('LIST(INT)');
  });
});

describe("serializers of programs, and rockstate's own", () => {
  it('are read by what the program registers for the class of the snapshot', () => {
    const types = new SavepointTypes().registerSerializer('com.example.PairSnapshot', {
      form: { kind: 'composite', outer: 'none' },
      type: (parts) => Types.TUPLE(...parts) as TypeInformation<unknown>,
    });
    const pair: SerializerSnapshot = {
      ...{ kind: 'composite', className: 'com.example.PairSnapshot', version: 3, outerVersion: 1 },
      nested: [snapshotOf(Types.INT.serializer), snapshotOf(Types.STRING.serializer)],
    };
    const output = new DataOutput();
    writeVersionedSnapshot(pair, output);
    const type = types.typeOf(snapshot(hex(output.copy()), types));
    expect(type.name).toBe('TUPLE(INT, STRING)');
    expect(type.serializer.snapshot).toStrictEqual(pair);
  });

  it('JSON and the like are known; those that need a schema must be registered', () => {
    const types = new SavepointTypes();
    expect(types.typeOf(snapshotOf(Types.LIST(Types.JSON()).serializer)).name).toBe('LIST(JSON)');
    const avro = { id: 'rockstate.AvroSerializer["string"]', length: -1 };
    expect(() => types.typeOf(snapshotOf(avro as never), 'log')).toThrow(
      /rockstate\.AvroSerializer\["string"\] of state 'log' is not known; register/,
    );
    types.registerType(avro.id, Types.STRING as TypeInformation<unknown>);
    expect(types.typeOf(snapshotOf(avro as never)).name).toBe('STRING');
  });
});

it.each(['Kryo', 'Value', 'StringValue'])('%s has no values that can be read', (name) => {
  expect(() => new SavepointTypes().typeOf(snapshot(golden(name).bytes))).toThrow(UnknownSerializerError);
});

it('a row from before there were kinds is not known', () => {
  const row = snapshotOf(Types.ROW(Types.INT).serializer) as Extract<SerializerSnapshot, { kind: 'composite' }>;
  const { outer: _, ...old } = row;
  expect(new SavepointTypes().typeOf({ ...old, outerVersion: 3 }).name).toBe('ROW(INT)');
  expect(() => new SavepointTypes().typeOf({ ...old, outerVersion: 2 })).toThrow(/RowSerializerSnapshot is not known/);
});

it('a tuple with too many fields says so', () => {
  const tuple = snapshotOf(Types.TUPLE(Types.INT).serializer) as Extract<SerializerSnapshot, { kind: 'composite' }>;
  const nested = Array.from({ length: 26 }, () => snapshotOf(Types.INT.serializer));
  expect(() => new SavepointTypes().typeOf({ ...tuple, nested })).toThrow(/does not fit what it is made of: .*1 to 25/);
});

describe('structs of a savepoint', () => {
  const type = Types.STRUCT({
    name: Types.STRING,
    visits: Types.LIST(Types.STRUCT({ age: Types.INT, page: { type: Types.STRING, default: '/' } })),
  });

  it('are read without declarations', () => {
    const output = new DataOutput();
    writeVersionedSnapshot(snapshotOf(type.serializer), output);
    const made = new SavepointTypes().typeOf(snapshot(hex(output.copy())));
    const value = { name: 'a', visits: [{ age: 5, page: 'x' }] };
    expect(read(made, write(type, value))).toStrictEqual(value);
    expect(made.name).toBe(type.name);
    expect(made.serializer.id).toBe(type.serializer.id);
    expect(made.serializer.length).toBe(type.serializer.length);
  });

  it('have each name once, and a field at least', () => {
    const { nested } = snapshotOf(type.serializer) as StructSnapshot;
    for (const names of [
      ['a', 'a'],
      ['a', '__proto__'],
    ]) {
      const damaged = { ...(snapshotOf(type.serializer) as StructSnapshot), names, nested };
      expect(() => new SavepointTypes().typeOf(damaged, 's')).toThrow(UnknownSerializerError);
    }
    const empty = { ...(snapshotOf(type.serializer) as StructSnapshot), names: [], nested: [] };
    expect(() => new SavepointTypes().typeOf(empty, 's')).toThrow(/of state 's' does not fit/);
  });
});

describe('the layout of values that Flink wrote', () => {
  it.each(Object.keys(EXPECTED))('of %s ends where they end, where there is one', (name) => {
    const type = new SavepointTypes().typeOf(snapshot(golden(name).bytes));
    const { layout, snapshot: described } = type.serializer;
    expect(layout === undefined).toBe(WITHOUT_LAYOUT.has(name));
    expect(storedLayoutOf(described as SerializerSnapshot) ?? layout).toBe(layout);
    for (const bytes of layout === undefined ? [] : golden(name).values) {
      expect(walkedBytes(layout as string, Buffer.from(bytes, 'hex'))).toBe(bytes.length / 2);
    }
  });
});
