import { describe, expect, it, test } from 'vitest';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { resolveSchema } from '../../lib/bytes/resolve-schema.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { UpgradeOptions } from '../../lib/bytes/upgraded-type.ts';
import { SerializationError } from '../../lib/errors.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import { read, write } from '../support/bytes.ts';

const UPGRADES = [
  (v0: { first: string; last: string }) => ({ name: `${v0.first} ${v0.last}` }),
  (v1: { name: string }) => ({ ...v1, tags: [] as string[] }),
];
const MAKERS = {
  JSON: (options?: UpgradeOptions) => Types.JSON<unknown>(options),
  MSGPACK: (options?: UpgradeOptions) => Types.MSGPACK<unknown>(options),
  STRUCTURED: (options?: UpgradeOptions) => Types.STRUCTURED<unknown>(options),
};

describe.each(Object.entries(MAKERS))('%s with upgrades', (name, make) => {
  const versions = [0, 1, 2].map((version) => make({ upgrades: UPGRADES.slice(0, version) }));
  const resolved = (stored: number, declared: number) =>
    resolveSchema(
      snapshotOf((versions[stored] as never as (typeof versions)[0]).serializer),
      (versions[declared] as (typeof versions)[0]).serializer,
    );

  it('has its version in its id, and no other bytes', () => {
    expect(versions[0]?.serializer.id).toBe(make().serializer.id);
    expect(versions[2]?.serializer.id).toBe(`${make().serializer.id}[2]`);
    expect(write(versions[2] as never, { a: 1 })).toEqual(write(make(), { a: 1 }));
  });

  test.each([
    [0, 2, { first: 'a', last: 'b' }, { name: 'a b', tags: [] }],
    [0, 1, { first: 'a', last: 'b' }, { name: 'a b' }],
    [1, 2, { name: 'x' }, { name: 'x', tags: [] }],
  ])('reads version %i as version %i', (stored, declared, value, expected) => {
    const verdict = resolved(stored, declared);
    expect(verdict.kind).toBe('after-migration');
    const { reader } = verdict as Extract<typeof verdict, { kind: 'after-migration' }>;
    expect(reader.deserialize(new DataInput(write(make(), value)))).toEqual(expected);
  });

  it('takes its own version as it is, and no newer one', () => {
    expect(resolved(2, 2)).toEqual({ kind: 'as-is' });
    expect(resolved(2, 1)).toEqual({
      kind: 'incompatible',
      reason: `${name} of version 2 is newer than version 1, the number of upgrades that the type has`,
    });
    expect(resolved(1, 0)).toMatchObject({ reason: expect.stringContaining('version 1 is newer than version 0') });
  });

  it('says which upgrade failed', () => {
    const failing = make({
      upgrades: [
        (value) => value,
        () => {
          throw new Error('no such thing');
        },
      ],
    });
    const verdict = resolveSchema(snapshotOf(make().serializer), failing.serializer);
    const { reader } = verdict as Extract<typeof verdict, { kind: 'after-migration' }>;
    const input = new DataInput(write(make(), 1));
    expect(() => reader.deserialize(input)).toThrow(SerializationError);
    input.setWindow(0, input.bytes.length);
    expect(() => reader.deserialize(input)).toThrow(`The upgrade of ${name} from version 1 to 2 failed: no such thing`);
  });

  it('is upgraded within other types', () => {
    const [stored, declared] = [0, 2].map((version) => Types.LIST(versions[version] as (typeof versions)[0]));
    const verdict = resolveSchema(
      snapshotOf((stored as never as (typeof versions)[0]).serializer),
      (declared as never as (typeof versions)[0]).serializer,
    );
    const { reader, change } = verdict as Extract<typeof verdict, { kind: 'after-migration' }>;
    const bytes = write(stored as never, [{ first: 'a', last: 'b' }]);
    expect(reader.deserialize(new DataInput(bytes))).toEqual([{ name: 'a b', tags: [] }]);
    expect(change).toBeUndefined();
  });

  it('is read from savepoints as it is stored there', () => {
    const { serializer } = new SavepointTypes().typeOf(snapshotOf((versions[2] as (typeof versions)[0]).serializer));
    expect(serializer.id).toBe(versions[2]?.serializer.id);
    expect(read({ name, serializer }, write(make(), { a: 1 }))).toEqual({ a: 1 });
  });

  it('takes functions only', () => {
    for (const upgrades of [5, [5], {}]) {
      expect(() => make({ upgrades } as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_TYPE' }));
    }
  });
});

test('formats do not become each other', () => {
  const stored = snapshotOf(Types.JSON({ upgrades: UPGRADES }).serializer);
  expect(resolveSchema(stored, Types.MSGPACK({ upgrades: UPGRADES }).serializer)).toEqual({
    kind: 'incompatible',
    reason: 'JSON(2) can not become MSGPACK(2)',
  });
  expect(resolveSchema(snapshotOf(Types.STRING.serializer), Types.JSON().serializer)).toMatchObject({
    reason: 'STRING can not become JSON',
  });
});
