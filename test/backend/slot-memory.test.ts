import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection, TaskSlot } from '../../lib/api/backend.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { leaseMemory } from '../../lib/backend/slot-memory.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { ConfigurationEntries } from '../../lib/config/configuration.ts';
import { factoryOf } from '../support/open-with-options.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { withBackend } from '../support/with-backend.ts';

const MIB = 1024 * 1024;
const MANAGED = 'state.backend.rocksdb.memory.managed';
const PER_SLOT = 'state.backend.rocksdb.memory.fixed-per-slot';
const PER_PROCESS = 'state.backend.rocksdb.memory.fixed-per-tm';
const LIMITS = { cacheBytes: 4 * MIB, writeBufferBytes: 2 * MIB };

describe('a lease', () => {
  it('shares the memory of its slot and kind, which is freed with the last one (T140)', async () => {
    const slot = {};
    const first = leaseMemory({ kind: 'managed', slot }, LIMITS);
    const second = leaseMemory({ kind: 'managed', slot }, LIMITS);
    expect(second.memory).toBe(first.memory);
    first.release();
    first.release();
    expect(second.memory.usage().cacheCapacityBytes).toBe(4 * MIB);
    second.release();
    expect(await codeOf(() => second.memory.usage())).toBe('ERR_ROCKSDB_CLOSED');
  });

  it('of slots with the same id is of the same memory, as threads have each a slot of their own', () => {
    const id = `slot-${process.pid}`;
    const leases = [{ id }, { id }, { id: `${id}-other` }].map((slot) =>
      leaseMemory({ kind: 'managed', slot }, LIMITS),
    );
    const [one, same, other] = leases.map(({ memory }) => memory);
    expect(same?.usage()).toEqual(one?.usage());
    leaseMemory({ kind: 'managed', slot: { id } }, { ...LIMITS, cacheBytes: 8 * MIB }).release();
    const larger = leaseMemory({ kind: 'managed', slot: { id } }, { ...LIMITS, cacheBytes: 8 * MIB });
    expect(larger.memory.usage().cacheCapacityBytes).toBe(4 * MIB);
    expect(other).not.toBe(one);
    for (const lease of [...leases, larger]) {
      lease.release();
    }
  });

  it('of another slot or kind has another memory, but a process has one for all its slots', () => {
    const [a, b] = [{}, {}];
    const kinds = ['managed', 'fixed-per-slot', 'fixed-per-tm'] as const;
    const leases = [a, b].map((slot) => kinds.map((kind) => leaseMemory({ kind, slot }, LIMITS)));
    const memories = leases.flat().map(({ memory }) => memory);
    expect(new Set(memories).size).toBe(5);
    expect(leases[0]?.[2]?.memory).toBe(leases[1]?.[2]?.memory);
    for (const lease of leases.flat()) {
      lease.release();
    }
  });

  it('after the last was released begins anew, with its own limits; before, limits stay', () => {
    const slot = {};
    const first = leaseMemory({ kind: 'managed', slot }, LIMITS);
    const larger = leaseMemory({ kind: 'managed', slot }, { ...LIMITS, cacheBytes: 8 * MIB });
    expect(larger.limits).toBe(LIMITS);
    first.release();
    larger.release();
    const anew = leaseMemory({ kind: 'managed', slot }, { ...LIMITS, cacheBytes: 8 * MIB });
    expect(anew.memory).not.toBe(first.memory);
    expect(anew.memory.usage().cacheCapacityBytes).toBe(8 * MIB);
    anew.release();
  });
});

type Keyed = KeyedStateBackend<string> & RocksDBInspection;
type Open = (config: ConfigurationEntries, slot?: TaskSlot) => Promise<Keyed>;

/** Backends of any configuration, all closed in the end. */
function withBackends(test: (open: Open, closeAll: () => Promise<void>) => Promise<void>): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ localDir }) => {
      const opened: Keyed[] = [];
      const closeAll = async () => {
        await Promise.all(opened.map((keyed) => keyed.close()));
      };
      const open: Open = async (config, slot) => {
        const keyed = await new EmbeddedRocksDBStateBackend()
          .configure(config)
          .createKeyedStateBackend({ keyType: Types.STRING, localDir, ...(slot && { slot }) });
        opened.push(keyed);
        return keyed;
      };
      await test(open, closeAll).finally(closeAll);
    },
  );
}

