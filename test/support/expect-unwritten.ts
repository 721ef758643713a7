// Checks that a write which is too large fails as such, alone, and leaves all states as they were.
import { expect } from 'vitest';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { rocksDBErrorOf } from './rocksdb-error.ts';
import { type States, small, statesOf } from './too-large-writes.ts';
import { withBackend } from './with-backend.ts';

export function expectUnwritten(write: (states: States) => unknown): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const states = statesOf(keyed);
      keyed.setCurrentKey('k');
      states.value.update(small);
      states.list.add(small);
      states.map.put(small, small);
      states.reducing.add(small);
      states.aggregating.add(small);

      const failure = rocksDBErrorOf(() => write(states));
      // Of the same tick, on the same row.
      const beside = states.list.asyncAdd(Uint8Array.of(4));
      const error = await failure;
      expect(error.code).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(error.message).toMatch(/\d+.* up to \d+ bytes long|up to \d+ bytes long.*\d+/);
      await beside;

      expect(states.value.value()).toEqual(small);
      expect(states.list.get()).toEqual([small, Uint8Array.of(4)]);
      expect(Array.from(states.map, ({ key, value }) => [key, value])).toEqual([[small, small]]);
      expect(states.reducing.get()).toEqual(small);
      expect(states.aggregating.get()).toEqual(small);
    },
  );
}
