// The file that makes a checkpoint complete. Two lines: what the checkpoint is as JSON, and the CRC-32 of that line:
//
//   {"format":"rockstate-checkpoint","version":2,"checkpoint":{"checkpointId":…,"handles":[…],"attachment":…}}
//   crc32:1a2b3c4d
//
// The attachment may be missing.
import { crc32 } from 'node:zlib';
import type { CompletedCheckpoint } from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';

/** Name of the file within a checkpoint. */
export const METADATA_FILE = '_metadata';

const FORMAT = 'rockstate-checkpoint';
const VERSION = 2;

export function encodeMetadata({ checkpointId, handles, attachment }: Omit<CompletedCheckpoint, 'location'>): string {
  const withoutLocation = handles.map(({ location: _, ...handle }) => handle);
  const checkpoint = { checkpointId, handles: withoutLocation, attachment };
  const body = JSON.stringify({ format: FORMAT, version: VERSION, checkpoint });
  return `${body}\ncrc32:${hex(crc32(body))}\n`;
}

/** @throws RestoreError when the text is truncated, altered, or of another format. */
export function decodeMetadata(text: string, location: string): CompletedCheckpoint {
  const [body = '', checksum = ''] = text.split('\n');
  const where = `The metadata of the checkpoint at ${location}`;
  if (!checksum.startsWith('crc32:') || !text.endsWith('\n')) {
    throw new RestoreError(`${where} is truncated: its ${text.length} characters have no checksum line at the end.`);
  }
  const expected = checksum.slice('crc32:'.length);
  const found = hex(crc32(body));
  if (found !== expected) {
    throw new RestoreError(`${where} is damaged: its checksum is ${found}, expected ${expected}.`);
  }
  const { format, version, checkpoint } = JSON.parse(body);
  if (format !== FORMAT || version !== VERSION) {
    throw new RestoreError(
      `${where} has format ${format} version ${version}; this release reads ${FORMAT} version ${VERSION}.`,
    );
  }
  const { handles, ...rest } = checkpoint as Omit<CompletedCheckpoint, 'location'>;
  return { ...rest, location, handles: handles.map((handle) => ({ ...handle, location })) };
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
