// Query 11: how many bids a person makes until there is none for 10 seconds: bidder, bids, start and end of the session.
import { type DataStream, EventTimeSessionWindows, Types } from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import { COUNT, withWindow } from './count.ts';
import { bidsOf, type Events } from './parts.ts';

export function q11(events: Events): DataStream<Result> {
  return bidsOf(events)
    .keyBy((bid) => bid.bidder, Types.LONG)
    .window(EventTimeSessionWindows.withGap('10 s'))
    .aggregate(COUNT, withWindow, { accumulatorType: Types.LONG });
}
