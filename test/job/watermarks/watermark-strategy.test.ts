import { describe, expect, test } from 'vitest';
import { type WatermarkGenerator, WatermarkStrategy } from '../../../lib/job/watermarks/watermark-strategy.ts';

function outputs(): { readonly out: (number | 'idle')[]; emitWatermark(timestamp: number): void; markIdle(): void } {
  const out: (number | 'idle')[] = [];
  return { out, emitWatermark: (timestamp) => out.push(timestamp), markIdle: () => out.push('idle') };
}

describe('bounded out-of-orderness', () => {
  test.each([
    [WatermarkStrategy.forBoundedOutOfOrderness<number>(5), [-Infinity, 94, 94, 114]],
    [WatermarkStrategy.forBoundedOutOfOrderness<number>('1 s'), [-Infinity, -901, -901, -881]],
    [WatermarkStrategy.forMonotonousTimestamps<number>(), [-Infinity, 99, 99, 119]],
  ])('is that far behind the latest timestamp, less one', (strategy, expected) => {
    const generator = strategy.createWatermarkGenerator();
    const output = outputs();
    generator.onPeriodicEmit(output);
    generator.onEvent(0, 100, output);
    generator.onPeriodicEmit(output);
    generator.onEvent(0, 97, output);
    generator.onPeriodicEmit(output);
    generator.onEvent(0, 120, output);
    generator.onPeriodicEmit(output);
    expect(output.out).toEqual(expected);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('can not be %d', (ms) => {
    expect(() => WatermarkStrategy.forBoundedOutOfOrderness(ms)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_DURATION' }),
    );
  });
});

describe('idleness', () => {
  function idling(): { readonly generator: WatermarkGenerator<number>; at(ms: number): (number | 'idle')[] } {
    let now = 0;
    const strategy = WatermarkStrategy.forMonotonousTimestamps<number>().withIdleness(100);
    const generator = strategy.createWatermarkGenerator(() => now);
    return {
      generator,
      at(ms) {
        now = ms;
        const output = outputs();
        generator.onPeriodicEmit(output);
        return output.out;
      },
    };
  }

  test('begins when there was no record for the time, and ends with the next one', () => {
    const { at, generator } = idling();
    generator.onEvent(0, 50, outputs());
    expect([at(10), at(60), at(109)]).toEqual([[49], [49], [49]]);
    expect([at(110), at(300)]).toEqual([['idle'], ['idle']]);
    generator.onEvent(0, 60, outputs());
    expect([at(310), at(409), at(410)]).toEqual([[59], [59], ['idle']]);
  });

  test('begins without any record, too', () => {
    const { at } = idling();
    expect([at(0), at(99), at(100)]).toEqual([[-Infinity], [-Infinity], ['idle']]);
  });
});

test('timestamps are those of the records, or of the assigner', () => {
  const strategy = WatermarkStrategy.noWatermarks<{ readonly time: number }>();
  expect(strategy.createTimestampAssigner()({ time: 5 }, 3)).toBe(3);
  const assigned = strategy.withTimestampAssigner(({ time }, before) => time + before);
  expect(assigned.createTimestampAssigner()({ time: 5 }, 3)).toBe(8);
});
