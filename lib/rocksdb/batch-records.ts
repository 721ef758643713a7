// Goes through the records of a write batch as `write-batch.ts` writes them.
import { DataInput } from '../bytes/data-input.ts';
import { HEADER_BYTES, TAG_DELETE, TAG_DELETE_RANGE, TAG_MERGE } from './batch-format.ts';

/** What a record does with its key: replaces its value (by nothing, too), adds to it, or removes all keys from it on up to another. */
export type RecordEffect = 'replaces' | 'adds' | 'removes range';

export interface BatchRecord {
  readonly effect: RecordEffect;
  readonly family: number;
  /** A view. */
  readonly key: Uint8Array;
}

export function* recordsOf(batch: Uint8Array): Generator<BatchRecord, void> {
  const input = new DataInput(batch);
  input.position = HEADER_BYTES;
  while (input.remaining > 0) {
    const tag = input.readByte();
    const family = input.readVarint();
    const key = input.viewBytes(input.readVarint());
    if (tag !== TAG_DELETE) {
      input.viewBytes(input.readVarint());
    }
    yield { effect: effectOf(tag), family, key };
  }
}

/** The families of a batch's records. */
export function familiesOf(batch: Uint8Array): Set<number> {
  const families = new Set<number>();
  for (const { family } of recordsOf(batch)) {
    families.add(family);
  }
  return families;
}

function effectOf(tag: number): RecordEffect {
  if (tag === TAG_DELETE_RANGE) {
    return 'removes range';
  }
  return tag === TAG_MERGE ? 'adds' : 'replaces';
}
