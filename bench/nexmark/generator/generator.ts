// Nexmark's generator: an event is a function of its number, so that parts of the input can be made anywhere and again.
// NexmarkGenerator.java makes the same events in Java.
import type { Auction, Bid, NexmarkEvent, Person } from './events.ts';
import { drawBelow, drawPrice, drawText } from './random.ts';
import { type NexmarkSettings, STANDARD } from './settings.ts';

/** Numbers of events are below this. */
export const MAX_EVENTS: number = 2 ** 31 - 1;

const FIRST_AUCTION_ID = 1000;
const FIRST_PERSON_ID = 1000;
const FIRST_CATEGORY_ID = 10;
const CATEGORIES = 5;
// Auctions and people may be mentioned before they come.
const AUCTION_ID_LEAD = 10;
const PERSON_ID_LEAD = 10;
// One of so many is hot at a time.
const HOT_AUCTION_BATCH = 100;
const HOT_PERSON_BATCH = 100;
const ORDER_MULTIPLIER = 953;

const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'];
const CITIES = [
  'Phoenix',
  'Los Angeles',
  'San Francisco',
  'Boise',
  'Portland',
  'Bend',
  'Redmond',
  'Seattle',
  'Kent',
  'Cheyenne',
];
const FIRST_NAMES = ['Peter', 'Paul', 'Luke', 'John', 'Saul', 'Vicky', 'Kate', 'Julie', 'Sarah', 'Deiter', 'Walter'];
const LAST_NAMES = ['Shultz', 'Abrams', 'Spencer', 'White', 'Bartels', 'Walton', 'Smith', 'Jones', 'Noris'];

// What a random number is for. Random's text is made with 0.
const PURPOSE = {
  name: 1,
  lastName: 2,
  email: 3,
  emailHost: 4,
  creditCard: 5,
  city: 9,
  state: 10,
  extra: 11,
  description: 12,
  price: 13,
  reserve: 14,
  isHot: 15,
  seller: 16,
  category: 17,
  length: 18,
  auction: 19,
  isHotBidder: 20,
  bidder: 21,
};

export class NexmarkGenerator {
  readonly settings: NexmarkSettings;
  readonly #total: number;

  constructor(settings: Partial<NexmarkSettings> = {}) {
    this.settings = { ...STANDARD, ...settings };
    const { personProportion, auctionProportion, bidProportion } = this.settings;
    this.#total = personProportion + auctionProportion + bidProportion;
  }

  /** The event that comes after `count` others. */
  event(count: number): NexmarkEvent {
    const number = this.#numberOf(count);
    const offset = number % this.#total;
    const { personProportion, auctionProportion } = this.settings;
    if (offset < personProportion) {
      return this.#person(number);
    }
    return offset < personProportion + auctionProportion ? this.#auction(number) : this.#bid(number);
  }

  /** Nothing at or before this time comes any more after `count` events. */
  watermarkAfter(count: number): number {
    const { outOfOrderGroupSize } = this.settings;
    return this.#timestampOf(count - (count % outOfOrderGroupSize)) - 1;
  }

