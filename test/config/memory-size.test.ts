import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMemorySize, parseMemorySize } from '../../lib/config/memory-size.ts';

describe('a memory size', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 bytes'],
    [1023, '1023 bytes'],
    [1024, '1kb'],
    [1536, '1536 bytes'],
    [67108864, '64mb'],
    [3 * 1024 ** 3, '3gb'],
    [1024 ** 4, '1tb'],
  ])('of %d is written as %s', (bytes, text) => {
    expect(formatMemorySize(bytes)).toBe(text);
  });

  it('is read back from what it was written as', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(4), (bytes, power) => {
        const rounded = Math.floor(bytes / 1024 ** power) * 1024 ** power;
        expect(parseMemorySize(formatMemorySize(rounded))).toBe(rounded);
      }),
    );
  });

  it('that is none is refused, with the text', () => {
    expect(() => parseMemorySize('12 parsecs')).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_INVALID_MEMORY_SIZE',
        message: expect.stringContaining('"12 parsecs"'),
      }),
    );
  });
});
