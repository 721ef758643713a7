import { describe, expect, test } from 'vitest';
import { GeneratorSource, type NumberRange } from '../../../lib/job/sources/generator-source.ts';
import type { SourceReader } from '../../../lib/job/sources/source.ts';
import { read } from '../../support/source-reading.ts';

const COUNT = 1000;
const ALL = Array.from({ length: COUNT }, (_, n) => n);
const source = new GeneratorSource((n) => n, { count: COUNT, timestampOf: (n) => n * 2 });

/** Polls once; answers what that puts out. */
function poll(reader: SourceReader<number, NumberRange>): number[] {
  const values: number[] = [];
  reader.pollNext({ collect: (value) => values.push(value), markIdle() {} });
  return values;
}

test('one subtask makes all records in order, with their timestamps', async () => {
  const { values, timestamps } = await read(source, source.splits({ parallelism: 1 }));
  expect(values).toEqual(ALL);
  expect(timestamps).toEqual(ALL.map((n) => 2 * n));
});

test.each([
  { from: 1, to: 3 },
  { from: 3, to: 1 },
  { from: 3, to: 2 },
  { from: 2, to: 4 },
])('ranges of $from subtasks, at different numbers, go on in $to', async ({ from, to }) => {
  const made: number[] = [];
  const ranges: NumberRange[] = [];
  for (const [index, split] of source.splits({ parallelism: from }).entries()) {
    const reader = source.createReader([split], { parallelism: from });
    for (let polls = 0; polls <= index; polls++) {
      made.push(...poll(reader));
    }
    ranges.push(...JSON.parse(JSON.stringify(reader.snapshotState(1))));
  }
  for (let index = 0; index < to; index++) {
    const { values } = await read(
      source,
      ranges.filter((_, range) => range % to === index),
    );
    made.push(...values);
  }
  expect(made.toSorted((a, b) => a - b)).toEqual(ALL);
});

test('the range that is farthest behind is read first, so that records come in the order of numbers', async () => {
  const ranges = [
    { next: 501, end: COUNT, step: 3 },
    { next: 1, end: COUNT, step: 3 },
    { next: 200, end: COUNT, step: 3 },
  ];
  const { values } = await read(source, ranges);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(new Set(values).size).toBe(values.length);
});

test('a rate is not exceeded', async () => {
  const slow = new GeneratorSource((n) => n, { count: 200, recordsPerSecond: 2000 });
  const startMs = performance.now();
  const { values } = await read(slow, slow.splits({ parallelism: 1 }));
  expect(values).toHaveLength(200);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(99);
});

describe('options that make no sense', () => {
  test.each([{ count: -1 }, { count: 1.5 }, { recordsPerSecond: 0 }, { recordsPerSecond: Number.NaN }])(
    '%j',
    (options) => {
      expect(() => new GeneratorSource((n) => n, options)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_GENERATOR', message: expect.stringContaining('received') }),
      );
    },
  );
});
