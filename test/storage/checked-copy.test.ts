import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyChecked, PIECE_BYTES, summarize } from '../../lib/storage/checked-copy.ts';

let source: string;
let target: string;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-copy-'));
  source = join(directory, 'source');
  target = join(directory, 'target');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const SIZES = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 3];

describe.each([true, false])('a copy (durable: %s)', (durable) => {
  test.each(SIZES)('of %i bytes has them all, and their size and checksum', async (size) => {
    const bytes = randomBytes(size);
    await writeFile(source, bytes);
    const expected = { sizeBytes: size, crc32: crc32(bytes) };
    expect(await copyChecked(source, target, { durable })).toEqual(expected);
    expect(bytes.equals(await readFile(target))).toBe(true);
    expect(await summarize(target)).toEqual(expected);
  });

  test('replaces nothing', async () => {
    await writeFile(source, 'new');
    await writeFile(target, 'old');
    await expect(copyChecked(source, target, { durable })).rejects.toThrow(/EEXIST/);
    expect(await readFile(target, 'utf8')).toBe('old');
  });

  test('that is cancelled fails with the reason', async () => {
    await writeFile(source, 'bytes');
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(copyChecked(source, target, { durable, signal })).rejects.toThrow('no longer wanted');
  });
});

describe('the checksum of a file', () => {
  test.each([0, 1, 15, 16, 17, 33, 63, 64, 65, 80, 127, 128, 4095, 2 * PIECE_BYTES + 5])(
    'of %i bytes is CRC-32, wherever it is read in parts',
    async (size) => {
      const bytes = randomBytes(size);
      await writeFile(source, bytes);
      expect(await summarize(source)).toEqual({ sizeBytes: size, crc32: crc32(bytes) });
    },
  );

  test('that is not there, or is no longer wanted, is an error', async () => {
    await expect(summarize(source)).rejects.toThrow(/ENOENT/);
    await expect(summarize(directory)).rejects.toThrow(/directory/i);
    await writeFile(source, 'bytes');
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(summarize(source, signal)).rejects.toThrow('no longer wanted');
  });
});
