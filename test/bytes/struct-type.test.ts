import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { resolveSchema } from '../../lib/bytes/resolve-schema.ts';
import { maxBytesOf } from '../../lib/bytes/size-bound.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { structOf } from '../../lib/bytes/struct-type.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { hex, read, write } from '../support/bytes.ts';
import { changed } from '../support/layouts.ts';
import { versionedText } from '../support/types.ts';

type AnyType = TypeInformation<unknown>;

const PERSON = Types.STRUCT({
  name: Types.STRING,
  age: { type: Types.INT, default: 7 },
  email: Types.NULLABLE(Types.STRING),
});

describe('STRUCT', () => {
  it('has the type of its fields', () => {
    expectTypeOf(PERSON).toEqualTypeOf<TypeInformation<{ name: string; age: number; email: string | null }>>();
    expect(PERSON.name).toBe('STRUCT(name: STRING, age: INT, email: NULLABLE(STRING))');
  });

  it('writes its fields behind each other, in the order in which they are declared', () => {
    const bytes = write(PERSON, { email: null, age: 1, name: 'a' });
    expect(hex(bytes)).toBe('0261' + '00000001' + '01');
    expect(read(PERSON, bytes)).toEqual({ name: 'a', age: 1, email: null });
    expect(Object.keys(read(PERSON, bytes))).toEqual(['name', 'age', 'email']);
  });

  it('has a length where all fields have', () => {
    expect(Types.STRUCT({ a: Types.INT, b: Types.LONG }).serializer.length).toBe(12);
    expect(PERSON.serializer.length).toBe(-1);
  });

  it('writes the default of what is left out, and gives out no default twice', () => {
    expect(read(PERSON, write(PERSON, { name: 'a' } as never))).toEqual({ name: 'a', age: 7, email: null });
    const tags = ['x'];
    const type = Types.STRUCT({ tags: { type: Types.LIST(Types.STRING), default: tags } });
    tags.push('y');
    const first = read(type, write(type, {} as never));
    first.tags.push('z');
    expect(read(type, write(type, { tags: undefined } as never))).toEqual({ tags: ['x'] });
  });

  it.each([
    [{ age: 1 }, "must have a 'name', which has no default"],
    [{ name: 'a', aeg: 1 }, "has no field 'aeg'"],
    [{ name: 'a', age: 'x' }, 'At .age: An INT must be'],
    [{ name: null }, 'At .name: A STRING must be a string; received null'],
    [null, 'must be a plain object; received null'],
    [[], 'must be a plain object'],
    [new Map(), 'must be a plain object'],
  ])('refuses %o', (value, message) => {
    expect(() => write(PERSON, value as never)).toThrow(SerializationError);
    expect(() => write(PERSON, value as never)).toThrow(message);
    expect(maxBytesOf(value as never, PERSON.serializer)).not.toBeLessThan(3);
  });

  it('says where in stored bytes it fails', () => {
    expect(() => read(PERSON, Buffer.from('0261', 'hex'))).toThrow('At .age: ');
  });

  it('knows how long a value is at most', () => {
    const [type, value] = [Types.STRUCT({ a: Types.INT, b: { type: Types.STRING, default: 'q' } }), { a: 1, b: 'xyz' }];
    expect(maxBytesOf(value, type.serializer)).toBeGreaterThanOrEqual(write(type, value).length);
    expect(maxBytesOf({ a: 1 } as never, type.serializer)).toBe(6);
    for (const wrong of [{}, { a: 'x' }, { a: 1, c: 1 }, 5]) {
      expect(maxBytesOf(wrong as never, type.serializer)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('may have fields with names that every object has', () => {
    const type = Types.STRUCT({ constructor: Types.INT, toString: { type: Types.STRING, default: 'd' } });
    expect(read(type, write(type, { constructor: 1 } as never))).toEqual({ constructor: 1, toString: 'd' });
    expect(() => write(type, {} as never)).toThrow("must have a 'constructor'");
  });

  it('has the hash code of the equal tuple, whether a default is left out or not', () => {
    const type = Types.STRUCT({ a: Types.STRING, b: { type: Types.INT, default: 3 } });
    const tuple = Types.TUPLE(Types.STRING, Types.INT);
    fc.assert(
      fc.property(fc.string(), fc.integer(), (a, b) => {
        expect(type.hashCode?.({ b, a })).toBe(tuple.hashCode?.([a, b]));
      }),
    );
    expect(type.hashCode?.({ a: 'x' } as never)).toBe(type.hashCode?.({ a: 'x', b: 3 }));
    expect(Types.STRUCT({ a: Types.JSON() }).hashCode).toBeUndefined();
  });

  it.each([
    [() => Types.STRUCT({}), 'one or more fields'],
    [() => Types.STRUCT(null as never), 'an object of types by names; received null'],
    [() => Types.STRUCT({ a: 5 } as never), 'Types.STRUCT takes types'],
    [() => Types.STRUCT({ a: { type: 5 } } as never), 'Types.STRUCT takes types'],
    [
      () => Types.STRUCT({ a: { type: Types.INT, default: 'x' } } as never),
      "field 'a' of Types.STRUCT can not have its default",
    ],
    [() => Types.STRUCT({ ['__proto__']: Types.INT }), 'other than __proto__'],
    [
      () =>
        structOf([
          ['a', Types.INT],
          ['a', Types.INT],
        ]),
      'of different names',
    ],
  ])('can not be made by %s', (make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_TYPE', message: expect.stringContaining(message) }),
    );
  });
});

function evolved<S, T>(stored: TypeInformation<S>, value: S, declared: TypeInformation<T>): unknown {
  const verdict = resolveSchema(snapshotOf(stored.serializer), declared.serializer);
  if (verdict.kind === 'incompatible') {
    return verdict.reason;
  }
  if (verdict.kind !== 'after-migration') {
    return verdict.kind;
  }
  const bytes = write(stored, value);
  const result = verdict.reader.deserialize(new DataInput(bytes));
  if (verdict.change !== undefined) {
    expect(read(declared, changed(verdict.change, bytes))).toEqual(result);
  }
  return result;
}

describe('stored structs', () => {
  const stored = Types.STRUCT({ id: Types.INT, name: Types.STRING });
  const value = { id: 1, name: 'a' };

  it('are taken as they are with the same fields, whatever their defaults', () => {
    const declared = Types.STRUCT({ id: { type: Types.INT, default: 4 }, name: Types.STRING });
    expect(evolved(stored, value, declared)).toBe('as-is');
  });

  it('take new fields with a default, or null', () => {
    const declared = Types.STRUCT({
      note: Types.NULLABLE(Types.STRING),
      ...{ id: Types.INT, tags: { type: Types.LIST(Types.STRING), default: ['new'] }, name: Types.STRING },
    });
    expect(evolved(stored, value, declared)).toEqual({ note: null, id: 1, tags: ['new'], name: 'a' });
  });

  it('refuse new fields without a default', () => {
    expect(evolved(stored, value, Types.STRUCT({ id: Types.INT, name: Types.STRING, age: Types.INT }))).toBe(
      "field 'age': it is new, and stored values are without it; give it a default, or make it NULLABLE",
    );
  });

  it('lose fields that are not declared any more', () => {
    expect(evolved(stored, value, Types.STRUCT({ name: Types.STRING }))).toEqual({ name: 'a' });
  });

  it('keep fields of which only their serializer knows the end', () => {
    const before = Types.STRUCT({ text: versionedText(1), id: Types.INT });
    expect(evolved(before, { text: 'a', id: 1 }, Types.STRUCT({ id: Types.INT }))).toBe(
      "field 'text': it can not be removed, as only its serializer can tell where a test.VersionedText ends",
    );
    const reordered = Types.STRUCT({ id: Types.LONG, text: versionedText(1) });
    expect(evolved(before, { text: 'a', id: 1 }, reordered)).toEqual({ id: 1, text: 'a' });
  });

  it('take their fields in another order', () => {
    expect(evolved(stored, value, Types.STRUCT({ name: Types.STRING, id: Types.INT }))).toEqual(value);
  });

  it('take wider fields, and such that may be null', () => {
    const declared = Types.STRUCT({ id: Types.DOUBLE, name: Types.NULLABLE(Types.STRING) });
    expect(evolved(stored, value, declared)).toEqual(value);
  });

  it('say which field does not fit, however deep', () => {
    const outer = (type: AnyType) => Types.STRUCT({ people: Types.LIST(Types.STRUCT({ age: type })) });
    expect(evolved(outer(Types.INT), { people: [] }, outer(Types.STRING))).toBe(
      "field 'people': element: field 'age': INT can not become STRING",
    );
    expect(evolved(stored, value, Types.STRUCT({ name: Types.BYTES }))).toBe(
      "field 'name': STRING can not become BYTES",
    );
    expect(evolved(stored, value, Types.STRING)).toBe('STRUCT(id: INT, name: STRING) can not become STRING');
    expect(evolved(Types.STRING, 'a', stored)).toBe('STRING can not become STRUCT(id: INT, name: STRING)');
  });

  it('change in lists in structs', () => {
    const before = Types.STRUCT({ people: Types.LIST(stored) });
    const now = Types.STRUCT({
      people: Types.LIST(Types.STRUCT({ name: Types.STRING, age: { type: Types.INT, default: 9 } })),
    });
    expect(evolved(before, { people: [value, value] }, now)).toEqual({
      people: [
        { name: 'a', age: 9 },
        { name: 'a', age: 9 },
      ],
    });
  });

  it('have their names of an enum in the old order until they are written anew', () => {
    const color = (...names: string[]) => Types.STRUCT({ color: Types.ENUM(...names) });
    expect(evolved(color('red', 'blue'), { color: 'blue' }, color('blue', 'red'))).toBe('reconfigured');
    const now = Types.STRUCT({ color: Types.ENUM('blue', 'red'), size: { type: Types.INT, default: 1 } });
    expect(evolved(color('red', 'blue'), { color: 'blue' }, now)).toEqual({ color: 'blue', size: 1 });
  });
});
