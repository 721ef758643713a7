import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import type { SchemaCompatibility } from '../../lib/api/schema-compatibility.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { resolveSchema } from '../../lib/bytes/resolve-schema.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { write } from '../support/bytes.ts';

function typeOf(schema: avro.Schema) {
  return Types.AVRO<unknown>(avro.Type.forSchema(schema));
}

function record(name: string, fields: readonly object[], more: object = {}): avro.Schema {
  return { type: 'record', name, fields, ...more } as avro.Schema;
}

function verdictOf(stored: avro.Schema, declared: avro.Schema): SchemaCompatibility<unknown> {
  return resolveSchema(snapshotOf(typeOf(stored).serializer), typeOf(declared).serializer);
}

function evolved(stored: avro.Schema, value: unknown, declared: avro.Schema): unknown {
  const verdict = verdictOf(stored, declared);
  expect(verdict.kind).toBe('after-migration');
  const { reader } = verdict as Extract<typeof verdict, { kind: 'after-migration' }>;
  const input = new DataInput(write(typeOf(stored), value));
  const read = reader.deserialize(input);
  expect(input.remaining).toBe(0);
  return JSON.parse(JSON.stringify(read));
}

describe('stored Avro values', () => {
  const person = record('Person', [
    { name: 'name', type: 'string' },
    { name: 'age', type: 'int' },
  ]);
  const value = { name: 'a', age: 3 };

  it('are taken as they are where the schema is the same but for its notes', () => {
    const noted = record('Person', [
      { name: 'name', type: 'string', doc: 'in full' },
      { name: 'age', type: 'int', default: 1 },
    ]);
    expect(verdictOf(person, noted)).toEqual({ kind: 'as-is' });
  });

  it('take new fields with their default, lose others, and widen', () => {
    const declared = record('Person', [
      { name: 'tags', type: { type: 'array', items: 'string' }, default: [] },
      { name: 'age', type: 'double' },
    ]);
    expect(evolved(person, value, declared)).toEqual({ tags: [], age: 3 });
  });

  it('follow aliases of records and fields', () => {
    const declared = record(
      'Human',
      [
        { name: 'fullName', aliases: ['name'], type: 'string' },
        { name: 'age', type: 'long' },
      ],
      { aliases: ['Person'] },
    );
    expect(evolved(person, value, declared)).toEqual({ fullName: 'a', age: 3 });
  });

  it('become one branch of a union, whose branches may become wider', () => {
    const declared = record('Person', [
      { name: 'name', type: ['null', 'string'] },
      { name: 'age', type: 'int' },
    ]);
    expect(evolved(person, value, declared)).toEqual({ name: 'a', age: 3 });
    expect(evolved(['null', 'int'], 5, ['null', 'long'])).toBe(5);
    expect(evolved(['null', 'int'], null, ['long', 'null'])).toBe(null);
    expect(verdictOf(['null', 'int'], ['string', 'null'])).toMatchObject({ kind: 'incompatible' });
  });

  it('take more names of an enum', () => {
    const names = (...symbols: string[]): avro.Schema => ({ type: 'enum', name: 'Color', symbols }) as avro.Schema;
    expect(evolved(names('RED', 'BLUE'), 'BLUE', names('GREEN', 'BLUE', 'RED'))).toBe('BLUE');
  });

  it("are refused with avsc's reason where Avro's rules refuse them", () => {
    expect(verdictOf('string', 'int')).toMatchObject({
      kind: 'incompatible',
      reason: expect.stringMatching(/^AVRO\("string"\) can not become AVRO\("int"\): cannot read "string" as "int"$/),
    });
    expect(verdictOf(person, record('Person', [{ name: 'email', type: 'string' }]))).toMatchObject({
      kind: 'incompatible',
      reason: expect.stringContaining('no matching field for default-less Person.email'),
    });
    expect(verdictOf('long', 'int')).toMatchObject({ kind: 'incompatible' });
  });

  it('that are no values of the stored schema are refused when they are read', () => {
    const verdict = verdictOf(person, record('Person', [{ name: 'age', type: 'int' }]));
    const { reader } = verdict as Extract<typeof verdict, { kind: 'after-migration' }>;
    expect(() => reader.deserialize(new DataInput(Buffer.from('00000000', 'hex')))).toThrow(SerializationError);
  });

  it('change within other types', () => {
    const declared = record('Person', [{ name: 'name', type: 'string' }]);
    const [before, now] = [Types.LIST(typeOf(person)), Types.LIST(typeOf(declared))];
    const verdict = resolveSchema(snapshotOf(before.serializer), now.serializer);
    const { reader } = verdict as Extract<typeof verdict, { kind: 'after-migration' }>;
    expect(reader.deserialize(new DataInput(write(before, [value])))).toMatchObject([{ name: 'a' }]);
  });

  it('are only compared by avsc, and with Avro', () => {
    const foreign = Types.AVRO({ toBuffer: () => Buffer.alloc(0), fromBuffer: () => 1, schema: () => 'int' });
    expect(resolveSchema(snapshotOf(typeOf('long').serializer), foreign.serializer)).toMatchObject({
      reason: expect.stringContaining('is not one of avsc'),
    });
    expect(resolveSchema(snapshotOf(Types.STRING.serializer), typeOf('string').serializer)).toMatchObject({
      reason: 'STRING can not become AVRO("string")',
    });
  });
});
