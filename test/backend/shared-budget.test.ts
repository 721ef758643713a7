// Many states on a small budget: what Flink warns of, and other bindings hang in.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { withBackend } from '../support/with-backend.ts';

const MIB = 1024 * 1024;
const BUDGET = 32 * MIB;
const STATES = 64;
const TARGET_BYTES = 10 * BUDGET;
const VALUE = 'x'.repeat(1000);
// A synchronous write may wait for RocksDB's flushes for a moment, but not for ever.
const LONGEST_STALL_MS = 5_000;
// Writers are not held back for the budget: while they outrun the flushes of a busy machine they exceed it, up to threefold.
const MOST_BYTES = 6 * BUDGET;

describe('64 states on a budget of 32 MB', () => {
  it('take ten times as much, without a stall and without growing on', { timeout: 120_000 }, () =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend().configure({ 'state.backend.rocksdb.memory.fixed-per-slot': BUDGET }),
      async ({ open }) => {
        const descriptors = Array.from(
          { length: STATES },
          (_, i) => new ValueStateDescriptor(`state-${i}`, Types.STRING),
        );
        const keyed = (await open({
          keyType: Types.LONG,
          slot: {},
          states: descriptors,
        })) as KeyedStateBackend<number> & RocksDBInspection;
        const states = descriptors.map((descriptor) => keyed.getState(descriptor));
        const rounds = Math.ceil(TARGET_BYTES / STATES / VALUE.length);
        let longestMs = 0;
        let mostBytes = 0;
        for (let round = 0; round < rounds; round++) {
          const started = performance.now();
          keyed.setCurrentKey(round);
          for (const state of states) {
            state.update(VALUE);
          }
          longestMs = Math.max(longestMs, performance.now() - started);
          mostBytes = Math.max(mostBytes, keyed.memoryUsage()?.writeBufferUsageBytes ?? Number.POSITIVE_INFINITY);
        }
        expect(longestMs).toBeLessThan(LONGEST_STALL_MS);
        expect(mostBytes).toBeGreaterThan(1 * MIB);
        expect(mostBytes).toBeLessThan(MOST_BYTES);
        expect(await keyed.localSizeBytes()).toBeGreaterThan(1 * MIB);
        keyed.setCurrentKey(rounds - 1);
        expect(states.every((state) => state.value() === VALUE)).toBe(true);
        keyed.setCurrentKey(0);
        expect(states.every((state) => state.value() === VALUE)).toBe(true);
      },
    ),
  );
});