  #numberOf(count: number): number {
    const { outOfOrderGroupSize: size } = this.settings;
    return size === 1 ? count : count - (count % size) + ((count * ORDER_MULTIPLIER) % size);
  }

  #timestampOf(number: number): number {
    return this.settings.baseTime + Math.floor((number * 1000) / this.settings.eventsPerSecond);
  }

  #person(number: number): Person {
    const { textLength } = this.settings;
    const firstName = FIRST_NAMES[drawBelow(number, PURPOSE.name, FIRST_NAMES.length)];
    const lastName = LAST_NAMES[drawBelow(number, PURPOSE.lastName, LAST_NAMES.length)];
    return {
      kind: 'person',
      id: this.#lastPerson(number) + FIRST_PERSON_ID,
      name: `${firstName} ${lastName}`,
      emailAddress: `${drawText(number, PURPOSE.email, 7)}@${drawText(number, PURPOSE.emailHost, 5)}.com`,
      creditCard: creditCardOf(number),
      city: CITIES[drawBelow(number, PURPOSE.city, CITIES.length)] as string,
      state: STATES[drawBelow(number, PURPOSE.state, STATES.length)] as string,
      dateTime: this.#timestampOf(number),
      extra: drawText(number, PURPOSE.extra, textLength),
    };
  }

  #auction(number: number): Auction {
    const { textLength } = this.settings;
    const dateTime = this.#timestampOf(number);
    const initialBid = drawPrice(number, PURPOSE.price);
    return {
      kind: 'auction',
      id: this.#lastAuction(number) + FIRST_AUCTION_ID,
      itemName: drawText(number, PURPOSE.name, textLength),
      description: drawText(number, PURPOSE.description, textLength),
      initialBid,
      reserve: initialBid + drawPrice(number, PURPOSE.reserve),
      dateTime,
      expires: dateTime + this.#auctionLength(number, dateTime),
      seller: this.#seller(number) + FIRST_PERSON_ID,
      category: FIRST_CATEGORY_ID + drawBelow(number, PURPOSE.category, CATEGORIES),
      extra: drawText(number, PURPOSE.extra, textLength),
    };
  }

  #bid(number: number): Bid {
    return {
      kind: 'bid',
      auction: this.#auctionOfBid(number) + FIRST_AUCTION_ID,
      bidder: this.#bidder(number) + FIRST_PERSON_ID,
      price: drawPrice(number, PURPOSE.price),
      dateTime: this.#timestampOf(number),
      extra: drawText(number, PURPOSE.extra, this.settings.textLength),
    };
  }

  /** The newest person when an event happens, counted from 0; of a person, that one. */
  #lastPerson(number: number): number {
    const { personProportion } = this.settings;
    const offset = number % this.#total;
    return Math.floor(number / this.#total) * personProportion + Math.min(offset, personProportion - 1);
  }

  /** As of people; -1 before the first. */
  #lastAuction(number: number): number {
    const { personProportion, auctionProportion } = this.settings;
    const offset = Math.min((number % this.#total) - personProportion, auctionProportion - 1);
    const before = Math.floor(number / this.#total) * auctionProportion;
    return offset < 0 ? before - 1 : before + offset;
  }

  /** It is open for as long as it takes for `inFlightAuctions` more to come, on average. */
  #auctionLength(number: number, dateTime: number): number {
    const { inFlightAuctions, auctionProportion } = this.settings;
    const eventsAhead = Math.floor((inFlightAuctions * this.#total) / auctionProportion);
    const horizon = this.#timestampOf(number + eventsAhead) - dateTime;
    return 1 + drawBelow(number, PURPOSE.length, Math.max(horizon * 2, 1));
  }

  #seller(number: number): number {
    if (drawBelow(number, PURPOSE.isHot, this.settings.hotSellersRatio) > 0) {
      return firstOfBatch(this.#lastPerson(number), HOT_PERSON_BATCH);
    }
    return this.#activePerson(number, PURPOSE.seller);
  }

  #bidder(number: number): number {
    if (drawBelow(number, PURPOSE.isHotBidder, this.settings.hotBiddersRatio) > 0) {
      // Not the same person as the hot seller.
      return firstOfBatch(this.#lastPerson(number), HOT_PERSON_BATCH) + 1;
    }
    return this.#activePerson(number, PURPOSE.bidder);
  }

  #activePerson(number: number, purpose: number): number {
    const people = this.#lastPerson(number) + 1;
    const active = Math.min(people, this.settings.activePeople);
    return people - active + drawBelow(number, purpose, active + PERSON_ID_LEAD);
  }

  #auctionOfBid(number: number): number {
    const last = this.#lastAuction(number);
    if (drawBelow(number, PURPOSE.isHot, this.settings.hotAuctionRatio) > 0) {
      return firstOfBatch(last, HOT_AUCTION_BATCH);
    }
    const first = Math.max(last - this.settings.inFlightAuctions, 0);
    return first + drawBelow(number, PURPOSE.auction, last - first + 1 + AUCTION_ID_LEAD);
  }
}

function creditCardOf(number: number): string {
  let digits = String(1000 + drawBelow(number, PURPOSE.creditCard, 9000));
  for (let group = 1; group < 4; group++) {
    digits += ` ${1000 + drawBelow(number, PURPOSE.creditCard + group, 9000)}`;
  }
  return digits;
}

function firstOfBatch(last: number, batch: number): number {
  return last - (last % batch);
}
