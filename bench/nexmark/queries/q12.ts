// Query 12: how many bids a person makes in 10 seconds of processing time: bidder, bids, start and end of the window.
import { type DataStream, TumblingProcessingTimeWindows, Types } from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import { COUNT, withWindow } from './count.ts';
import { bidsOf, type Events } from './parts.ts';

export function q12(events: Events): DataStream<Result> {
  return bidsOf(events)
    .keyBy((bid) => bid.bidder, Types.LONG)
    .window(TumblingProcessingTimeWindows.of('10 s'))
    .aggregate(COUNT, withWindow, { accumulatorType: Types.LONG });
}
