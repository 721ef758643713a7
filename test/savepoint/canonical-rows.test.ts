import { describe, expect, it } from 'vitest';
import { SavepointFormatError } from '../../lib/errors.ts';
import type { CanonicalRow } from '../../lib/savepoint/canonical-format.ts';
import {
  type CanonicalKeyGroup,
  CanonicalRowReader,
  canonicalRowsOf,
} from '../../lib/savepoint/canonical-row-reader.ts';
import { CanonicalRowWriter } from '../../lib/savepoint/canonical-row-writer.ts';
import { hex } from '../support/bytes.ts';
import { OFFSETS, STATE_FILE } from '../support/worked-savepoint.ts';

function group(keyGroup: number, more: Partial<CanonicalKeyGroup> = {}): CanonicalKeyGroup {
  return { ...{ keyGroup, maxParallelism: 128, stateCount: 3, source: 'op-state', offset: 0 }, ...more };
}

function row(stateId: number, key: string, value: string): CanonicalRow {
  return { stateId, key: new Uint8Array(Buffer.from(key, 'hex')), value: new Uint8Array(Buffer.from(value, 'hex')) };
}

function plain(rows: Iterable<CanonicalRow>): CanonicalRow[] {
  return [...rows].map(({ stateId, key, value }) => ({ stateId, key, value: new Uint8Array(value) }));
}

const HELLO = row(0, '230668656c6c6f00', '0000000000000002');
const A = row(0, '51026100', '0000000000000001');

describe('the rows of the worked savepoint', () => {
  it('are read, without the flag in their keys', () => {
    expect(plain(canonicalRowsOf(STATE_FILE.subarray(OFFSETS[35]), group(35)))).toStrictEqual([HELLO]);
    expect(plain(canonicalRowsOf(STATE_FILE.subarray(OFFSETS[81]), group(81)))).toStrictEqual([A]);
  });

  it('are written byte for byte', () => {
    const writer = new CanonicalRowWriter();
    writer.writeRow(HELLO);
    writer.endKeyGroup();
    writer.writeRow(A);
    writer.endKeyGroup();
    expect(hex(writer.drain())).toBe(hex(STATE_FILE.subarray(OFFSETS[35])));
    expect(writer.length).toBe(0);
  });
});

describe('rows of several states', () => {
  const rows = [
    ...[row(0, '0501', 'aa'), row(0, '0502', ''), row(1, '0501', 'bb'.repeat(500)), row(2, '05', 'cc')],
    ...Array.from({ length: 300 }, (_, i) => row(2, `05${i.toString(16).padStart(4, '0')}`, 'dd'.repeat(i))),
  ];
  const writer = new CanonicalRowWriter();
  const drained: Uint8Array[] = [];
  for (const one of rows) {
    writer.writeRow(one);
    if (writer.length > 1000) {
      drained.push(writer.drain());
    }
  }
  writer.endKeyGroup();
  const bytes = Buffer.concat([...drained, writer.drain()]);

  it('come back as they were, also when the writer was drained between them', () => {
    expect(plain(canonicalRowsOf(bytes, group(5)))).toStrictEqual(rows);
  });

  it.each([1, 2, 7, 100, 4096])('come in chunks of %d bytes', (size) => {
    const reader = new CanonicalRowReader(group(5, { maxBytes: bytes.length }));
    const read: CanonicalRow[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      reader.push(bytes.subarray(start, start + size));
      for (let next = reader.next(); next !== undefined; next = reader.next()) {
        read.push(next);
      }
    }
    reader.finish();
    expect(plain(read)).toStrictEqual(rows);
    expect(reader.bytesRead).toBe(bytes.length);
  });
});

it('a key group of two bytes is in the first two of the key', () => {
  const writer = new CanonicalRowWriter();
  const wide = row(0, '03e801', 'aa');
  writer.writeRow(wide);
  writer.endKeyGroup();
  const bytes = writer.drain();
  expect(hex(bytes)).toBe('00000000000383e80100000001aaffff');
  expect(plain(canonicalRowsOf(bytes, group(1000, { maxParallelism: 1024 })))).toStrictEqual([wide]);
});

describe('damaged key groups', () => {
  it.each<[string, string, RegExp]>([
    ['an unknown state', '0003', /key group 5, state\): it says state 3, but the header has 3/],
    ['a row of another key group', `0000 00000001 86 00000000 ffff`, /the row is of key group 6, not of 5/],
    ['a key without a key group', '0000 00000000 00000000 ffff', /length of key\): 0 bytes can not be/],
    ['a length beyond the end', '0000 7fffffff 85', /op-state can't be read, at byte 2 .* 2147483647 bytes can not be/],
    ['a negative length', '0000 00000001 85 ffffffff', /length of value\): -1 bytes can not be/],
    ['no end', '0000 00000001 05 00000000', /end of key group\): the bytes end before it, with 0 left/],
    ['an end within a row', '0000 00000001 05 0000', /the bytes end before it, with 7 left of a row/],
  ])('%s', (_what, bytes, message) => {
    const act = () => [...canonicalRowsOf(Buffer.from(bytes.replaceAll(' ', ''), 'hex'), group(5))];
    expect(act).toThrow(SavepointFormatError);
    expect(act).toThrow(message);
  });
});
