import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SavepointPart } from '../../lib/api/savepoint.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { withDirectory } from '../support/with-db.ts';

const whole: SavepointPart = {
  uid: 'a',
  maxParallelism: 4,
  keyGroupRange: { start: 0, end: 3 },
  offsets: [0, 0, 5, 0],
  sizeBytes: 9,
};

function writes(part: Partial<SavepointPart>, text = 'some text') {
  return async (path: string): Promise<SavepointPart> => {
    await writeFile(path, text);
    return { ...whole, ...part };
  };
}

describe('a savepoint of several parts', () => {
  test('is there only when it is complete', () =>
    withDirectory(async ({ directory }) => {
      const path = join(directory, 'savepoint');
      const writer = await Savepoint.begin(path);
      await writer.add(writes({}));
      expect(await readdir(directory)).toEqual(['savepoint.part']);
      await writer.complete();
      expect(await readdir(directory)).toEqual(['savepoint']);
      expect(await readdir(path)).toHaveLength(2);
    }));

  test('has its parts in the order of their key groups, by operator', () =>
    withDirectory(async ({ directory }) => {
      const path = join(directory, 'savepoint');
      const writer = await Savepoint.begin(path, { checkpointId: 12 });
      await writer.add(writes({ keyGroupRange: { start: 2, end: 3 }, offsets: [7, 0] }));
      await writer.add(writes({ uid: 'b' }));
      await writer.add(writes({ keyGroupRange: { start: 0, end: 1 }, offsets: [0, 0] }));
      await writer.complete();
      const savepoint = await Savepoint.open(path);
      expect(savepoint.checkpointId).toBe(12);
      const [a, b] = [savepoint.operator('a'), savepoint.operator('b')];
      expect([a.parallelism, b.parallelism]).toEqual([2, 1]);
      expect((await a.keyedState()).map(({ offsets, sizeBytes }) => [offsets, sizeBytes])).toEqual([
        [[0, 0], 9],
        [[7, 0], 9],
      ]);
      expect(savepoint.operator(a.operatorId)).toBe(a);
    }));

  test.each([
    ['a key group twice', [{}, {}], "Key group 0 of 'a' is in several parts"],
    [
      'no last key group',
      [{ keyGroupRange: { start: 0, end: 2 } }],
      "Key groups 3 to 3 of 'a' are in none of the parts",
    ],
    [
      'parts of other numbers of key groups',
      [{ keyGroupRange: { start: 0, end: 1 } }, { maxParallelism: 8, keyGroupRange: { start: 2, end: 3 } }],
      'differ in maximum parallelism: 4 and 8',
    ],
  ])('is refused with %s', (_what, parts, message) =>
    withDirectory(async ({ directory }) => {
      const writer = await Savepoint.begin(join(directory, 'savepoint'));
      for (const part of parts) {
        await writer.add(writes(part));
      }
      await expect(writer.complete()).rejects.toThrow(message);
      await writer.abort();
      expect(await readdir(directory)).toEqual([]);
    }),
  );

  test('is not begun twice at once, and may be begun again', () =>
    withDirectory(async ({ directory }) => {
      const path = join(directory, 'savepoint');
      const writer = await Savepoint.begin(path);
      await expect(Savepoint.begin(path)).rejects.toThrow('is being written already');
      await writer.abort();
      const again = await Savepoint.begin(path);
      await again.complete();
      await expect(Savepoint.begin(path)).rejects.toThrow('a savepoint needs a new directory');
      expect((await Savepoint.open(path)).operators).toEqual([]);
    }));
});

describe('opening a savepoint', () => {
  test('names those that there are when it has no such operator', () =>
    withDirectory(async ({ directory }) => {
      const writer = await Savepoint.begin(join(directory, 'savepoint'), { metadataVersion: 6 });
      await writer.add(writes({ uid: 'known' }));
      await writer.complete();
      const savepoint = await Savepoint.open(join(directory, 'savepoint', '_metadata'));
      expect(() => savepoint.operator('other')).toThrow(/has no operator 'other' \([0-9a-f]{32}\); it has known\./);
    }));

  test('refuses a file that leads out of its directory', () =>
    withDirectory(async ({ directory }) => {
      const path = join(directory, 'savepoint');
      const writer = await Savepoint.begin(path);
      await writer.add(writes({}));
      await writer.complete();
      const [name] = (await readdir(path)).filter((each) => each !== '_metadata');
      await mkdir(join(directory, 'outside'));
      await rename(join(path, name as string), join(directory, 'outside', 'state'));
      await symlink(join(directory, 'outside', 'state'), join(path, name as string));
      const closed = (await Savepoint.open(path)).operator('a');
      await expect(closed.keyedState()).rejects.toMatchObject({ code: 'ERR_RESTORE' });
      const allowed = { allowedDirectories: [join(directory, 'outside')] };
      expect(await (await Savepoint.open(path, allowed)).operator('a').keyedState()).toHaveLength(1);
    }));

  test('fails where there is none', () =>
    withDirectory(async ({ directory }) => {
      await expect(Savepoint.open(join(directory, 'none'))).rejects.toMatchObject({ code: 'ERR_RESTORE' });
    }));
});
