// The formulas of Flink's RocksDBMemoryControllerUtils and RocksDBOperationUtils.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arenaBlockSizeWithin,
  checkRatios,
  defaultArenaBlockSize,
  mutableLimit,
  splitMemory,
  validateArenaBlockSize,
} from '../../lib/options/managed-memory.ts';

const MIB = 1024 * 1024;

describe('a budget', () => {
  it('is split as Flink splits it (T143, T156)', () => {
    expect(splitMemory(2048, 0.5)).toEqual({ cacheBytes: 1706, writeBufferBytes: 682 });
    expect(splitMemory(123, 0.5).writeBufferBytes).toBe(41);
  });

  it('is never exceeded by memtables of one and a half times their limit, and blocks', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (total, ratio) => {
        const { cacheBytes, writeBufferBytes } = splitMemory(Math.floor(total / 2 ** 12), ratio);
        const blocks = cacheBytes - writeBufferBytes;
        expect(writeBufferBytes * 1.5 + blocks).toBeLessThanOrEqual(total / 2 ** 12 + 1);
      }),
    );
  });
});

describe('arena blocks', () => {
  it.each([
    [64 * MIB, 8 * MIB],
    [64 * MIB - 1, 8 * MIB],
    [64 * MIB + 8, 8 * MIB + 4096],
  ])('of a write buffer of %d bytes are an eighth, in whole pages (T144)', (writeBuffer, arena) => {
    expect(defaultArenaBlockSize(writeBuffer)).toBe(arena);
  });

  it('are flushed at seven eighths (T145)', () => {
    expect(mutableLimit(64 * MIB)).toBe(58720256);
  });

  it('fit below the limit or not (T146)', () => {
    expect(validateArenaBlockSize(8 * MIB, 4 * MIB)).toBe(false);
    expect(validateArenaBlockSize(8 * MIB, 12 * MIB)).toBe(true);
  });

  it('fit up to the default that the limit was made for (T147)', () => {
    const arena = defaultArenaBlockSize(56 * MIB);
    const limit = mutableLimit(Math.ceil((arena * 8) / 7));
    expect([0, arena - 1, arena, arena + 1].map((each) => validateArenaBlockSize(each, limit))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('that we choose always fit, and leave room for many states', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: MIB, max: 2 ** 40 }),
        fc.integer({ min: 4096 * 8, max: 2 ** 32 }),
        (budget, buffer) => {
          const arena = arenaBlockSizeWithin(budget, buffer);
          expect(validateArenaBlockSize(arena, mutableLimit(budget))).toBe(true);
          expect(arena % 4096).toBe(0);
          expect(arena).toBeLessThanOrEqual(MIB);
          expect(arena).toBeLessThanOrEqual(defaultArenaBlockSize(buffer));
        },
      ),
    );
    // As many memtables as this, of one block each, before the first flush.
    expect(Math.floor(mutableLimit(32 * MIB) / arenaBlockSizeWithin(32 * MIB, 64 * MIB))).toBeGreaterThanOrEqual(1024);
    expect(arenaBlockSizeWithin(2048 * MIB, 64 * MIB)).toBe(MIB);
  });
});

describe('ratios', () => {
  it('that leave no room for blocks of data are refused (T130)', () => {
    expect(() => checkRatios(0.6, 0.6)).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        code: 'ERR_INVALID_MEMORY_RATIO',
        message: expect.stringContaining('1.10'),
      }),
    );
    expect(() => checkRatios(0.75, 1 / 3)).toThrow(RangeError);
    expect(() => checkRatios(0.75, 0.33)).not.toThrow();
    expect(() => checkRatios(0.5, 0.1)).not.toThrow();
  });
});
