// Query 0: all bids, as they are: auction, bidder, price, time, extra.
import type { DataStream } from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import { bidsOf, type Events } from './parts.ts';

export function q0(events: Events): DataStream<Result> {
  return bidsOf(events).map((bid): Result => [bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra]);
}
