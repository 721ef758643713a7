// Query 4: the average of the winning bids of a category, rounded down, at each time that auctions of it end: category, average.
import {
  type Collector,
  type DataStream,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type MapState,
  MapStateDescriptor,
  type OnTimerContext,
  type RuntimeContext,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../../lib/index.ts';
import type { Result } from '../results.ts';
import type { Events } from './parts.ts';
import { type WinningBid, winningBids } from './winning-bids.ts';

/** Of prices, with their count. */
type Sum = [number, number];

const SUM = Types.TUPLE<Sum>(Types.LONG, Types.LONG);

export function q4(events: Events): DataStream<Result> {
  return winningBids(events)
    .keyBy((bid) => bid.category, Types.LONG)
    .process(CategoryAverages);
}

class CategoryAverages implements KeyedProcessFunction<number, WinningBid, Result> {
  // Of all that is over.
  #total!: ValueState<Sum>;
  // By ends that time has not come to.
  #ending!: MapState<number, Sum>;

  open(context: RuntimeContext): void {
    this.#total = context.getState(new ValueStateDescriptor('total', SUM));
    this.#ending = context.getMapState(new MapStateDescriptor('ending', Types.LONG, SUM));
  }

  processElement({ price }: WinningBid, { timerService, timestamp }: KeyedProcessContext<number>): void {
    const [sum, count] = this.#ending.get(timestamp) ?? [0, 0];
    if (count === 0) {
      timerService.registerEventTimeTimer(timestamp);
    }
    this.#ending.put(timestamp, [sum + price, count + 1]);
  }

  onTimer(time: number, context: OnTimerContext<number>, out: Collector<Result>): void {
    const [sum, count] = this.#ending.get(time) ?? [0, 0];
    this.#ending.remove(time);
    const [sumBefore, countBefore] = this.#total.value() ?? [0, 0];
    const total: Sum = [sumBefore + sum, countBefore + count];
    this.#total.update(total);
    out.collect([context.getCurrentKey(), Math.floor(total[0] / total[1])]);
  }
}
