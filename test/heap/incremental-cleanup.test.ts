import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SetClock, TTL_KINDS, TTL_MS, ttl, ttlState } from '../support/ttl-states.ts';
import { withBackend } from '../support/with-backend.ts';

const hashMap = () => new HashMapStateBackend();
const KEYS = Array.from({ length: 50 }, (_, index) => `key ${index}`);
const EVERY_RECORD = ttl((builder) => builder.cleanupIncrementally(5, true).disableCleanupInBackground());

describe.each(TTL_KINDS.map((kind) => [kind.name, kind] as const))('rows of kind %s', (_name, kind) => {
  it('that have expired are removed while others are used (T234)', () =>
    withBackend(hashMap, async ({ open }) => {
      const clock = new SetClock();
      const keyed = await open({ keyType: Types.STRING, ttlTimeProvider: clock });
      const state = ttlState(keyed, kind.describe(EVERY_RECORD));
      for (const key of KEYS) {
        keyed.setCurrentKey(key);
        kind.write(state, 'a');
      }
      expect(await keyed.numKeyValueStateEntries()).toBe(KEYS.length);
      clock.now = TTL_MS + 20;
      for (const key of KEYS) {
        keyed.setCurrentKey(key);
      }
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('that have expired are removed beside a snapshot, which has them as they were (T235)', () =>
    withBackend(hashMap, async ({ open, storage }) => {
      const clock = new SetClock();
      const keyed = await open({ keyType: Types.STRING, ttlTimeProvider: clock });
      const state = ttlState(keyed, kind.describe(EVERY_RECORD));
      for (const key of KEYS) {
        keyed.setCurrentKey(key);
        kind.write(state, key);
      }
      clock.now = 50;
      const snapshot = keyed.snapshot(1, storage);
      await snapshot.captured;
      for (const key of KEYS) {
        keyed.setCurrentKey(key);
        kind.write(state, 'b');
      }
      clock.now = 2 * TTL_MS;
      for (const key of KEYS) {
        keyed.setCurrentKey(key);
      }
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
      clock.now = 60;
      const handle = await snapshot;
      const again = await open({ keyType: Types.STRING, ttlTimeProvider: clock, restore: { storage, handle } });
      const old = ttlState(again, kind.describe(EVERY_RECORD));
      const reads = KEYS.map((key) => {
        again.setCurrentKey(key);
        return kind.read(old);
      });
      expect(reads).toEqual(KEYS);
      clock.now = TTL_MS;
      for (const key of KEYS) {
        again.setCurrentKey(key);
      }
      expect(await again.numKeyValueStateEntries()).toBe(0);
    }));
});

describe('cleaning up in the background', () => {
  it.each([
    ['happens with each access by default', ttl(), 0],
    ['can be turned off', ttl((builder) => builder.disableCleanupInBackground()), 50],
  ])('%s', (_name, settings, left) =>
    withBackend(hashMap, async ({ open }) => {
      const clock = new SetClock();
      const keyed = await open({ keyType: Types.STRING, ttlTimeProvider: clock, maxParallelism: 2048 });
      const state = keyed.getState(new ValueStateDescriptor('v', Types.LONG).enableTimeToLive(settings));
      for (const key of KEYS) {
        keyed.setCurrentKey(key);
        state.update(1);
      }
      clock.now = TTL_MS;
      keyed.setCurrentKey('another');
      for (let access = 0; access < 100; access++) {
        state.value();
      }
      expect(await keyed.numKeyValueStateEntries()).toBe(left);
    }),
  );
});
