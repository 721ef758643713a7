// Query 3: who in Oregon, Idaho or California sells what in category 10: name, city, state, auction.

import {
  type Collector,
  type DataStream,
  type KeyedCoProcessFunction,
  type ListState,
  ListStateDescriptor,
  type RuntimeContext,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../../lib/index.ts';
import type { Auction, Person } from '../generator/events.ts';
import type { Result } from '../results.ts';
import { auctionsOf, type Events, peopleOf } from './parts.ts';

const STATES = new Set(['OR', 'ID', 'CA']);
const CATEGORY = 10;

export function q3(events: Events): DataStream<Result> {
  const people = peopleOf(events).filter((person) => STATES.has(person.state));
  const auctions = auctionsOf(events).filter((auction) => auction.category === CATEGORY);
  return people
    .keyBy((person) => person.id, Types.LONG)
    .connect(auctions.keyBy((auction) => auction.seller, Types.LONG))
    .process(LocalItems);
}

class LocalItems implements KeyedCoProcessFunction<number, Person, Auction, Result> {
  /** Name, city, state. */
  #person!: ValueState<[string, string, string]>;
  /** Of the person, who has not come yet. */
  #waiting!: ListState<number>;

  open(context: RuntimeContext): void {
    const personType = Types.TUPLE(Types.STRING, Types.STRING, Types.STRING);
    this.#person = context.getState(new ValueStateDescriptor('person', personType));
    this.#waiting = context.getListState(new ListStateDescriptor('waiting', Types.LONG));
  }

  processElement1({ name, city, state }: Person, _: unknown, out: Collector<Result>): void {
    this.#person.update([name, city, state]);
    for (const auction of this.#waiting.get()) {
      out.collect([name, city, state, auction]);
    }
    this.#waiting.clear();
  }

  processElement2(auction: Auction, _: unknown, out: Collector<Result>): void {
    const person = this.#person.value();
    if (person === undefined) {
      this.#waiting.add(auction.id);
    } else {
      out.collect([...person, auction.id]);
    }
  }
}
