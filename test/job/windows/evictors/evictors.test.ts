import { describe, expect, it } from 'vitest';
import { CountEvictor } from '../../../../lib/job/windows/evictors/count-evictor.ts';
import { DeltaEvictor } from '../../../../lib/job/windows/evictors/delta-evictor.ts';
import type { WindowElements } from '../../../../lib/job/windows/evictors/evictor.ts';
import type { OnceEvictor } from '../../../../lib/job/windows/evictors/once-evictor.ts';
import { TimeEvictor } from '../../../../lib/job/windows/evictors/time-evictor.ts';

const elements = (...pairs: (readonly [value: number, timestamp: number])[]): WindowElements<number> =>
  pairs.map(([value, timestamp]) => ({ value, timestamp }));

const FOUR = elements([1, 10], [2, 40], [3, 20], [4, 30]);
const values = (kept: WindowElements<number>) => kept.map(({ value }) => value);

describe('an evictor', () => {
  it.each<[string, OnceEvictor<number>, number[]]>([
    ['by count keeps the last ones', CountEvictor.of(2), [3, 4]],
    ['by count keeps none of none', CountEvictor.of(0), []],
    ['by time keeps those newer than the newest less the span', TimeEvictor.of(20), [2, 4]],
    ['by time takes durations as text', TimeEvictor.of('21 ms'), [2, 3, 4]],
    ['by delta keeps those close to the last one', DeltaEvictor.of(2, (old: number, last) => last - old), [3, 4]],
  ])('%s, before the function', (_what, evictor, kept) => {
    expect(values(evictor.evictBefore(FOUR))).toEqual(kept);
    expect(evictor.evictAfter(FOUR)).toBe(FOUR);
  });

  it.each<[string, OnceEvictor<number>, number[]]>([
    ['count', CountEvictor.of(3, 'AFTER'), [2, 3, 4]],
    ['time', TimeEvictor.of(11, 'AFTER'), [2, 4]],
    ['delta', DeltaEvictor.of(3, (old: number, last) => last - old, 'AFTER'), [2, 3, 4]],
  ])('by %s drops elements after the function on request', (_what, evictor, kept) => {
    expect(evictor.evictBefore(FOUR)).toBe(FOUR);
    expect(values(evictor.evictAfter(FOUR))).toEqual(kept);
  });

  it.each<[string, OnceEvictor<number>]>([
    ['count', CountEvictor.of(4)],
    ['time', TimeEvictor.of(31)],
    ['delta', DeltaEvictor.of(4, (old: number, last) => last - old)],
  ])('by %s answers the elements themselves when all stay', (_what, evictor) => {
    expect(evictor.evictBefore(FOUR)).toBe(FOUR);
    expect(values(evictor.evictBefore([]))).toEqual([]);
  });

  it('by time keeps all where the first element has no time', () => {
    const timeless = elements([1, Number.NEGATIVE_INFINITY], [2, 100]);
    expect(TimeEvictor.of(1).evictBefore(timeless)).toBe(timeless);
  });

  it.each([-1, 1.5, Number.NaN])('by count refuses to keep %d elements', (count) => {
    expect(() => CountEvictor.of(count)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_EVICTOR' }));
  });
});
