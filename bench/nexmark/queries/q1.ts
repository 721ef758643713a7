// Query 1: all bids, their prices in euros instead of dollars: auction, bidder, price, time, extra.
import type { DataStream } from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import { bidsOf, type Events } from './parts.ts';

export function q1(events: Events): DataStream<Result> {
  return bidsOf(events).map(
    (bid): Result => [bid.auction, bid.bidder, (bid.price * 908) / 1000, bid.dateTime, bid.extra],
  );
}
