import { describe, expect, it } from 'vitest';
import type { SavepointMetadata } from '../../lib/savepoint/metadata.ts';
import { operatorIdOf } from '../../lib/savepoint/operator-id.ts';
import { readMetadata } from '../../lib/savepoint/read-metadata.ts';
import { writeMetadata } from '../../lib/savepoint/write-metadata.ts';
import { hex } from '../support/bytes.ts';
import { type MetadataGoldens, readGoldens } from '../support/flink-goldens.ts';
import { METADATA_FILE, OFFSETS } from '../support/worked-savepoint.ts';

const goldens = readGoldens<MetadataGoldens>('metadata');

const WORKED: SavepointMetadata = {
  version: 3,
  checkpointId: 1,
  masterStates: [],
  operators: [
    {
      id: operatorIdOf('uid-1'),
      parallelism: 1,
      maxParallelism: 128,
      finished: false,
      subtasks: [
        {
          index: 0,
          finished: false,
          managedKeyedState: {
            kind: 'savepoint-key-groups',
            range: { start: 0, end: 127 },
            offsets: Array.from({ length: 128 }, (_, group) => OFFSETS[group] ?? 0),
            stream: { kind: 'relative-file', path: 'op-state', size: 423 },
          },
        },
      ],
    },
  ],
};

function read(bytes: Uint8Array | string): SavepointMetadata {
  return readMetadata(typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes, '_metadata');
}

function golden(name: string, version: number): string {
  return goldens.files.find((file) => file.name === name && file.version === version)?.bytes ?? '';
}

describe('the metadata of the worked savepoint', () => {
  it('is 1126 bytes, and is read', () => {
    expect(METADATA_FILE.length).toBe(1126);
    expect(read(METADATA_FILE)).toStrictEqual(WORKED);
  });

  it('is written byte for byte', () => {
    expect(hex(writeMetadata(WORKED))).toBe(hex(METADATA_FILE));
  });
});

describe('metadata that Flink wrote', () => {
  it.each(goldens.files.filter(({ name }) => name !== 'changelog'))(
    'comes back byte for byte: $name, version $version',
    ({ bytes, version }) => {
      const metadata = read(bytes);
      expect(metadata.version).toBe(version);
      expect(hex(writeMetadata(metadata))).toBe(bytes);
    },
  );

  it('has operators with names, finished ones, and finished subtasks', () => {
    const { operators, masterStates } = read(golden('all handles', 6));
    expect(operators.map(({ name, uid, finished }) => [name, uid, finished])).toEqual([
      ['keyed', 'uid-1', false],
      [undefined, undefined, false],
      ['channels', undefined, false],
      ['done', 'uid-4', true],
    ]);
    expect(operators[0]?.subtasks.map(({ index, finished }) => [index, finished])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [4, true],
    ]);
    expect(masterStates).toEqual([{ version: 7, name: 'hook', bytes: new Uint8Array([1, 2, 3]) }]);
  });

  it('has handles of every kind', () => {
    const { operators } = read(golden('all handles', 6));
    const [savepoint, keyGroups, incremental] = operators[0]?.subtasks ?? [];
    expect(savepoint?.managedKeyedState).toMatchObject({
      kind: 'savepoint-key-groups',
      offsets: [10, 0, 2 ** 40, 30],
      stream: { kind: 'relative-file', path: 'state-1', size: 423 },
    });
    expect(keyGroups?.managedKeyedState).toMatchObject({ id: 'id-1', stream: { kind: 'file', path: 'file:/c/é' } });
    expect(incremental?.managedKeyedState).toMatchObject({
      kind: 'incremental',
      backendId: '00112233-4455-6677-8899-aabbccddeeff',
      range: { start: 4, end: 127 },
      checkpointedSize: 1001,
      sharedFiles: [
        { localPath: '000012.sst', stream: { kind: 'file', size: 1000 } },
        { localPath: '000013.sst', stream: { kind: 'segment', start: 100, size: 200, scope: 'SHARED' } },
      ],
      privateFiles: [{ localPath: 'CURRENT', stream: { kind: 'inline', bytes: new Uint8Array([1]) } }],
    });
    expect(incremental?.rawKeyedState).toMatchObject({ kind: 'key-groups', offsets: [-1, -1, 0, -1] });
    const [offsets, merged] = operators[1]?.subtasks ?? [];
    expect(offsets?.managedOperatorState?.states).toContainEqual({
      ...{ name: 'list', mode: 'SPLIT_DISTRIBUTE' },
      offsets: [1, 2, 3],
    });
    expect(merged?.managedOperatorState?.merged).toEqual({
      ...{ taskOwnedDirectory: 'file:/c/taskowned', sharedDirectory: 'file:/c/shared' },
      isEmpty: false,
    });
    expect(operators[2]?.subtasks[0]).toMatchObject({
      inputChannels: [
        { kind: 'channel', place: [1, 2], offsets: [0, 2], size: 4 },
        { kind: 'merged-channels', size: 4, offsets: new Uint8Array([7]) },
      ],
      outputChannels: [
        { kind: 'channel', place: [3, 4], offsets: [1] },
        { kind: 'merged-channels', offsets: new Uint8Array([8, 9]) },
      ],
    });
  });

  it.each([3, 4, 5, 6])('of the changelog backend is refused with advice, version %d', (version) => {
    expect(() => read(golden('changelog', version))).toThrow(
      /operator\[0\], .*managed keyed state.*14 is one of Flink's changelog backend, .*state\.changelog\.enabled/,
    );
  });
});

