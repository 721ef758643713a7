// The raw rows of a savepoint, whatever wrote it.
import { readFile } from 'node:fs/promises';
import type { SavepointKeyedState } from '../../lib/api/savepoint.ts';
import { Savepoint } from '../../lib/index.ts';
import { canonicalRowsOf } from '../../lib/savepoint/canonical-row-reader.ts';
import { type KeyedHeader, readKeyedHeader } from '../../lib/savepoint/keyed-header.ts';
import { nativeSnappy } from '../../lib/savepoint/native-snappy.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { uncompressFrames } from '../../lib/savepoint/snappy-frame-reader.ts';

/** What a savepoint has of one operator. */
export interface SavepointRows {
  readonly header: KeyedHeader;
  /** `state: key = value`, in hexadecimal digits, sorted. */
  readonly rows: readonly string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export async function savepointRowsOf(directory: string, uid: string): Promise<SavepointRows> {
  const operator = (await Savepoint.open(directory)).operator(uid);
  const rows: string[] = [];
  let header: KeyedHeader | undefined;
  for (const state of await operator.keyedState()) {
    const bytes = await bytesOf(state);
    header = readKeyedHeader(new SavepointInput(bytes, directory));
    rows.push(...rowsIn(bytes, state, { header, maxParallelism: operator.maxParallelism }));
  }
  return { header: header as KeyedHeader, rows: rows.sort() };
}

async function bytesOf({ source, sizeBytes }: SavepointKeyedState): Promise<Uint8Array> {
  if ('bytes' in source) {
    return source.bytes;
  }
  return new Uint8Array((await readFile(source.path)).subarray(source.start, source.start + sizeBytes));
}

function* rowsIn(
  bytes: Uint8Array,
  { keyGroupRange, offsets }: SavepointKeyedState,
  { header, maxParallelism }: { readonly header: KeyedHeader; readonly maxParallelism: number },
): Generator<string> {
  for (const [index, offset] of offsets.entries()) {
    if (offset === 0) {
      continue;
    }
    const end = offsets.find((next, at) => at > index && next > 0) ?? bytes.length;
    const part = bytes.subarray(offset, end);
    const plain = header.compressed ? uncompressFrames(part, nativeSnappy, { source: 'savepoint', offset }) : part;
    const group = { keyGroup: keyGroupRange.start + index, maxParallelism, stateCount: header.states.length };
    for (const { stateId, key, value } of canonicalRowsOf(plain, { ...group, source: 'savepoint', offset })) {
      yield `${header.states[stateId]?.name}: ${hex(key)} = ${hex(value)}`;
    }
  }
}
