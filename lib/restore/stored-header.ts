// Reads the header that keyed state begins with.
import type { SavepointBytes, SavepointKeyGroups, SerializerLookup } from '../api/savepoint.ts';
import { type KeyedHeader, readKeyedHeader } from '../savepoint/keyed-header.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import { nameOf, readBytesOf } from './savepoint-bytes.ts';

// Beyond it, what should be a header is none.
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

/** Where rows begin, and how serializers of the program's own are laid out. */
export type HeaderReading = Pick<SavepointKeyGroups, 'offsets'> & Pick<SerializerLookup, 'forms'>;

/**
 * Rows follow the header, so it ends where the first of them is.
 *
 * @param name - of the bytes, for messages.
 * @throws SavepointFormatError or UnknownSerializerError when it can't be read.
 */
export async function readStoredHeader(
  bytes: SavepointBytes,
  { offsets, forms }: HeaderReading,
  name: string = nameOf(bytes),
): Promise<KeyedHeader> {
  const end = offsets.reduce((least, offset) => (offset > 0 && offset < least ? offset : least), bytes.sizeBytes);
  const head = await readBytesOf(bytes, Math.min(end, MAX_HEADER_BYTES));
  return readKeyedHeader(new SavepointInput(head, name), forms);
}
