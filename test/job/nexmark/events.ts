// The events that the queries are tested with: enough time for several windows, and out of order.
import type { NexmarkEvent } from '../../../bench/nexmark/generator/events.ts';
import { NexmarkGenerator } from '../../../bench/nexmark/generator/generator.ts';

export const GENERATOR: NexmarkGenerator = new NexmarkGenerator({ eventsPerSecond: 500, outOfOrderGroupSize: 100 });

/** By how much an event may come later than one that happened after it. */
export const DELAY_MS = 200;

export const EVENTS: readonly NexmarkEvent[] = Array.from({ length: 20_000 }, (_, count) => GENERATOR.event(count));
