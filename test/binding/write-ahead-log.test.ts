import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { keysOf } from '../support/text.ts';
import { withDb, withDirectory } from '../support/with-db.ts';

const writeAndDie = new URL('programs/write-and-die.mjs', import.meta.url);

describe('a process that is killed', () => {
  test('loses nothing that was written, with the write-ahead log', () =>
    withDirectory(async ({ directory, open }) => {
      const outcome = await runProgram(writeAndDie, [join(directory, 'db'), 'with-log']);
      expect(outcome.signal).toBe('SIGKILL');
      expect(keysOf(await open())).toEqual(['flushed', 'not flushed']);
    }));

  test('loses what was not flushed, without the write-ahead log', () =>
    withDirectory(async ({ directory, open }) => {
      const outcome = await runProgram(writeAndDie, [join(directory, 'db'), 'without-log']);
      expect(outcome.signal).toBe('SIGKILL');
      expect(keysOf(await open())).toEqual(['flushed']);
    }));
});

describe('closing without the write-ahead log', () => {
  test('flushes first', () =>
    withDb(
      async (db, { open }) => {
        db.put('a', '1');
        await db.close();
        expect(keysOf(await open())).toEqual(['a']);
      },
      { disableWal: true },
    ));

  test('drops what was not flushed when told to avoid the flush', () =>
    withDb(
      async (db, { open }) => {
        db.put('a', '1');
        await db.flush();
        db.put('b', '2');
        await db.close();
        expect(keysOf(await open())).toEqual(['a']);
      },
      { disableWal: true, options: { avoid_flush_during_shutdown: true } },
    ));
});
