// The parts of the input.

import type { DataStream } from '../../../lib/index.ts';
import type { Auction, Bid, NexmarkEvent, Person } from '../generator/events.ts';

export type Events = DataStream<NexmarkEvent>;

export function peopleOf(events: Events): DataStream<Person> {
  return events.filter((event) => event.kind === 'person') as DataStream<Person>;
}

export function auctionsOf(events: Events): DataStream<Auction> {
  return events.filter((event) => event.kind === 'auction') as DataStream<Auction>;
}

export function bidsOf(events: Events): DataStream<Bid> {
  return events.filter((event) => event.kind === 'bid') as DataStream<Bid>;
}
