// Query 8: people who registered and opened an auction in the same 10 seconds: person, name, start of the window.

import {
  type AggregateFunction,
  type Collector,
  type DataStream,
  type ProcessWindowContext,
  type TimeWindow,
  TumblingEventTimeWindows,
  Types,
} from '../../../lib/index.ts';
import type { Auction, Person } from '../generator/events.ts';
import type { Result } from '../results.ts';
import type { Events } from './parts.ts';

/** The name, empty when the person has not registered, and whether there was an auction. */
type Seen = [string, boolean];

const seen: AggregateFunction<Person | Auction, Seen, Seen> = {
  createAccumulator: () => ['', false],
  add: (act, [name, hasAuction]) => (act.kind === 'person' ? [act.name, hasAuction] : [name, true]),
  getResult: (acts) => acts,
  merge: ([name, hasAuction], [otherName, hasOtherAuction]) => [name || otherName, hasAuction || hasOtherAuction],
};

export function q8(events: Events): DataStream<Result> {
  const acts = events.filter((event) => event.kind !== 'bid') as DataStream<Person | Auction>;
  return acts
    .keyBy((act) => (act.kind === 'person' ? act.id : act.seller), Types.LONG)
    .window(TumblingEventTimeWindows.of('10 s'))
    .aggregate(seen, both, { accumulatorType: Types.TUPLE<Seen>(Types.STRING, Types.BOOLEAN) });
}

function both(
  person: number,
  { window: { start } }: ProcessWindowContext<TimeWindow>,
  [acts]: readonly Seen[],
  out: Collector<Result>,
): void {
  const [name, hasAuction] = acts as Seen;
  if (name !== '' && hasAuction) {
    out.collect([person, name, start]);
  }
}
