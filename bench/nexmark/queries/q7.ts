// Query 7: the highest bids of each 10 seconds, several where they are equal: auction, bidder, price, time of the bid.

import {
  type AggregateFunction,
  type Collector,
  type DataStream,
  type ProcessWindowContext,
  type TimeWindow,
  TumblingEventTimeWindows,
  Types,
} from '../../../lib/index.ts';
import type { Bid } from '../generator/events.ts';
import type { Result } from '../results.ts';
import { bidsOf, type Events } from './parts.ts';
import { TopOfWindow } from './top-of-window.ts';

/** Auction, bidder, price, time. */
type BidFields = [number, number, number, number];

/** With the end of the window. */
type BidOfWindow = [number, number, number, number, number];

const BID = Types.TUPLE<BidFields>(Types.LONG, Types.LONG, Types.LONG, Types.LONG);
const BID_OF_WINDOW = Types.TUPLE<BidOfWindow>(Types.LONG, Types.LONG, Types.LONG, Types.LONG, Types.LONG);

const highestOfAuction: AggregateFunction<Bid, BidFields[], BidFields[]> = {
  createAccumulator: () => [],
  add: ({ auction, bidder, dateTime, price }, highest) => withBid(highest, [auction, bidder, price, dateTime]),
  getResult: (highest) => highest,
  merge: (first, second) => second.reduce(withBid, first),
};

class HighestBids extends TopOfWindow<BidOfWindow> {
  protected readonly type = BID_OF_WINDOW;

  protected scoreOf([, , price]: BidOfWindow): number {
    return price;
  }
}

export function q7(events: Events): DataStream<Result> {
  return bidsOf(events)
    .keyBy((bid) => bid.auction, Types.LONG)
    .window(TumblingEventTimeWindows.of('10 s'))
    .aggregate(highestOfAuction, withWindow, { accumulatorType: Types.LIST(BID) })
    .keyBy(([, , , , end]) => end, Types.LONG)
    .process(HighestBids)
    .map(([auction, bidder, price, dateTime]): Result => [auction, bidder, price, dateTime]);
}

function withWindow(
  _: number,
  { window: { end } }: ProcessWindowContext<TimeWindow>,
  [highest = []]: readonly BidFields[][],
  out: Collector<BidOfWindow>,
): void {
  for (const [auction, bidder, price, dateTime] of highest) {
    out.collect([auction, bidder, price, dateTime, end]);
  }
}

function withBid(highest: BidFields[], bid: BidFields): BidFields[] {
  const [first] = highest;
  if (first === undefined || bid[2] > first[2]) {
    return [bid];
  }
  if (bid[2] === first[2]) {
    highest.push(bid);
  }
  return highest;
}
