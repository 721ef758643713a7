import { describe, expect, test } from 'vitest';
import { addEvent, Checksum } from '../../../bench/nexmark/checksum.ts';
import type { NexmarkEvent } from '../../../bench/nexmark/generator/events.ts';
import { NexmarkGenerator } from '../../../bench/nexmark/generator/generator.ts';
import { STANDARD } from '../../../bench/nexmark/generator/settings.ts';

function firstEvents(count: number, generator = new NexmarkGenerator()): NexmarkEvent[] {
  return Array.from({ length: count }, (_, number) => generator.event(number));
}

function share<T>(values: readonly T[], holds: (value: T) => boolean): number {
  return values.filter(holds).length / values.length;
}

describe('the generator of Nexmark', () => {
  test('makes the events that NexmarkGenerator.java makes', () => {
    const checksum = new Checksum();
    for (const event of firstEvents(100_000)) {
      addEvent(checksum, event);
    }
    // What the Java program answered to { do: 'events', events: 100000 }.
    expect(checksum.bits).toBe(1_648_721_940);
  });

  test('has 1 person and 3 auctions for 46 bids, in this order, with ids that count up', () => {
    const events = firstEvents(5000);
    expect(events.slice(0, 5).map(({ kind }) => kind)).toEqual(['person', 'auction', 'auction', 'auction', 'bid']);
    const people = events.filter((event) => event.kind === 'person');
    const auctions = events.filter((event) => event.kind === 'auction');
    expect(people.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, place) => 1000 + place));
    expect(auctions.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, place) => 1000 + place));
  });

  test('lets time pass evenly', () => {
    expect(firstEvents(11).map(({ dateTime }) => dateTime - STANDARD.baseTime)).toEqual([...Array(10).fill(0), 1]);
    expect(new NexmarkGenerator({ eventsPerSecond: 100 }).event(250).dateTime).toBe(STANDARD.baseTime + 2500);
  });

  test('bids for hot auctions and by hot bidders as often as it is told to', () => {
    const bids = firstEvents(100_000).filter((event) => event.kind === 'bid');
    // Any auction and any bidder may be the hot one as well.
    expect(share(bids, ({ auction }) => auction % 100 === 0)).toBeCloseTo(1 / 2, 1);
    expect(share(bids, ({ bidder }) => bidder % 100 === 1)).toBeCloseTo(3 / 4, 1);
  });

  test('spreads prices evenly over their orders of magnitude', () => {
    const bids = firstEvents(100_000).filter((event) => event.kind === 'bid');
    for (let power = 2; power < 8; power++) {
      const from = 10 ** power;
      expect(share(bids, ({ price }) => price >= from && price < from * 10)).toBeCloseTo(1 / 6, 1);
    }
  });

  test('mixes events up within groups, and says how far time is', () => {
    const generator = new NexmarkGenerator({ outOfOrderGroupSize: 100, eventsPerSecond: 1000 });
    const events = firstEvents(1000, generator);
    const times = events.map(({ dateTime }) => dateTime);
    expect([...times].sort((a, b) => a - b)).toEqual(
      firstEvents(1000, new NexmarkGenerator({ eventsPerSecond: 1000 })).map(({ dateTime }) => dateTime),
    );
    expect(times).not.toEqual([...times].sort((a, b) => a - b));
    for (let count = 0; count < times.length; count++) {
      expect(Math.min(...times.slice(count))).toBeGreaterThan(generator.watermarkAfter(count));
    }
  });
});
