// Files small enough to be kept in the metadata of a checkpoint.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { StoredFile } from '../api/checkpoint.ts';

/** The file as it goes into the metadata; `undefined` when it is larger than the threshold. */
export async function readInline(
  localPath: string,
  thresholdBytes: number,
): Promise<Pick<StoredFile, 'sizeBytes' | 'crc32' | 'inline'> | undefined> {
  if (thresholdBytes === 0 || (await stat(localPath)).size > thresholdBytes) {
    return undefined;
  }
  const bytes = await readFile(localPath);
  return { sizeBytes: bytes.length, crc32: crc32(bytes), inline: bytes.toString('base64') };
}

/** Writes it out again. The checksum of the metadata covers it. */
export async function writeInline({ inline = '' }: StoredFile, localPath: string): Promise<void> {
  await writeFile(localPath, Buffer.from(inline, 'base64'), { flag: 'wx' });
}
