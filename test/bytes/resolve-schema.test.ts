import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { CompatibleAfterMigration, SchemaCompatibility } from '../../lib/api/schema-compatibility.ts';
import type { DataInputView, TypeInformation, TypeSerializer } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { resolveSchema } from '../../lib/bytes/resolve-schema.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import { hex, write } from '../support/bytes.ts';
import { evolutions } from '../support/evolving-types.ts';
import { changed } from '../support/layouts.ts';
import { versionedText } from '../support/types.ts';

type AnyType = TypeInformation<unknown>;

function verdictOf<T>(stored: AnyType, declared: TypeInformation<T>): SchemaCompatibility<T> {
  return resolveSchema(snapshotOf(stored.serializer as TypeSerializer<unknown>), declared.serializer);
}

function reasonOf(stored: AnyType, declared: AnyType): string {
  const verdict = verdictOf(stored, declared);
  return verdict.kind === 'incompatible' ? verdict.reason : `(${verdict.kind})`;
}

/** The value that stored bytes become, by whatever reads them. */
function readAs<T, S>(stored: TypeInformation<S>, value: S, declared: TypeInformation<T>): T {
  const verdict = verdictOf(stored, declared);
  const input = new DataInput(write(stored, value));
  const read = readerOf(verdict, declared).deserialize(input);
  expect(input.remaining).toBe(0);
  return read;
}

function readerOf<T>(
  verdict: SchemaCompatibility<T>,
  declared: TypeInformation<T>,
): { deserialize(input: DataInputView): T } {
  switch (verdict.kind) {
    case 'as-is':
      return declared.serializer;
    case 'reconfigured':
      return verdict.serializer;
    case 'after-migration':
      return verdict.reader;
    case 'incompatible':
      throw new Error(verdict.reason);
  }
}

function changeOf(stored: AnyType, declared: AnyType): string | undefined {
  const verdict = verdictOf(stored, declared);
  expect(verdict.kind).toBe('after-migration');
  return (verdict as CompatibleAfterMigration<unknown>).change;
}

describe('what was stored with one type and is declared with another', () => {
  it('has the same new bytes by the reader and by the change', () => {
    const cases = evolutions.chain((evolution) => evolution.values.map((value) => ({ ...evolution, value })));
    let migrated = 0;
    fc.assert(
      fc.property(cases, ({ stored, declared, value }) => {
        const verdict = resolveSchema(snapshotOf(stored.serializer), declared.serializer);
        const bytes = write(stored, value);
        const input = new DataInput(bytes);
        const read = readerOf(verdict, declared).deserialize(input);
        expect(input.remaining).toBe(0);
        const written = write(declared, read);
        if (verdict.kind === 'after-migration') {
          migrated++;
          expect(hex(changed(verdict.change as string, bytes))).toBe(hex(written));
        } else {
          expect(verdict.kind).toBe('as-is');
          expect(hex(bytes)).toBe(hex(written));
        }
      }),
      { numRuns: 2000 },
    );
    expect(migrated).toBeGreaterThan(500);
  });

  it('is resolved alike where a savepoint describes what was stored', () => {
    fc.assert(
      fc.property(evolutions, ({ stored, declared }) => {
        const snapshot = new SavepointTypes().typeOf(snapshotOf(stored.serializer)).serializer.snapshot;
        const verdicts = [snapshot, snapshotOf(stored.serializer)].map(
          (each) => resolveSchema(each as never, declared.serializer) as CompatibleAfterMigration<unknown>,
        );
        expect(verdicts[0]?.kind).toBe(verdicts[1]?.kind);
        expect(verdicts[0]?.change).toBe(verdicts[1]?.change);
      }),
    );
  });
});

describe('numbers', () => {
  const WIDER: readonly [AnyType, string, number][] = [
    [Types.BYTE as AnyType, 'SHORT INT LONG FLOAT DOUBLE BIGINT', -5],
    [Types.SHORT as AnyType, 'INT LONG FLOAT DOUBLE BIGINT', -300],
    [Types.INT as AnyType, 'LONG DOUBLE BIGINT', -70_000],
    [Types.LONG as AnyType, 'DOUBLE BIGINT', -(2 ** 40)],
    [Types.FLOAT as AnyType, 'DOUBLE', 0.5],
    [Types.DOUBLE as AnyType, '', 0.1],
  ];
  const NAMES = ['BYTE', 'SHORT', 'INT', 'LONG', 'FLOAT', 'DOUBLE', 'BIGINT'] as const;
  const pairs = WIDER.flatMap(([stored, wider, value]) =>
    NAMES.filter((name) => name !== stored.name).map((name) => ({
      stored,
      name,
      value,
      fits: wider.split(' ').includes(name),
    })),
  );

  test.each(pairs.filter(({ fits }) => fits))('$stored.name become $name', ({ stored, name, value }) => {
    expect(readAs(stored, value, Types[name] as AnyType)).toBe(name === 'BIGINT' ? BigInt(value) : value);
  });

  test.each(pairs.filter(({ fits }) => !fits))('$stored.name can not become $name', ({ stored, name }) => {
    expect(reasonOf(stored, Types[name])).toBe(
      `${stored.name} can not become ${name === 'BIGINT' ? 'LONG' : name}${
        stored.name === 'DOUBLE' ? '' : ': it does not hold all of its numbers'
      }`,
    );
  });

  it('of 64 bits are the same as LONG and as BIGINT', () => {
    expect(verdictOf(Types.LONG, Types.BIGINT)).toEqual({ kind: 'as-is' });
    expect(verdictOf(Types.BIGINT, Types.LONG)).toEqual({ kind: 'as-is' });
  });

  it('that no DOUBLE holds are refused when they are read', () => {
    expect(() => readAs(Types.BIGINT, 2n ** 60n, Types.DOUBLE)).toThrow(SerializationError);
  });

  it('say how their bytes change', () => {
    expect(changeOf(Types.INT, Types.LONG)).toBe('Wil');
    expect(changeOf(Types.INT, Types.NULLABLE(Types.BIGINT))).toBe('NWil');
    expect(changeOf(Types.TUPLE(Types.INT, Types.STRING), Types.TUPLE(Types.DOUBLE, Types.STRING))).toBe(
      'P2.F4.S2.0:Wid1:=S',
    );
  });
});

