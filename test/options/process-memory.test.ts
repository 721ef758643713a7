import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Configuration, type ConfigurationEntries } from '../../lib/config/configuration.ts';
import { managedMemoryOfSlot, memoryOfMachine } from '../../lib/options/process-memory.ts';

const GIB = 1024 ** 3;
const SIZE = 'taskmanager.memory.managed.size';
const FRACTION = 'taskmanager.memory.managed.fraction';
const PROCESS = 'taskmanager.memory.process.size';
const SLOTS = 'taskmanager.numberOfTaskSlots';
// What Node.js reports of a control group without a limit.
const NO_LIMIT = 2 ** 64 - 4096;

describe('the managed memory of a slot', () => {
  it.each<[string, ConfigurationEntries, number, number, number]>([
    ['40 % of the limit of a container', {}, 64, 2, 0.8],
    ['40 % of a quarter of a machine', {}, 64, 0, 6.4],
    ['that of a machine where the group has no limit', {}, 64, NO_LIMIT / GIB, 6.4],
    ['that of a machine where the limit is the machine', {}, 64, 64, 6.4],
    ['another fraction of it', { [FRACTION]: 0.5 }, 64, 2, 1],
    ['a fraction of the size of the process', { [PROCESS]: '4gb' }, 64, 2, 1.6],
    ['a size that is given', { [SIZE]: '3gb', [FRACTION]: 0.9, [PROCESS]: '4gb' }, 64, 2, 3],
    ['a size that is given as 0', { [SIZE]: '0' }, 64, 2, 0],
    ['divided by the number of slots', { [SIZE]: '3gb', [SLOTS]: 4 }, 64, 2, 0.75],
  ])('is %s', (_what, entries, totalGib, constrainedGib, expected) => {
    const machine = { totalBytes: totalGib * GIB, constrainedBytes: constrainedGib * GIB };
    expect(managedMemoryOfSlot(new Configuration(entries), machine)).toBe(Math.floor(expected * GIB));
  });

  it('is whole bytes', () => {
    expect(managedMemoryOfSlot(new Configuration({ [SIZE]: '100b', [SLOTS]: 3 }))).toBe(33);
  });

  it('is more than nothing on this machine', () => {
    expect(memoryOfMachine().totalBytes).toBe(totalmem());
    const bytes = managedMemoryOfSlot(new Configuration());
    expect(bytes).toBeGreaterThan(10 * 1024 * 1024);
    expect(bytes).toBeLessThanOrEqual(totalmem() * 0.4);
  });

  it.each([
    [SLOTS, 0],
    [FRACTION, 1],
    [FRACTION, 0],
    [PROCESS, '0'],
    [SIZE, '-1'],
  ])('may not come from %s of %s', (key, value) => {
    expect(() => managedMemoryOfSlot(new Configuration({ [key]: value }))).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE', message: expect.stringContaining(key) }),
    );
  });
});