describe('a version that is written', () => {
  it.each([4, 5, 6])('%d ends with the properties that Flink writes for a canonical savepoint', (version) => {
    const written = writeMetadata({ ...WORKED, version });
    const properties = goldens.properties.find(({ name }) => name === 'canonical savepoint')?.bytes;
    expect(hex(read(written).properties ?? new Uint8Array())).toBe(properties);
    expect(read(written).operators).toStrictEqual(WORKED.operators);
  });

  it.each([1, 2, 7, 2.5])('is not %d', (version) => {
    expect(() => writeMetadata({ ...WORKED, version })).toThrow(/written in version 3 to 6; received/);
  });

  it('below 6 has no merged channels', () => {
    expect(() => writeMetadata({ ...read(golden('all handles', 6)), version: 5 })).toThrow(/only from version 6/);
  });
});

// Built from that of version 3, as current Flink does not write them.
describe('versions that Flink no longer writes, or not yet', () => {
  const bytes = Buffer.from(METADATA_FILE);
  const operatorEnd = 48;
  const subtaskStart = 57;

  it('2 has no coordinators and channels, and two unused fields before a subtask', () => {
    const version2 = Buffer.concat([
      withVersion(bytes.subarray(0, operatorEnd), 2),
      Buffer.from('00000001', 'hex'),
      bytes.subarray(operatorEnd + 1, subtaskStart),
      Buffer.from('ffffffffffffffff00000000', 'hex'),
      bytes.subarray(subtaskStart, bytes.length - 8),
    ]);
    expect(read(version2)).toStrictEqual({ ...WORKED, version: 2 });
  });

  it('7 has a reference to a checkpoint behind a subtask', () => {
    const version6 = Buffer.from(writeMetadata({ ...WORKED, version: 6, properties: new Uint8Array() }));
    const version7 = Buffer.concat([withVersion(version6, 7), Buffer.from('010000000000000009', 'hex')]);
    expect(read(version7).operators[0]?.subtasks[0]).toMatchObject({ index: 0, referenceCheckpointId: 9 });
  });

  it.each([1, 8])('%d can not be read', (version) => {
    expect(() => read(withVersion(bytes, version))).toThrow(
      /_metadata can't be read, at byte 8 \(version\): \d is not one of 2 to 7, which can be read/,
    );
  });
});

describe('damaged metadata', () => {
  it('of another kind of file', () => {
    expect(() => read(Buffer.from('{}'))).toThrow(/no metadata of a savepoint or checkpoint of Flink/);
  });

  it.each([
    [60, 'managed operator state'],
    [65, 'code of a keyed handle'],
    [70, 'number of key groups'],
    [1000, 'number of key groups'],
    [1100, 'path'],
  ])('that ends at byte %d says what was being read', (end, field) => {
    expect(() => read(METADATA_FILE.subarray(0, end))).toThrow(field);
  });

  it.each([
    ['a range of key groups', 70, '7fffffff', /key groups\): 2147483647 from 0 on are not within the 32768/],
    ['an unknown handle', 65, '63', /code of a keyed handle\): 99 is not known/],
    ['an offset beyond what a number holds', 74, '7fffffffffffffff', /offset\): 9223372036854775807 is out of range/],
    ['more operators than there are bytes', 20, '00ffffff', /number of operator\): it says 16777215, but only 1102/],
  ])('with %s', (_what, offset, replaced, message) => {
    const bytes = Buffer.from(METADATA_FILE);
    bytes.write(replaced, offset, 'hex');
    expect(() => read(bytes)).toThrow(message);
  });
});

function withVersion(bytes: Uint8Array, version: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeInt32BE(version, 4);
  return copy;
}
