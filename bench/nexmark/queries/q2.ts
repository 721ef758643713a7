// Query 2: the bids for every 123rd auction: auction, price.
import type { DataStream } from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import { bidsOf, type Events } from './parts.ts';

export function q2(events: Events): DataStream<Result> {
  return bidsOf(events)
    .filter((bid) => bid.auction % 123 === 0)
    .map((bid): Result => [bid.auction, bid.price]);
}
