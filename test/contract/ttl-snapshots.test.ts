// Snapshots that leave out what has expired, and what may be done with state that expires while one is captured.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Savepoint } from '../../lib/index.ts';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { EXPIRING_ROWS, shown, shownAlone, ttlOf } from '../support/expiring-states.ts';
import { under } from '../support/per-key.ts';
import { BACKENDS, type Bench, withBackend } from '../support/with-backend.ts';

const UID = 'uid';
const READ = ttlOf((builder) => builder.updateTtlOnReadAndWrite());
const READ_EXPIRED = ttlOf((builder) => builder.updateTtlOnReadAndWrite().returnExpiredIfNotCleanedUp());
const FULL = ttlOf((builder) => builder.cleanupFullSnapshot());

/** Expired under 'old', partly so under 'both', alive under 'new'. */
async function fill(backend: ExpiringBackend, settings: typeof FULL): Promise<void> {
  const write = (key: string, value: number) => under(backend.keyed, key, () => backend.states(settings).write(value));
  await write('old', 1);
  await write('both', 1);
  backend.clock.nowMs = 60;
  await write('both', 2);
  await write('new', 2);
  backend.clock.nowMs = 120;
}

async function readAll(backend: ExpiringBackend, settings: typeof FULL): Promise<Record<string, unknown>> {
  const read = (key: string) => under(backend.keyed, key, () => backend.states(settings).read());
  return { old: await read('old'), both: await read('both'), new: await read('new') };
}

async function throughSavepoint(backend: ExpiringBackend, { directory }: Bench): Promise<void> {
  const path = join(directory, 'savepoint');
  await backend.keyed.savepoint(path, { uid: UID });
  await backend.restart((await Savepoint.open(path)).operator(UID));
}

const BOTH_WITHOUT_OLD = shown({ last: 2, elements: [2], folded: [1, 2] });
const BOTH = shown({ last: 2, elements: [1, 2], folded: [1, 2] });

describe.each(Object.entries(BACKENDS))('on %s', (name, create) => {
  const isHeap = name.startsWith('HashMap');

  it('a savepoint leaves out what has expired where that is asked for, even when the clock goes back (T231)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      await fill(backend, FULL);
      await throughSavepoint(backend, bench);
      backend.clock.nowMs = 60;
      expect(await readAll(backend, FULL)).toEqual({ old: shown(), both: BOTH_WITHOUT_OLD, new: shownAlone(2) });
      expect(await backend.rows()).toBe(2 * EXPIRING_ROWS);
    }));

  it('a savepoint keeps what has expired unless it is told otherwise', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      await fill(backend, ttlOf());
      await throughSavepoint(backend, bench);
      backend.clock.nowMs = 60;
      expect(await readAll(backend, ttlOf())).toEqual({ old: shownAlone(1), both: BOTH, new: shownAlone(2) });
    }));

  it('a checkpoint leaves it out in memory, and keeps it as one of files does in RocksDB', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      await fill(backend, FULL);
      await backend.restart();
      backend.clock.nowMs = 60;
      expect(await readAll(backend, FULL)).toEqual(
        isHeap
          ? { old: shown(), both: BOTH_WITHOUT_OLD, new: shownAlone(2) }
          : { old: shownAlone(1), both: BOTH, new: shownAlone(2) },
      );
    }));

  it('a checkpoint leaves nothing out of the state that it is taken of', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      await fill(backend, FULL);
      await backend.keyed.snapshot(1, bench.storage);
      expect(await backend.rows()).toBe(3 * EXPIRING_ROWS);
      backend.clock.nowMs = 60;
      expect(await readAll(backend, FULL)).toEqual({ old: shownAlone(1), both: BOTH, new: shownAlone(2) });
    }));

  it('state that was restored and not used goes into the next checkpoint as it is', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      await fill(backend, ttlOf());
      await backend.restart();
      await backend.restart();
      backend.clock.nowMs = 60;
      expect(await readAll(backend, ttlOf())).toEqual({ old: shownAlone(1), both: BOTH, new: shownAlone(2) });
    }));

  it.each([
    ['what lives', READ, shown()],
    ['what has expired as well', READ_EXPIRED, shownAlone(1)],
  ])('while one is captured, %s can be read, and neither it nor the state is changed by that', (_what, settings, old) =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const { clock, keyed } = backend;
      const states = backend.states(settings);
      await under(keyed, 'old', () => states.write(1));
      clock.nowMs = 60;
      await under(keyed, 'new', () => states.write(2));
      clock.nowMs = 120;
      const snapshot = keyed.snapshot(1, bench.storage);
      for (let time = 0; time < 2; time++) {
        expectShown(
          under(keyed, 'old', () => states.readNow()),
          old,
        );
        expectShown(
          under(keyed, 'new', () => states.readNow()),
          shownAlone(2),
        );
      }
      await snapshot.captured;
      expect(await backend.rows()).toBe(2 * EXPIRING_ROWS);
      clock.nowMs = 160;
      await under(keyed, 'new', () => states.read());
      expect(await backend.rows()).toBe(EXPIRING_ROWS);

      clock.nowMs = 60;
      await backend.restart({ storage: bench.storage, handle: await snapshot.completed });
      expect(await readAll(backend, ttlOf())).toEqual({ old: shownAlone(1), both: shown(), new: shownAlone(2) });
    }),
  );

  it('asynchronous reads that are begun while one is captured are not in it', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const { clock, keyed } = backend;
      const states = backend.states(READ);
      await under(keyed, 'old', () => states.write(1));
      clock.nowMs = 60;
      await under(keyed, 'new', () => states.write(2));
      clock.nowMs = 120;
      const snapshot = keyed.snapshot(1, bench.storage);
      keyed.setCurrentKey('old');
      const old = states.readTogether();
      keyed.setCurrentKey('new');
      const young = states.readTogether();
      expectShown(await old, shown());
      expectShown(await young, shownAlone(2));
      const handle = await snapshot.completed;
      clock.nowMs = 99;
      await backend.restart({ storage: bench.storage, handle });
      expect((await readAll(backend, ttlOf())).old).toEqual(shownAlone(1));
      clock.nowMs = 160;
      expect((await readAll(backend, ttlOf())).new).toEqual(shown());
    }));
});

/** @param found - of some of the ways. */
function expectShown(found: Record<string, unknown>, expected: Record<string, unknown>): void {
  expect(Object.keys(found).length).toBeGreaterThan(0);
  expect({ ...expected, ...found }).toEqual(expected);
}
