import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { read, write } from '../support/bytes.ts';

class Point {
  x = 1;
}

const type = Types.JSON<unknown>();

function refusalOf(value: unknown): SerializationError | undefined {
  try {
    write(type, value);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SerializationError);
    return error as SerializationError;
  }
}

/** What is the same to JSON made the same: 0 and -0, objects with and without prototype. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(normal);
  }
  if (typeof value !== 'object' || value === null) {
    return value === 0 ? 0 : value;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normal(part)]))
    : value;
}

describe('JSON', () => {
  it('gives a value back as it was, or refuses it', () => {
    const values = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    } as fc.ObjectConstraints);
    let given = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(values, fc.jsonValue()), (value) => {
        if (refusalOf(value) === undefined) {
          given++;
          expect(isDeepStrictEqual(read(type, write(type, value)), normal(value))).toBe(true);
        } else {
          refused++;
          // Not without a reason.
          expect(isDeepStrictEqual(jsonCopy(value), normal(value))).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
    expect(given).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });

  it.each([
    [{ user: { tags: new Map([['a', 1]]) } }, '.user.tags', /instance of Map.*Types\.STRUCTURED/],
    [{ set: new Set() }, '.set', /instance of Set/],
    [{ note: undefined }, '.note', /undefined/],
    [[1, undefined], '[1]', /undefined/],
    [new Array(2), '[0]', /undefined/],
    [{ list: [1, { n: Number.NaN }] }, '.list[1].n', /NaN/],
    [[Number.NEGATIVE_INFINITY], '[0]', /-Infinity/],
    [{ at: new Date(5) }, '.at', /instance of Date/],
    [{ n: 5n }, '.n', /5n/],
    [{ f() {} }, '.f', /a function/],
    [{ s: Symbol('s') }, '.s', /a symbol/],
    [{ point: new Point() }, '.point', /instance of Point/],
    [{ toJSON: () => 1 }, '.toJSON', /a function/],
    [Uint8Array.of(1), '', /Uint8Array of 1 bytes/],
    [Object.create({ inherited: 1 }), '', /instance of Object/],
    [undefined, '', /undefined/],
  ])('refuses %o, and says where it is', (value, path, message) => {
    const refusal = refusalOf(value);
    expect(refusal?.path).toBe(path);
    expect(refusal?.reason).toMatch(message);
  });

  it.each([['two hundred'], [{ '\ud83d': '\udc00' }], [JSON.parse('{"__proto__":{"a":1}}')], [null], [{}], [[]]])(
    'gives back %o',
    (value) => {
      expect(isDeepStrictEqual(read(type, write(type, value)), value)).toBe(true);
    },
  );

  it('takes plain objects of another realm, as test runners make them', () => {
    expect(read(type, write(type, runInNewContext('({ a: [{ b: 1 }] })')))).toEqual({ a: [{ b: 1 }] });
    expect(refusalOf(runInNewContext('({ a: new Map() })'))?.path).toBe('.a');
  });

  it('refuses what is too deep, or in a cycle', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) {
      deep = { deep };
    }
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [deep, cycle]) {
      expect(refusalOf(value)?.message).toMatch(/^JSON can not hold .*: it is nested too deeply, or in a cycle/);
    }
  });
});

function jsonCopy(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return Symbol('none');
  }
}
