import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../lib/config/duration.ts';

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [1, '1 ms'],
    [1500, '1500 ms'],
    [1000, '1 s'],
    [90_000, '90 s'],
    [600_000, '10 min'],
    [3_600_000, '1 h'],
    [30 * 86_400_000, '30 d'],
    [0.5, '500 µs'],
  ])('of %d milliseconds is written as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back from what it was written as', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.constantFrom(1, 1000, 60_000, 3_600_000, 86_400_000), (count, unit) => {
        expect(parseDuration(formatDuration(count * unit))).toBe(count * unit);
      }),
    );
  });

  it('that is none is refused, with the text', () => {
    expect(() => parseDuration('1 fortnight')).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_INVALID_DURATION',
        message: expect.stringContaining('"1 fortnight"'),
      }),
    );
  });

  it.each(['P', 'PT', 'P1DT', 'PT1H1D', 'P1Y', 'PT1.5H'])('%s is no ISO 8601 duration', (text) => {
    expect(() => parseDuration(text)).toThrow(TypeError);
  });
});
