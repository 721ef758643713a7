// In memory, expired rows go a few at a time whenever state is used. (RocksDB drops them when it compacts.)
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig, type StateTtlConfigBuilder } from '../../lib/config/state-ttl-config.ts';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { EXPIRING_ROWS, shown, shownAlone, TTL_MS, ttlOf } from '../support/expiring-states.ts';
import { HeldStorage } from '../support/held-storage.ts';
import { under } from '../support/per-key.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const HEAP_BACKENDS = Object.entries(BACKENDS).filter(([name]) => name.startsWith('HashMap'));
const KEYS = Array.from({ length: 30 }, (_, index) => `key ${index}`);
const EVERY_RECORD = ttlOf((builder) => builder.cleanupIncrementally(5, true));
const COUNT = 'count';

async function writeAll(backend: ExpiringBackend, settings: TtlSettings, value: number): Promise<void> {
  for (const key of KEYS) {
    await under(backend.keyed, key, () => backend.states(settings).write(value));
  }
}

/** A single value of each key, and nothing else: steps are counted by it. */
function counter(backend: ExpiringBackend, build: (builder: StateTtlConfigBuilder) => StateTtlConfigBuilder) {
  const settings = build(StateTtlConfig.newBuilder(TTL_MS)).build();
  const state = backend.keyed.getState(new ValueStateDescriptor(COUNT, Types.LONG).enableTimeToLive(settings));
  return { state, fill: () => KEYS.map((key, index) => under(backend.keyed, key, () => state.update(index))) };
}

describe.each(HEAP_BACKENDS)('cleaning up step by step on %s', (_name, create) => {
  it('removes all that has expired while each key becomes current once (T234)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench, { maxParallelism: 1 });
      await writeAll(backend, EVERY_RECORD, 1);
      expect(await backend.rows()).toBe(KEYS.length * EXPIRING_ROWS);
      backend.clock.nowMs = 120;
      for (const key of KEYS) {
        backend.keyed.setCurrentKey(key);
      }
      expect(await backend.rows()).toBe(0);
    }));

  it('leaves what lives', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      await writeAll(backend, EVERY_RECORD, 1);
      backend.clock.nowMs = 60;
      const living = KEYS.filter((_, index) => index % 3 === 0);
      for (const key of living) {
        await under(backend.keyed, key, () => backend.states(EVERY_RECORD).write(2));
      }
      backend.clock.nowMs = 120;
      for (let round = 0; round < 10; round++) {
        for (const key of KEYS) {
          backend.keyed.setCurrentKey(key);
        }
      }
      expect(await backend.rows()).toBe(living.length * EXPIRING_ROWS);
      for (const key of KEYS) {
        const found = await under(backend.keyed, key, () => backend.states(EVERY_RECORD).read());
        expect(found).toEqual(living.includes(key) ? shown({ last: 2, elements: [2], folded: [1, 2] }) : shown());
      }
    }));

  it('takes nothing from a snapshot that is under way, and goes on behind it (T235)', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench, { maxParallelism: 1 });
      await writeAll(backend, EVERY_RECORD, 1);
      const storage = new HeldStorage(bench.storage);
      const snapshot = backend.keyed.snapshot(1, storage);
      await snapshot.captured;
      backend.clock.nowMs = 50;
      await under(backend.keyed, 'key 0', () => backend.states(EVERY_RECORD).write(2));
      backend.clock.nowMs = 120;
      for (const key of KEYS) {
        backend.keyed.setCurrentKey(key);
      }
      expect(await backend.rows()).toBe(EXPIRING_ROWS);
      storage.release();
      const handle = await snapshot.completed;

      // With the clock set back, all is as it was when the snapshot was taken.
      backend.clock.nowMs = 99;
      await backend.restart(storage.source(handle));
      expect(await backend.rows()).toBe(KEYS.length * EXPIRING_ROWS);
      for (const key of ['key 0', 'key 7']) {
        const found = await under(backend.keyed, key, () => backend.states(EVERY_RECORD).read());
        expect(found).toEqual(shownAlone(1));
      }
      backend.clock.nowMs = 120;
      for (const key of KEYS) {
        backend.keyed.setCurrentKey(key);
      }
      expect(await backend.rows()).toBe(0);
    }));

  it('looks at as many rows as it is told with each access, and only then', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench, { maxParallelism: 1 });
      const { state, fill } = counter(backend, (builder) => builder.cleanupIncrementally(3, false));
      fill();
      backend.clock.nowMs = TTL_MS;
      for (const key of KEYS) {
        backend.keyed.setCurrentKey(key);
      }
      expect(await backend.rows()).toBe(KEYS.length);
      backend.keyed.setCurrentKey('never written');
      const removed: number[] = [];
      // The walk that was under way ends first; the next one goes over all rows.
      for (let left = KEYS.length, access = 0; access < KEYS.length; access++) {
        state.value();
        const rows = await backend.rows();
        removed.push(left - rows);
        left = rows;
      }
      expect(Math.max(...removed)).toBe(3);
      expect(await backend.rows()).toBe(0);
    }));

  it('happens in the background without being asked for', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench, { maxParallelism: 1 });
      const { state, fill } = counter(backend, (builder) => builder);
      fill();
      backend.clock.nowMs = TTL_MS;
      backend.keyed.setCurrentKey('never written');
      for (let access = 0; access < KEYS.length; access++) {
        state.value();
      }
      expect(await backend.rows()).toBe(0);
    }));

  it('does not happen in the background where that is turned off, unless it is asked for', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench, { maxParallelism: 1 });
      const { state, fill } = counter(backend, (builder) => builder.disableCleanupInBackground());
      fill();
      backend.clock.nowMs = TTL_MS;
      backend.keyed.setCurrentKey('never written');
      for (let access = 0; access < KEYS.length; access++) {
        state.value();
      }
      expect(await backend.rows()).toBe(KEYS.length);
    }));
});