function write(keyed: Keyed, bytes: number): void {
  const state = keyed.getState(new ValueStateDescriptor('state', Types.STRING));
  keyed.setCurrentKey('a');
  state.update('x'.repeat(bytes));
}

describe('keyed backends', () => {
  const slotOf = (managedMemoryBytes: number): TaskSlot => ({ managedMemoryBytes });

  it('of one slot write into one budget (T138, T139), and of another into another', () =>
    withBackends(async (open) => {
      const slot = slotOf(30 * MIB);
      const [a, b] = [await open({}, slot), await open({}, slot)];
      const c = await open({}, slotOf(60 * MIB));
      expect(a.memoryUsage()).toEqual(b.memoryUsage());
      expect(a.memoryUsage()).toMatchObject({ cacheCapacityBytes: 25 * MIB, writeBufferCapacityBytes: 10 * MIB });
      expect(c.memoryUsage()).toMatchObject({ cacheCapacityBytes: 50 * MIB, writeBufferCapacityBytes: 20 * MIB });
      const [before = 0, beforeOfC = 0] = [b, c].map((each) => each.memoryUsage()?.writeBufferUsageBytes);
      write(a, MIB);
      expect((b.memoryUsage()?.writeBufferUsageBytes ?? 0) - before).toBeGreaterThan(MIB);
      expect(c.memoryUsage()?.writeBufferUsageBytes).toBe(beforeOfC);
    }));

  it('that name no slot share that of the process', () =>
    withBackends(async (open) => {
      const config = { 'taskmanager.memory.managed.size': '30mb' };
      const [a, b] = [await open(config), await open(config)];
      const before = b.memoryUsage()?.writeBufferUsageBytes ?? 0;
      write(a, MIB);
      expect((b.memoryUsage()?.writeBufferUsageBytes ?? 0) - before).toBeGreaterThan(MIB);
    }));

  it.each([
    ['its fixed size, before managed memory', { [PER_SLOT]: '12mb', [PER_PROCESS]: '24mb' }, 10],
    ['its managed memory, before that of the process', { [PER_PROCESS]: '24mb' }, 25],
    ['that of the process, without managed memory', { [MANAGED]: false, [PER_PROCESS]: '24mb' }, 20],
  ])('of a slot take %s', (_what, config, cacheMib) =>
    withBackends(async (open) => {
      const keyed = await open(config, slotOf(30 * MIB));
      expect(keyed.memoryUsage()?.cacheCapacityBytes).toBe(cacheMib * MIB);
    }),
  );

  it('without any share nothing', () =>
    withBackends(async (open) => {
      expect((await open({ [MANAGED]: false }, slotOf(30 * MIB))).memoryUsage()).toBeUndefined();
    }));

  it('give back all that they had charged, and free it with the last', () =>
    withBackends(async (open, closeAll) => {
      const slot = slotOf(30 * MIB);
      const watching = leaseMemory({ kind: 'managed', slot }, LIMITS);
      const keyed = await open({}, slot);
      expect(keyed.memoryUsage()?.cacheCapacityBytes).toBe(4 * MIB);
      write(keyed, MIB);
      expect(watching.memory.usage().writeBufferUsageBytes).toBeGreaterThan(MIB);
      await closeAll();
      expect(watching.memory.usage().writeBufferUsageBytes).toBe(0);
      watching.release();
      const anew = leaseMemory({ kind: 'managed', slot }, LIMITS);
      expect(anew.memory).not.toBe(watching.memory);
      anew.release();
    }));

  it('that fail to open give back their share', () =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend().setRocksDBOptions(factoryOf({ db: (o) => o.set('no_such_option', 1) })),
      async ({ open }) => {
        const slot = slotOf(30 * MIB);
        const watching = leaseMemory({ kind: 'managed', slot }, LIMITS);
        await expect(open({ keyType: Types.STRING, slot })).rejects.toThrow('no_such_option');
        watching.release();
        expect(await codeOf(() => watching.memory.usage())).toBe('ERR_ROCKSDB_CLOSED');
      },
    ));
});
