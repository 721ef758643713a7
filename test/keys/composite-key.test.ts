import { describe, expect, it } from 'vitest';
import type { TypeSerializer } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { longSerializer } from '../../lib/bytes/number-serializers.ts';
import { stringSerializer } from '../../lib/bytes/string-serializer.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import {
  CompositeKeyBuilder,
  isAmbiguous,
  readKeyGroup,
  writeItemLength,
  writeKeyGroup,
} from '../../lib/keys/composite-key.ts';

interface Row<K, N> {
  readonly key: K;
  readonly keySerializer: TypeSerializer<K>;
  readonly namespace: N;
  readonly namespaceSerializer: TypeSerializer<N>;
}

function hexKey<K, N>(row: Row<K, N>, keyGroup: number, maxParallelism: number): string {
  const output = new DataOutput();
  const builder = new CompositeKeyBuilder(row.keySerializer, maxParallelism, () => {
    output.position = 0;
    return output;
  });
  builder.setKey(row.key, keyGroup);
  builder.withNamespace(row.namespace, row.namespaceSerializer);
  return Buffer.from(output.copy()).toString('hex');
}

const strings = { keySerializer: stringSerializer, namespaceSerializer: stringSerializer };

describe('composite keys', () => {
  it('are ambiguous only when key and namespace both vary in length (T202)', () => {
    expect(isAmbiguous(longSerializer, longSerializer)).toBe(false);
    expect(isAmbiguous(stringSerializer, longSerializer)).toBe(false);
    expect(isAmbiguous(longSerializer, stringSerializer)).toBe(false);
    expect(isAmbiguous(stringSerializer, voidNamespaceSerializer)).toBe(false);
    expect(isAmbiguous(stringSerializer, stringSerializer)).toBe(true);
  });

  it.each([1, 2] as const)('write and read key groups in %i bytes (T203)', (prefixBytes) => {
    for (let keyGroup = 0; keyGroup < 128; keyGroup++) {
      const output = new DataOutput();
      writeKeyGroup(keyGroup, prefixBytes, output);
      expect(output.position).toBe(prefixBytes);
      expect(readKeyGroup(prefixBytes, new DataInput(output.copy()))).toBe(keyGroup);
    }
  });

  it.each([
    [5, '05'],
    [255, 'ff'],
    [256, '0001'],
    [65536, '000001'],
    [0, '00'],
  ])('write the length %i as %s', (length, expected) => {
    const output = new DataOutput();
    writeItemLength(length, output);
    expect(Buffer.from(output.copy()).toString('hex')).toBe(expected);
  });

  it('have one byte of key group up to 128 groups, two above (T206)', () => {
    const row = {
      key: 'a',
      keySerializer: stringSerializer,
      namespace: undefined,
      namespaceSerializer: voidNamespaceSerializer,
    };
    expect(hexKey(row, 81, 128)).toBe('51026100');
    expect(hexKey(row, 81, 129)).toBe('0051026100');
    expect(hexKey(row, 0x1234, 32768)).toBe('1234026100');
  });

  it('have no lengths when key or namespace is fixed (T206)', () => {
    expect(
      hexKey(
        { key: 42, keySerializer: longSerializer, namespace: 'n', namespaceSerializer: stringSerializer },
        29,
        128,
      ),
    ).toBe('1d000000000000002a026e');
    expect(
      hexKey({ key: 'k', keySerializer: stringSerializer, namespace: 7, namespaceSerializer: longSerializer }, 1, 128),
    ).toBe('01026b0000000000000007');
  });

  it('have both lengths, each behind its item, when both vary (T206)', () => {
    expect(hexKey({ ...strings, key: 'ab', namespace: 'c' }, 3, 128)).toBe('03036162030263' + '02');
    const long = 'x'.repeat(300);
    const expected = `03${Buffer.concat([Buffer.from([0xad, 0x02]), Buffer.from(long)]).toString('hex')}2e01026302`;
    expect(hexKey({ ...strings, key: long, namespace: 'c' }, 3, 128)).toBe(expected);
  });

  it('keep the key part when one namespace follows another', () => {
    const output = new DataOutput();
    const builder = new CompositeKeyBuilder(stringSerializer, 128, () => {
      output.position = 0;
      return output;
    });
    builder.setKey('key', 72);
    const first = Buffer.from(builder.withNamespace('first', stringSerializer).copy());
    const second = Buffer.from(builder.withNamespace('2', stringSerializer).copy());
    const again = Buffer.from(builder.withNamespace('first', stringSerializer).copy());
    expect(second.subarray(0, 6)).toEqual(first.subarray(0, 6));
    expect(again).toEqual(first);
  });

  it('can not be built without a key', () => {
    const builder = new CompositeKeyBuilder(longSerializer, 128, () => new DataOutput());
    const build = () => builder.withNamespace(undefined, voidNamespaceSerializer);
    expect(build).toThrow(expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' }));
    builder.setKey(1, 0);
    expect(build).not.toThrow();
    expect(() => builder.setKey(Number.NaN, 0)).toThrow(/safe integer/);
    expect(build).toThrow(expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' }));
  });
});
