// A savepoint put together byte by byte: of one operator with the uid "uid-1", String keys in 128 key groups, and a
// value state "count" of Longs, in which "a" has 1 and "hello" has 2.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExpectedSavepoint } from './flink-jobs.ts';

const KEY_GROUPS = 128;
const BASE = 'org.apache.flink.api.common.typeutils.base';

const u16 = (value: number) => hex(value.toString(16).padStart(4, '0'));
const u32 = (value: number) => hex(value.toString(16).padStart(8, '0'));
const u64 = (value: number) => hex(value.toString(16).padStart(16, '0'));
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const utf = (text: string) => Buffer.concat([u16(text.length), Buffer.from(text)]);
const serializer = (snapshot: string) => Buffer.concat([u32(2), utf(snapshot), u32(3)]);

const HEADER = Buffer.concat([
  u32(6),
  hex('00'),
  serializer(`${BASE}.StringSerializer$StringSerializerSnapshot`),
  u16(1),
  utf('count'),
  u32(0),
  u32(1),
  utf('KEYED_STATE_TYPE'),
  utf('VALUE'),
  u32(2),
  utf('VALUE_SERIALIZER'),
  serializer(`${BASE}.LongSerializer$LongSerializerSnapshot`),
  utf('NAMESPACE_SERIALIZER'),
  serializer('org.apache.flink.runtime.state.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot'),
]);

// State, key with the flag of the last row, value, end of the key group.
const HELLO = hex('0000 00000008 a30668656c6c6f00 00000008 0000000000000002 ffff');
const A = hex('0000 00000004 d1026100 00000008 0000000000000001 ffff');

const OFFSETS: Readonly<Record<number, number>> = { 35: HEADER.length, 81: HEADER.length + HELLO.length };

function metadata(file: string, fileBytes: number): Buffer {
  const offsets = Array.from({ length: KEY_GROUPS }, (_, group) => u64(OFFSETS[group] ?? 0));
  return Buffer.concat([
    hex('4960672d'),
    u32(3),
    u64(1),
    // No master states; one operator, with one subtask of one.
    hex('00000000 00000001'),
    hex('c49f9afd6c708fcc3cdcba1bd00469ba'),
    u32(1),
    u32(KEY_GROUPS),
    hex('00 00000001 00000000'),
    // No operator state; keyed state of a savepoint, in a file beside this one; no raw keyed state and no channel state.
    hex('00000000 00000000 07'),
    u32(0),
    u32(KEY_GROUPS),
    ...offsets,
    hex('06'),
    utf(file),
    u64(fileBytes),
    hex('00 00000000 00000000'),
  ]);
}

/** Writes it, with the version 3 of metadata: the newest without serialized Java objects. */
export async function writeHandMadeSavepoint(directory: string): Promise<void> {
  const state = Buffer.concat([HEADER, HELLO, A]);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'op-state'), state);
  await writeFile(join(directory, '_metadata'), metadata('op-state', state.length));
}

export const HAND_MADE_CONTENTS: ExpectedSavepoint = {
  job: { operators: ['uid-1'], parallelism: 1, maxParallelism: KEY_GROUPS },
  pathPrefix: null,
  rows: [
    ['uid-1', 'count', 'a', null, '1'],
    ['uid-1', 'count', 'hello', null, '2'],
  ],
  timers: [],
  operatorState: [],
};