describe('a value', () => {
  it('may become NULLABLE, but not the other way round', () => {
    expect(readAs(Types.STRING, 'a', Types.NULLABLE(Types.STRING))).toBe('a');
    expect(changeOf(Types.STRING, Types.NULLABLE(Types.STRING))).toBe('N=S');
    expect(reasonOf(Types.NULLABLE(Types.STRING), Types.STRING)).toBe('NULLABLE(STRING) can not become STRING');
  });

  it('that may be null may become another that may', () => {
    const declared = Types.NULLABLE(Types.LONG);
    expect(readAs(Types.NULLABLE(Types.INT), null, declared)).toBeNull();
    expect(readAs(Types.NULLABLE(Types.INT), 4, declared)).toBe(4);
    expect(changeOf(Types.NULLABLE(Types.INT), declared)).toBe('?Wil');
    expect(reasonOf(Types.NULLABLE(Types.STRING), declared)).toBe('value that may be null: STRING can not become LONG');
  });

  it('of another type is refused with both names', () => {
    expect(reasonOf(Types.INT, Types.STRING)).toBe('INT can not become STRING');
    expect(reasonOf(Types.STRING, Types.INT)).toBe('STRING can not become INT');
    expect(reasonOf(Types.JSON(), Types.MSGPACK())).toBe('JSON can not become MSGPACK');
    expect(reasonOf(Types.LIST(Types.INT), Types.MAP(Types.INT, Types.INT))).toBe(
      'LIST(INT) can not become MAP(INT, INT)',
    );
    expect(reasonOf(Types.BYTES, Types.TIME_WINDOW)).toBe('BYTES can not become TIME_WINDOW');
    expect(reasonOf(Types.ENUM('a'), Types.STRUCT({ a: Types.INT }))).toBe('ENUM(a) can not become STRUCT(a: INT)');
  });
});

describe('parts of a type', () => {
  it('are compared, and named when they do not fit', () => {
    expect(reasonOf(Types.LIST(Types.LIST(Types.INT)), Types.LIST(Types.LIST(Types.STRING)))).toBe(
      'element: element: INT can not become STRING',
    );
    expect(reasonOf(Types.MAP(Types.INT, Types.INT), Types.MAP(Types.STRING, Types.INT))).toMatch(/^key: /);
    expect(reasonOf(Types.MAP(Types.INT, Types.INT), Types.MAP(Types.INT, Types.BOOLEAN))).toMatch(/^value: /);
    expect(reasonOf(Types.TUPLE(Types.INT, Types.INT), Types.TUPLE(Types.LONG, Types.CHAR))).toMatch(/^field 1: /);
    expect(reasonOf(Types.ROW(Types.INT), Types.ROW(Types.DATE))).toMatch(/^field 0: /);
  });

  it('must be as many', () => {
    expect(reasonOf(Types.TUPLE(Types.INT), Types.TUPLE(Types.INT, Types.INT))).toBe(
      'TUPLE(INT) can not become TUPLE(INT, INT): it has 1 parts, not 2',
    );
    expect(reasonOf(Types.ROW(Types.INT, Types.INT), Types.ROW(Types.INT))).toMatch(/it has 2 parts, not 1$/);
  });

  it('of rows become wider, but only by being read', () => {
    const [stored, declared] = [Types.ROW(Types.INT, Types.STRING), Types.ROW(Types.LONG, Types.STRING)];
    const row = { kind: 'DELETE' as const, fields: [7, null] as [number, null] };
    expect(readAs(stored, row, declared)).toEqual(row);
    expect(changeOf(stored, declared)).toBeUndefined();
  });

  it('of maps become wider, keys as well as values', () => {
    const [stored, declared] = [Types.MAP(Types.INT, Types.INT), Types.MAP(Types.LONG, Types.NULLABLE(Types.DOUBLE))];
    expect(readAs(stored, new Map([[1, 2]]), declared)).toEqual(new Map([[1, 2]]));
    expect(changeOf(stored, declared)).toBe('MWilWid');
  });
});

