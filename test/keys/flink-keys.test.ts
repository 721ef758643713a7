import { describe, expect, it } from 'vitest';
import type { TypeSerializer } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { CompositeKeyBuilder, keyGroupPrefixBytes, readKeyGroup } from '../../lib/keys/composite-key.ts';
import { defaultMaxParallelism, keyGroupOf, keyGroupRangeOf } from '../../lib/keys/key-groups.ts';
import { hex } from '../support/bytes.ts';
import {
  type CompositeKeyGoldens,
  fromGolden,
  type KeyGroupGoldens,
  readGoldens,
  typeOf,
} from '../support/flink-goldens.ts';

const keyGroups = readGoldens<KeyGroupGoldens>('key-groups');
const compositeKeys = readGoldens<CompositeKeyGoldens>('composite-keys');

const MAX_PARALLELISMS = [10, 128, 1000, 32768];

function isSafeOrNoLong(type: unknown, key: unknown): boolean {
  const whole = type === 'LONG' ? key : type === 'INSTANT' ? (key as { epochSecond: string }).epochSecond : 0;
  return Number.isSafeInteger(Number(whole));
}

describe('keys have the hash codes and key groups of Java', () => {
  const rows = keyGroups.keys.map(
    ({ type, key, hashCode, groupOf10_128_1000_32768: groups }) => [type, key, hashCode, groups] as const,
  );

  it.each(rows.filter(([type, key]) => isSafeOrNoLong(type, key)))('%j %j', (type, key, hashCode, groups) => {
    const ours = typeOf(type).hashCode?.(fromGolden(type, key)) ?? Number.NaN;
    expect(ours).toBe(hashCode);
    expect(MAX_PARALLELISMS.map((max) => keyGroupOf(ours, max))).toEqual(groups);
  });

  it.each(rows.filter(([type]) => type === 'LONG'))('BIGINT for %s %j', (_type, key, hashCode) => {
    expect(Types.BIGINT.hashCode?.(BigInt(key as string))).toBe(hashCode);
  });

  it.each([
    ['ENUM', Types.ENUM('A')],
    ['JSON', Types.JSON()],
    ['MSGPACK', Types.MSGPACK()],
    ['STRUCTURED', Types.STRUCTURED()],
    ['a list of those', Types.LIST(Types.ENUM('A'))],
    ['a map of those', Types.MAP(Types.STRING, Types.JSON())],
    ['a tuple of those', Types.TUPLE(Types.STRING, Types.ENUM('A'))],
    ['a row of those', Types.ROW(Types.STRING, Types.ENUM('A'))],
    ['one of those or null', Types.NULLABLE(Types.ENUM('A'))],
  ])('%s has none, so it can not be a key', (_name, type) => {
    expect(type.hashCode).toBeUndefined();
  });
});

describe('ranges of operators are those of Flink', () => {
  it.each(keyGroups.ranges.map((row) => [row.maxParallelism, row.parallelism, row.indexStartEnd] as const))(
    '%i groups over %i operators',
    (max, parallelism, rows) => {
      for (const [index, start, end] of rows) {
        expect(keyGroupRangeOf(index, max, parallelism)).toEqual({ start, end });
      }
    },
  );

  it.each(keyGroups.defaultMaxParallelism)('parallelism %i has the default maximum %i', (parallelism, max) => {
    expect(defaultMaxParallelism(parallelism)).toBe(max);
  });
});

function partOf([type, value]: readonly [string, unknown?]): readonly [TypeSerializer<unknown>, unknown] {
  if (type === 'VOID_NAMESPACE') {
    return [voidNamespaceSerializer as TypeSerializer<unknown>, undefined];
  }
  return [typeOf(type).serializer, fromGolden(type, value)];
}

describe('composite keys have the bytes of Flink', () => {
  const rows = compositeKeys.keys.map((golden, index) => {
    const { maxParallelism, key, namespace, userKey } = golden;
    const name = `${index}: ${maxParallelism} ${key[0]} ${namespace[0]} ${userKey?.[0] ?? 'no user key'}`;
    return [name, golden] as const;
  });

  it.each(rows)('%s', (_name, golden) => {
    const [keySerializer, key] = partOf(golden.key);
    const [namespaceSerializer, namespace] = partOf(golden.namespace);
    const builder = new CompositeKeyBuilder(keySerializer, golden.maxParallelism, () => new DataOutput());
    builder.setKey(key, golden.keyGroup);
    const output = builder.withNamespace(namespace, namespaceSerializer);
    if (golden.userKey !== null) {
      const [serializer, userKey] = partOf(golden.userKey);
      serializer.serialize(userKey, output);
    }
    expect(hex(output.copy())).toBe(golden.bytes);
    const input = new DataInput(output.copy());
    expect(readKeyGroup(keyGroupPrefixBytes(golden.maxParallelism), input)).toBe(golden.keyGroup);
    expect(keySerializer.deserialize(input)).toEqual(key);
  });
});
