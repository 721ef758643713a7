// Query 5: the auctions with the most bids in the last 10 seconds, every 2 seconds: auction, bids, end of the window.
import {
  type Collector,
  type DataStream,
  type ProcessWindowContext,
  SlidingEventTimeWindows,
  type TimeWindow,
  Types,
} from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import { COUNT } from './count.ts';
import { bidsOf, type Events } from './parts.ts';
import { TopOfWindow } from './top-of-window.ts';

/** Auction, bids, end of the window. */
type Counted = [number, number, number];

const COUNTED = Types.TUPLE<Counted>(Types.LONG, Types.LONG, Types.LONG);

class HottestItems extends TopOfWindow<Counted> {
  protected readonly type = COUNTED;

  protected scoreOf([, count]: Counted): number {
    return count;
  }
}

export function q5(events: Events): DataStream<Result> {
  return bidsOf(events)
    .keyBy((bid) => bid.auction, Types.LONG)
    .window(SlidingEventTimeWindows.of('10 s', '2 s'))
    .aggregate(COUNT, withWindow, { accumulatorType: Types.LONG })
    .keyBy(([, , end]) => end, Types.LONG)
    .process(HottestItems)
    .map((counted): Result => counted);
}

function withWindow(
  auction: number,
  { window: { end } }: ProcessWindowContext<TimeWindow>,
  [count]: readonly number[],
  out: Collector<Counted>,
): void {
  out.collect([auction, count as number, end]);
}
