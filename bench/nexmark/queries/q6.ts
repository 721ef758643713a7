// Query 6: the average of the winning bids of a seller's last ten auctions, rounded down, whenever one ends: seller, average.
// Auctions that end at the same time are taken in the order of their ids.
import {
  type Collector,
  type DataStream,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type ListState,
  ListStateDescriptor,
  type OnTimerContext,
  type RuntimeContext,
  Types,
} from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import type { Events } from './parts.ts';
import { type WinningBid, winningBids } from './winning-bids.ts';

const AUCTIONS = 10;

/** Time of the end, auction, price. */
type Ending = [number, number, number];

export function q6(events: Events): DataStream<Result> {
  return winningBids(events)
    .keyBy((bid) => bid.seller, Types.LONG)
    .process(SellerAverages);
}

class SellerAverages implements KeyedProcessFunction<number, WinningBid, Result> {
  // Prices of the last auctions that are over.
  #last!: ListState<number>;
  // Auctions whose end time has not come to.
  #ending!: ListState<Ending>;

  open(context: RuntimeContext): void {
    const endingType = Types.TUPLE<Ending>(Types.LONG, Types.LONG, Types.LONG);
    this.#last = context.getListState(new ListStateDescriptor('last', Types.LONG));
    this.#ending = context.getListState(new ListStateDescriptor('ending', endingType));
  }

  processElement({ auction, price }: WinningBid, { timerService, timestamp }: KeyedProcessContext<number>): void {
    this.#ending.add([timestamp, auction, price]);
    timerService.registerEventTimeTimer(timestamp);
  }

  onTimer(time: number, context: OnTimerContext<number>, out: Collector<Result>): void {
    const ending = this.#ending.get();
    const ended = ending.filter(([end]) => end === time).sort(([, a], [, b]) => a - b);
    this.#ending.update(ending.filter(([end]) => end > time));
    let last = this.#last.get();
    for (const [, , price] of ended) {
      last = [...last, price].slice(-AUCTIONS);
      out.collect([context.getCurrentKey(), Math.floor(last.reduce((sum, each) => sum + each) / last.length)]);
    }
    this.#last.update(last);
  }
}
