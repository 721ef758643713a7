import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDeal, shareOf } from '../../../lib/job/operator-state/shares.ts';

test('shares are even, and those that come first have one more', () => {
  const deal = { first: 0, parallelism: 3 };
  expect([0, 1, 2].map((subtask) => shareOf(8, subtask, deal))).toEqual([
    { begin: 0, end: 3 },
    { begin: 3, end: 6 },
    { begin: 6, end: 8 },
  ]);
});

test('the next state is dealt out beginning with the first who had one less', () => {
  const next = nextDeal(8, { first: 0, parallelism: 3 });
  expect(next).toEqual({ first: 2, parallelism: 3 });
  expect([2, 0, 1].map((subtask) => shareOf(2, subtask, next))).toEqual([
    { begin: 0, end: 1 },
    { begin: 1, end: 2 },
    { begin: 2, end: 2 },
  ]);
});

test('shares are neighbours in the order of subtasks from the first on, and all elements are in one', () => {
  const deals = fc
    .integer({ min: 1, max: 20 })
    .chain((parallelism) =>
      fc.record({ parallelism: fc.constant(parallelism), first: fc.integer({ min: 0, max: parallelism - 1 }) }),
    );
  fc.assert(
    fc.property(fc.nat(200), deals, (elements, deal) => {
      let next = 0;
      const sizes = Array.from({ length: deal.parallelism }, (_, turn) => {
        const { begin, end } = shareOf(elements, (deal.first + turn) % deal.parallelism, deal);
        expect(begin).toBe(next);
        next = end;
        return end - begin;
      });
      expect(next).toBe(elements);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('over several states no subtask has two more than another', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30)), fc.integer({ min: 1, max: 9 }), (states, parallelism) => {
      const totals = new Array<number>(parallelism).fill(0);
      let deal = { first: 0, parallelism };
      for (const elements of states) {
        for (const [subtask, total] of totals.entries()) {
          const { begin, end } = shareOf(elements, subtask, deal);
          totals[subtask] = total + end - begin;
        }
        deal = nextDeal(elements, deal);
      }
      expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
    }),
  );
});
