// Rows of Flink's RocksDB state backend, read with our keys and types.
import { describe, expect, it } from 'vitest';
import type { DataInputView, TypeSerializer } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { CompositeKeyBuilder, keyGroupPrefixBytes, readKeyGroup } from '../../lib/keys/composite-key.ts';
import { keyGroupOf } from '../../lib/keys/key-groups.ts';
import { hex, read } from '../support/bytes.ts';
import { type RocksDBRowGoldens, readGoldens, typeOf } from '../support/flink-goldens.ts';

const { rows } = readGoldens<RocksDBRowGoldens>('rocksdb-rows');
const DELIMITER = ','.charCodeAt(0);

/** The row's key up to the namespace, checked; the input is left behind it. */
function readKey(row: (typeof rows)[number]): { readonly key: unknown; readonly input: DataInputView } {
  const input = new DataInput(Buffer.from(row.key, 'hex'));
  const type = typeOf(row.keyType);
  const keyGroup = readKeyGroup(keyGroupPrefixBytes(row.maxParallelism), input);
  const key = type.serializer.deserialize(input);
  voidNamespaceSerializer.deserialize(input);
  expect(keyGroup).toBe(keyGroupOf(type.hashCode?.(key) ?? Number.NaN, row.maxParallelism));
  return { key, input };
}

function keyOf(row: (typeof rows)[number], key: unknown): string {
  const type = typeOf(row.keyType);
  const builder = new CompositeKeyBuilder(type.serializer, row.maxParallelism, () => new DataOutput());
  builder.setKey(key, keyGroupOf(type.hashCode?.(key) ?? Number.NaN, row.maxParallelism));
  return hex(builder.withNamespace(undefined, voidNamespaceSerializer).copy());
}

function readList<T>(element: TypeSerializer<T>, bytes: Uint8Array): T[] {
  const input = new DataInput(bytes);
  const list = [element.deserialize(input)];
  while (input.remaining > 0) {
    expect(input.readByte()).toBe(DELIMITER);
    list.push(element.deserialize(input));
  }
  return list;
}

const bytesOf = (text: string) => Buffer.from(text, 'hex');

describe("rows of Flink's backend", () => {
  it.each([
    ['value', (bytes: Uint8Array) => read(Types.LONG, bytes), 1],
    ['reducing', (bytes: Uint8Array) => read(Types.LONG, bytes), 5],
    ['aggregating', (bytes: Uint8Array) => read(Types.TUPLE(Types.LONG, Types.LONG), bytes), [11, 2]],
    ['list', (bytes: Uint8Array) => readList(Types.STRING.serializer, bytes), ['a', 'b', '', 'c,d']],
    ['list-updated', (bytes: Uint8Array) => readList(Types.LONG.serializer, bytes), [1, 2]],
  ] as const)('of the state %s', (family, readValue, expected) => {
    const some = rows.filter((row) => row.columnFamily === family);
    expect(some.map((row) => readKey(row).key)).toEqual(['hello', 'a', 42, -1, 'a']);
    for (const row of some) {
      expect(keyOf(row, readKey(row).key)).toBe(row.key);
      expect(readValue(bytesOf(row.value))).toEqual(expected);
    }
  });

  it.each([
    [
      'map',
      Types.STRING.serializer,
      Types.LONG.serializer,
      [
        ['', -1],
        ['one', 1],
      ],
    ],
    [
      'map-null-value',
      Types.LONG.serializer,
      Types.STRING.serializer,
      [
        [1, null],
        [2, ''],
      ],
    ],
  ] as const)('of the state %s', (family, userKeys, values, expected) => {
    const some = rows.filter((row) => row.columnFamily === family && row.keyType === 'LONG');
    const entries = some.map((row) => {
      const userKey = userKeys.deserialize(readKey(row).input);
      const value = new DataInput(bytesOf(row.value));
      return [userKey, value.readByte() === 1 ? null : values.deserialize(value)];
    });
    expect(entries).toEqual([...expected, ...expected]);
  });
});