describe('ENUM', () => {
  const stored = Types.ENUM('red', 'blue');

  it('takes more names behind those that there were as they are', () => {
    expect(verdictOf(stored, Types.ENUM('red', 'blue', 'green'))).toEqual({ kind: 'as-is' });
  });

  it('keeps stored numbers when names move or come between', () => {
    const declared = Types.ENUM('green', 'blue', 'red');
    const verdict = verdictOf(stored, declared);
    expect(verdict.kind).toBe('reconfigured');
    const { serializer } = verdict as { serializer: TypeSerializer<string> };
    const type = { name: 'ENUM', serializer };
    expect(['red', 'blue', 'green'].map((name) => hex(write(type, name)))).toEqual([
      '00000000',
      '00000001',
      '00000002',
    ]);
    expect(serializer.snapshot).toMatchObject({ names: ['red', 'blue', 'green'] });
    expect(serializer.id).toBe(Types.ENUM('red', 'blue', 'green').serializer.id);
    expect(serializer.layout).toBe('F4.');
  });

  it('refuses to lose a name', () => {
    expect(reasonOf(stored, Types.ENUM('red', 'green'))).toBe(
      "ENUM(red, blue) can not become ENUM(red, green): the name 'blue' is gone, which may be stored",
    );
  });

  it('makes what it is part of use its old numbers', () => {
    const verdict = verdictOf(Types.LIST(stored), Types.LIST(Types.ENUM('blue', 'red')));
    expect(verdict.kind).toBe('reconfigured');
    const { serializer } = verdict as { serializer: TypeSerializer<string[]> };
    expect(hex(write({ name: 'x', serializer }, ['red', 'blue']))).toBe('00000002' + '00000000' + '00000001');
    expect(serializer.id).toBe(Types.LIST(stored).serializer.id);
  });

  it('is written anew where other parts have to be', () => {
    const [before, now] = [Types.TUPLE(stored, Types.INT), Types.TUPLE(Types.ENUM('blue', 'red'), Types.LONG)];
    expect(readAs(before, ['blue', 1], now)).toEqual(['blue', 1]);
    expect(changeOf(before, now)).toBeUndefined();
  });
});

describe('a serializer of a program', () => {
  it('takes its own bytes only, unless it says more', () => {
    const stored = versionedText(1);
    expect(verdictOf(stored, versionedText(2))).toEqual({ kind: 'as-is' });
    expect(reasonOf(stored, Types.STRING)).toBe('test.VersionedText can not become STRING');
    expect(reasonOf(Types.STRING, stored)).toBe('STRING can not become test.VersionedText');
  });

  it('is called by its class, even if that is called like one of Flink', () => {
    const stored = {
      kind: 'simple',
      className: 'com.example.IntSerializer$IntSerializerSnapshot',
      version: 3,
    } as const;
    expect(resolveSchema(stored, Types.LONG.serializer)).toMatchObject({
      reason: `${stored.className} can not become LONG`,
    });
  });

  it('is asked, also as a part of another type', () => {
    const upper: TypeInformation<string> = {
      name: 'UPPER',
      serializer: {
        ...Types.STRING.serializer,
        id: 'test.Upper',
        snapshot: undefined as never,
        resolve: (stored) =>
          stored.className.includes('StringSerializer')
            ? {
                kind: 'after-migration',
                reader: { deserialize: (input) => Types.STRING.serializer.deserialize(input).toUpperCase() },
              }
            : { kind: 'incompatible', reason: 'it is no text' },
      },
    };
    expect(readAs(Types.LIST(Types.STRING), ['a'], Types.LIST(upper))).toEqual(['A']);
    expect(changeOf(Types.LIST(Types.STRING), Types.LIST(upper))).toBeUndefined();
    expect(reasonOf(Types.LIST(Types.INT), Types.LIST(upper))).toBe('element: it is no text');
  });
});

describe('Java objects', () => {
  const person = SavepointTypes.pojo('com.example.Person', { name: Types.STRING, age: Types.INT });

  it('are the same where their fields are, also within a type that changes', () => {
    expect(verdictOf(person, person)).toEqual({ kind: 'as-is' });
    const [stored, declared] = [Types.TUPLE(person, Types.INT), Types.TUPLE(person, Types.LONG)];
    expect(readAs(stored, [{ name: 'a', age: 3 }, 4], declared)).toEqual([{ name: 'a', age: 3 }, 4]);
  });

  it('with other fields are refused', () => {
    const other = SavepointTypes.pojo('com.example.Person', { name: Types.STRING });
    expect(reasonOf(person, other)).toBe("field 'age' is stored, and not declared");
    expect(reasonOf(Types.STRING, other)).toMatch(/^STRING can not become POJO\(com.example.Person\)/);
  });
});
