// A savepoint worked out by hand from Flink's formats: operator "uid-1", 128 key groups, keys of strings, ValueState<Long>
// "count" of "a" (1, group 81) and "hello" (2, group 35).
const UTF = (text: string) => Buffer.concat([int16(text.length), Buffer.from(text)]);

function int16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function hexOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

function longs(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) {
    bytes.writeBigInt64BE(BigInt(value), 8 * index);
  }
  return bytes;
}

const SIMPLE = (name: string) => Buffer.concat([hexOf('00000002'), UTF(name), hexOf('00000003')]);

/** Where the rows of key groups 35 and 81 begin in the state file. */
export const OFFSETS: Readonly<Record<number, number>> = { 35: 371, 81: 399 };
export const STATE_HEADER_BYTES = 371;

const BASE = 'org.apache.flink.api.common.typeutils.base';

/** The file `op-state`: 423 bytes. */
export const STATE_FILE: Uint8Array = Buffer.concat([
  hexOf('00000006 00'),
  SIMPLE(`${BASE}.StringSerializer$StringSerializerSnapshot`),
  hexOf('0001'),
  UTF('count'),
  hexOf('00000000 00000001'),
  UTF('KEYED_STATE_TYPE'),
  UTF('VALUE'),
  hexOf('00000002'),
  UTF('VALUE_SERIALIZER'),
  SIMPLE(`${BASE}.LongSerializer$LongSerializerSnapshot`),
  UTF('NAMESPACE_SERIALIZER'),
  SIMPLE('org.apache.flink.runtime.state.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot'),
  hexOf('0000 00000008 a30668656c6c6f00 00000008 0000000000000002 ffff'),
  hexOf('0000 00000004 d1026100 00000008 0000000000000001 ffff'),
]);

/** The file `_metadata`: 1126 bytes. */
export const METADATA_FILE: Uint8Array = Buffer.concat([
  hexOf('4960672d 00000003 0000000000000001 00000000 00000001'),
  hexOf('c49f9afd6c708fcc3cdcba1bd00469ba 00000001 00000080 00'),
  hexOf('00000001 00000000 00000000 00000000 07 00000000 00000080'),
  longs(Array.from({ length: 128 }, (_, group) => OFFSETS[group] ?? 0)),
  hexOf('06'),
  UTF('op-state'),
  hexOf('00000000000001a7 00 00000000 00000000'),
]);
