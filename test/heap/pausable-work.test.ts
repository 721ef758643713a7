import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doInSlices, doNow, sortedTexts } from '../../lib/heap/pausable-work.ts';
import { TimeSlice } from '../../lib/heap/time-slice.ts';

describe('sorting that can be paused', () => {
  it('gives what sort() gives, at once and in slices', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3000, size: 'max' }), async (texts) => {
        const sorted = [...texts].sort();
        expect(doNow(sortedTexts(texts))).toEqual(sorted);
        expect(await doInSlices(sortedTexts(texts), new TimeSlice())).toEqual(sorted);
      }),
      { numRuns: 20 },
    ));

  it('lets the event loop turn in between', async () => {
    const texts = Array.from({ length: 100_000 }, (_, index) => String((index * 7919) % 100_003));
    let turns = 0;
    let done = false;
    const sorting = doInSlices(sortedTexts(texts), new TimeSlice()).finally(() => {
      done = true;
    });
    while (!done) {
      turns++;
      await setImmediate();
    }
    expect(await sorting).toHaveLength(texts.length);
    expect(turns).toBeGreaterThan(5);
  });
});
