// When values expire, and what reading them does: Flink's times, in every kind of state and every way to use it.
import { describe, expect, it } from 'vitest';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { EXPIRING_ROWS, shown, shownAlone, TTL_MS, ttlOf } from '../support/expiring-states.ts';
import { under } from '../support/per-key.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const [FIRST, SECOND, THIRD] = [5, 7, 6] as const;
const ONCE_EXPIRED = ttlOf((builder) => builder.returnExpiredIfNotCleanedUp());
const READ = ttlOf((builder) => builder.updateTtlOnReadAndWrite());

describe.each(Object.entries(BACKENDS))('values that live 100 ms on %s', (_name, create) => {
  it('are none before they are written (T223)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      expect(await backend.states(ttlOf()).read()).toEqual(shown());
      expect(await backend.rows()).toBe(0);
    }));

  it('live from being written on, through restores, and are removed by being read later (T224)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const { clock } = backend;
      await backend.states(ttlOf()).write(FIRST);
      clock.nowMs = 20;
      expect(await backend.states(ttlOf()).read()).toEqual(shownAlone(FIRST));
      await backend.restart();
      clock.nowMs = 50;
      await backend.states(ttlOf()).write(SECOND);
      await backend.restart();
      clock.nowMs = 120;
      // An element that was added to a list at 0 is not there any more; what was reduced at 50 lives on as a whole.
      expect(await backend.states(ttlOf()).read()).toEqual(
        shown({ last: SECOND, elements: [SECOND], folded: [FIRST, SECOND] }),
      );
      clock.nowMs = 170;
      await backend.states(ttlOf()).write(THIRD);
      await backend.restart();
      clock.nowMs = 220;
      expect(await backend.states(ttlOf()).read()).toEqual(shownAlone(THIRD));
      await backend.restart();
      clock.nowMs = 300;
      expect(await backend.rows()).toBe(EXPIRING_ROWS);
      expect(await backend.states(ttlOf()).read()).toEqual(shown());
      expect(await backend.rows()).toBe(0);
      expect(await backend.states(ttlOf()).read()).toEqual(shown());
    }));

  it('expire in the very millisecond', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const states = backend.states(ttlOf());
      await states.write(FIRST);
      backend.clock.nowMs = TTL_MS - 1;
      expect(await states.read()).toEqual(shownAlone(FIRST));
      backend.clock.nowMs = TTL_MS;
      expect(await states.read()).toEqual(shown());
    }));

  it('are there once more after they expired where that is asked for (T225)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const states = backend.states(ONCE_EXPIRED);
      await states.write(FIRST);
      backend.clock.nowMs = 120;
      expect(await states.read()).toEqual(shownAlone(FIRST));
      expect(await backend.rows()).toBe(0);
      expect(await states.read()).toEqual(shown());
    }));

  it('live on by being read where that is asked for (T226)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const { clock } = backend;
      await backend.states(READ).write(FIRST);
      for (const nowMs of [50, 120, 219]) {
        clock.nowMs = nowMs;
        expect(await backend.states(READ).read()).toEqual(shownAlone(FIRST));
        await backend.restart();
      }
      clock.nowMs = 319;
      expect(await backend.states(READ).read()).toEqual(shown());
      expect(await backend.rows()).toBe(0);
    }));

  it('live on by being read, and are there once more after they expired (T227)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const states = backend.states(
        ttlOf((builder) => builder.updateTtlOnReadAndWrite().returnExpiredIfNotCleanedUp()),
      );
      await states.write(FIRST);
      backend.clock.nowMs = 50;
      expect(await states.read()).toEqual(shownAlone(FIRST));
      backend.clock.nowMs = 149;
      expect(await backend.rows()).toBe(EXPIRING_ROWS);
      backend.clock.nowMs = 170;
      expect(await states.read()).toEqual(shownAlone(FIRST));
      expect(await states.read()).toEqual(shown());
      expect(await backend.rows()).toBe(0);
    }));

  it('are not refreshed by being read unless that is asked for', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const states = backend.states(ttlOf());
      await states.write(FIRST);
      backend.clock.nowMs = 99;
      expect(await states.read()).toEqual(shownAlone(FIRST));
      backend.clock.nowMs = 101;
      expect(await states.read()).toEqual(shown());
    }));

  it.each([
    ['the largest long', 2 ** 63],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['Infinity', Number.POSITIVE_INFINITY],
  ])('never expire when %s is their time to live (T228)', (_what, ttlMs) =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const settings = ttlOf((builder) => builder, ttlMs);
      backend.clock.nowMs = 10;
      await backend.states(settings).write(FIRST);
      await backend.restart();
      backend.clock.nowMs = 50;
      expect(await backend.states(settings).read()).toEqual(shownAlone(FIRST));
      backend.clock.nowMs = Number.MAX_SAFE_INTEGER - 1;
      expect(await backend.states(settings).read()).toEqual(shownAlone(FIRST));
    }),
  );

  it('have times of their own under each key and in each namespace (T230)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const { clock } = backend;
      const write = (key: string, namespace: string, value: number) =>
        under(backend.keyed, key, () => backend.states(ttlOf()).write(value, namespace));
      const read = (key: string, namespace: string) =>
        under(backend.keyed, key, () => backend.states(ttlOf()).read(namespace));

      await write('id1', 'one', FIRST);
      await write('id1', 'two', FIRST);
      clock.nowMs = 50;
      await write('id2', 'one', SECOND);
      await write('id1', 'two', SECOND);
      clock.nowMs = 120;
      expect(await read('id1', 'one')).toEqual(shown());
      expect(await read('id2', 'one')).toEqual(shownAlone(SECOND));
      expect(await read('id1', 'two')).toEqual(shown({ last: SECOND, elements: [SECOND], folded: [FIRST, SECOND] }));
      await backend.restart();
      clock.nowMs = 170;
      await write('id1', 'one', THIRD);
      clock.nowMs = 230;
      expect(await read('id1', 'one')).toEqual(shownAlone(THIRD));
      expect(await read('id2', 'one')).toEqual(shown());
      expect(await read('id1', 'two')).toEqual(shown());
      expect(await backend.rows()).toBe(EXPIRING_ROWS);
      clock.nowMs = 300;
      expect(await read('id1', 'one')).toEqual(shown());
      expect(await backend.rows()).toBe(0);
    }));

  it('have the times of a snapshot after it was restored (T232)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const { clock } = backend;
      const write = (key: string, value: number) =>
        under(backend.keyed, key, () => backend.states(ttlOf()).write(value));
      const read = (key: string) => under(backend.keyed, key, () => backend.states(ttlOf()).read());

      clock.nowMs = 50;
      await write('k1', FIRST);
      clock.nowMs = 100;
      await write('k2', SECOND);
      const handle = await backend.keyed.snapshot(1, bench.storage);
      clock.nowMs = 170;
      await write('k1', THIRD);
      await write('k2', THIRD);
      await backend.restart({ storage: bench.storage, handle });
      clock.nowMs = 180;
      expect(await read('k1')).toEqual(shown());
      expect(await read('k2')).toEqual(shownAlone(SECOND));
    }));

  it.each([
    ['never shown', ttlOf(), [SECOND]],
    ['shown once more', ONCE_EXPIRED, [FIRST, SECOND]],
  ])('are as new when they are written after they expired, where expired ones are %s', (_what, settings, elements) =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      const states = backend.states(settings);
      await states.write(FIRST);
      backend.clock.nowMs = 200;
      await states.write(SECOND);
      backend.clock.nowMs = 210;
      expect(await states.read()).toEqual(shown({ last: SECOND, elements, folded: [SECOND] }));
    }),
  );
});
