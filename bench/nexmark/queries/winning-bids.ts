// The highest bid for each auction, put out at the time that it expires. A bid counts from the auction's time to that of its
// end, both included; an auction without one puts nothing out.

import {
  type Collector,
  type DataStream,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type ListState,
  ListStateDescriptor,
  type OnTimerContext,
  type RuntimeContext,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../../lib/index.ts';
import type { Auction, Bid } from '../generator/events.ts';
import { auctionsOf, bidsOf, type Events } from './parts.ts';

export interface WinningBid {
  readonly auction: number;
  readonly category: number;
  readonly seller: number;
  readonly price: number;
}

/** Category, seller, times of begin and end, and the highest price so far; 0 for none. */
type OpenAuction = [number, number, number, number, number];

/** Price and time. */
type EarlyBid = [number, number];

const OPEN_AUCTION = Types.TUPLE<OpenAuction>(Types.LONG, Types.LONG, Types.LONG, Types.LONG, Types.LONG);
const EARLY_BID = Types.TUPLE<EarlyBid>(Types.LONG, Types.LONG);

export function winningBids(events: Events): DataStream<WinningBid> {
  return auctionsOf(events)
    .keyBy((auction) => auction.id, Types.LONG)
    .connect(bidsOf(events).keyBy((bid) => bid.auction, Types.LONG))
    .process(WinningBids);
}

class WinningBids implements KeyedCoProcessFunction<number, Auction, Bid, WinningBid> {
  #open!: ValueState<OpenAuction>;
  // Bids that came before the auction.
  #early!: ListState<EarlyBid>;

  open(context: RuntimeContext): void {
    this.#open = context.getState(new ValueStateDescriptor('open', OPEN_AUCTION));
    this.#early = context.getListState(new ListStateDescriptor('early', EARLY_BID));
  }

  processElement1(auction: Auction, { timerService }: KeyedProcessContext<number>): void {
    const { category, dateTime, expires, seller } = auction;
    const early = this.#early.get();
    let highest = 0;
    for (const [price, time] of early) {
      if (time >= dateTime && time <= expires && price > highest) {
        highest = price;
      }
    }
    if (early.length > 0) {
      this.#early.clear();
    }
    this.#open.update([category, seller, dateTime, expires, highest]);
    timerService.registerEventTimeTimer(expires);
  }

  processElement2({ dateTime, price }: Bid, { timerService }: KeyedProcessContext<number>): void {
    const auction = this.#open.value();
    if (auction === undefined) {
      this.#early.add([price, dateTime]);
      timerService.registerEventTimeTimer(dateTime);
      return;
    }
    const [category, seller, begin, end, highest] = auction;
    if (dateTime >= begin && dateTime <= end && price > highest) {
      this.#open.update([category, seller, begin, end, price]);
    }
  }

  onTimer(time: number, context: OnTimerContext<number>, out: Collector<WinningBid>): void {
    const auction = this.#open.value();
    if (auction === undefined) {
      // No auction that has not come yet is as old as these bids.
      this.#early.update(this.#early.get().filter(([, bidTime]) => bidTime > time));
      return;
    }
    const [category, seller, , end, price] = auction;
    if (time === end) {
      if (price > 0) {
        out.collect({ auction: context.getCurrentKey(), category, seller, price });
      }
      this.#open.clear();
    }
  }
}
