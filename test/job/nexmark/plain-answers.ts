// What Nexmark's queries answer, worked out over an array of all events: no streams, no state, no watermarks. Results are
// in no order.
import type { Auction, Bid, NexmarkEvent, Person } from '../../../bench/nexmark/generator/events.ts';
import type { Result } from '../../../bench/nexmark/results.ts';

const WINDOW_MS = 10_000;
const SLIDE_MS = 2000;
const LAST_AUCTIONS = 10;

/** An auction that got bids, and the highest of them. */
interface Closed {
  readonly auction: Auction;
  readonly price: number;
}

export interface PlainOptions {
  /** The clock when a bid is read. */
  readonly clock?: (bid: Bid) => number;
}

export const PLAIN_ANSWERS: Readonly<
  Record<string, (events: readonly NexmarkEvent[], options: PlainOptions) => Result[]>
> = {
  q0: (events) => bidsOf(events).map((bid) => [bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra]),

  q1: (events) =>
    bidsOf(events).map((bid) => [bid.auction, bid.bidder, (bid.price * 908) / 1000, bid.dateTime, bid.extra]),

  q2: (events) =>
    bidsOf(events)
      .filter((bid) => bid.auction % 123 === 0)
      .map((bid) => [bid.auction, bid.price]),

  q3: (events) =>
    auctionsOf(events)
      .filter((auction) => auction.category === 10)
      .flatMap((auction) =>
        peopleOf(events)
          .filter((person) => person.id === auction.seller && ['OR', 'ID', 'CA'].includes(person.state))
          .map((person) => [person.name, person.city, person.state, auction.id]),
      ),

  q4: (events) =>
    groupsOf(closedAuctions(events), ({ auction }) => auction.category).flatMap((closed) =>
      [...new Set(closed.map(({ auction }) => auction.expires))].map((time) => {
        const over = closed.filter(({ auction }) => auction.expires <= time);
        return [(over[0] as Closed).auction.category, average(over)];
      }),
    ),

  q5: (events) =>
    slidingWindows(bidsOf(events)).flatMap(([end, bids]) => {
      const counts = countsOf(bids, (bid) => bid.auction);
      const most = Math.max(...counts.map(([, count]) => count));
      return counts.filter(([, count]) => count === most).map(([auction, count]) => [auction, count, end]);
    }),

  q6: (events) =>
    groupsOf(closedAuctions(events), ({ auction }) => auction.seller).flatMap((closed) =>
      closed
        .sort((a, b) => a.auction.expires - b.auction.expires || a.auction.id - b.auction.id)
        .map(({ auction }, place) => [
          auction.seller,
          average(closed.slice(Math.max(0, place + 1 - LAST_AUCTIONS), place + 1)),
        ]),
    ),

  q7: (events) =>
    groupsOf(bidsOf(events), (bid) => windowStart(bid.dateTime)).flatMap((bids) => {
      const highest = bids.reduce((price, bid) => Math.max(price, bid.price), 0);
      return bids
        .filter((bid) => bid.price === highest)
        .map((bid) => [bid.auction, bid.bidder, bid.price, bid.dateTime]);
    }),

  q8: (events) => {
    const opened = new Set(auctionsOf(events).map(({ seller, dateTime }) => `${seller} ${windowStart(dateTime)}`));
    return peopleOf(events)
      .filter(({ id, dateTime }) => opened.has(`${id} ${windowStart(dateTime)}`))
      .map(({ id, name, dateTime }) => [id, name, windowStart(dateTime)]);
  },

  q11: (events) =>
    groupsOf(bidsOf(events), (bid) => bid.bidder).flatMap((bids) =>
      sessionsOf(bids.map((bid) => bid.dateTime)).map(({ count, start, end }) => [
        (bids[0] as Bid).bidder,
        count,
        start,
        end,
      ]),
    ),

  q12: (events, { clock = ({ dateTime }) => dateTime }) =>
    countsOf(bidsOf(events), (bid) => `${bid.bidder} ${windowStart(clock(bid))}`).map(([group, count]) => {
      const [bidder, start] = group.split(' ').map(Number) as [number, number];
      return [bidder, count, start, start + WINDOW_MS];
    }),
};

function peopleOf(events: readonly NexmarkEvent[]): Person[] {
  return events.filter((event) => event.kind === 'person');
}

function auctionsOf(events: readonly NexmarkEvent[]): Auction[] {
  return events.filter((event) => event.kind === 'auction');
}

function bidsOf(events: readonly NexmarkEvent[]): Bid[] {
  return events.filter((event) => event.kind === 'bid');
}

function closedAuctions(events: readonly NexmarkEvent[]): Closed[] {
  const bids = groupBy(bidsOf(events), (bid) => bid.auction);
  return auctionsOf(events).flatMap((auction) => {
    const prices = (bids.get(auction.id) ?? [])
      .filter((bid) => bid.dateTime >= auction.dateTime && bid.dateTime <= auction.expires)
      .map((bid) => bid.price);
    return prices.length === 0 ? [] : [{ auction, price: Math.max(...prices) }];
  });
}

function average(closed: readonly Closed[]): number {
  return Math.floor(closed.reduce((sum, { price }) => sum + price, 0) / closed.length);
}

function windowStart(time: number): number {
  return time - (time % WINDOW_MS);
}

/** The bids of each window by the window's end; the first and the last windows are only partly in the input. */
function slidingWindows(bids: readonly Bid[]): [number, Bid[]][] {
  const ends = new Set(bids.flatMap(({ dateTime }) => endsOf(dateTime)));
  return [...ends].map((end) => [end, bids.filter(({ dateTime }) => dateTime >= end - WINDOW_MS && dateTime < end)]);
}

function endsOf(time: number): number[] {
  const first = time - (time % SLIDE_MS) + SLIDE_MS;
  return Array.from({ length: WINDOW_MS / SLIDE_MS }, (_, place) => first + place * SLIDE_MS);
}

function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value)) ?? [];
    groups.set(keyOf(value), group);
    group.push(value);
  }
  return groups;
}

function groupsOf<T>(values: readonly T[], keyOf: (value: T) => unknown): T[][] {
  return [...groupBy(values, keyOf).values()];
}

function countsOf<T, K>(values: readonly T[], keyOf: (value: T) => K): [K, number][] {
  return [...groupBy(values, keyOf)].map(([key, group]) => [key, group.length]);
}

interface Session {
  count: number;
  readonly start: number;
  end: number;
}

/** A time at the very end of a session still belongs to it, as windows that touch are merged. */
function sessionsOf(times: number[]): Session[] {
  const sessions: Session[] = [];
  for (const time of times.sort((a, b) => a - b)) {
    const last = sessions.at(-1);
    if (last === undefined || time > last.end) {
      sessions.push({ count: 1, start: time, end: time + WINDOW_MS });
    } else {
      last.count++;
      last.end = time + WINDOW_MS;
    }
  }
  return sessions;
}
