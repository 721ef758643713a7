// Tells the two formats apart that Flink stores key groups of checkpoints in: that of its heap backend, and the canonical one,
// in which RocksDB wrote full checkpoints before Flink 1.16. Nothing in the metadata says it.
//
//   heap        [key group: int32]…              for every key group of the range
//   canonical   [state: int16][length: int32]…   or the beginning of compressed bytes, for key groups with rows
import type { SavepointKeyGroups } from '../api/savepoint.ts';
import { readBytesOf } from './savepoint-bytes.ts';

const INT_BYTES = 4;

/** Whether key groups are in the format of Flink's heap backend. */
export async function isHeapFormat(
  stored: Pick<SavepointKeyGroups, 'keyGroupRange' | 'offsets' | 'source' | 'sizeBytes'>,
): Promise<boolean> {
  const { keyGroupRange, offsets, source, sizeBytes } = stored;
  // In the canonical format these would be the number of a state and the length of a key, which are a key group's number only
  // where that is 0, so the last of the range says most.
  const at = offsets.at(-1);
  if (at === undefined || offsets.some((offset) => offset <= 0 || offset + INT_BYTES > sizeBytes)) {
    return false;
  }
  const bytes =
    'bytes' in source
      ? source.bytes.subarray(at, at + INT_BYTES)
      : await readBytesOf({ source: { path: source.path, start: source.start + at }, sizeBytes: INT_BYTES });
  return bytes.length === INT_BYTES && new DataView(bytes.buffer, bytes.byteOffset).getInt32(0) === keyGroupRange.end;
}
