// How the events are distributed. The defaults are those of Nexmark's standard configuration, but for the length of texts.

export interface NexmarkSettings {
  /** When the first event happens, in milliseconds since 1970. */
  readonly baseTime: number;
  /** In event time. */
  readonly eventsPerSecond: number;
  readonly personProportion: number;
  readonly auctionProportion: number;
  readonly bidProportion: number;
  /** One bid of so many is for any auction, the others are for a hot one. */
  readonly hotAuctionRatio: number;
  /** One auction of so many is of any seller, the others are of a hot one. */
  readonly hotSellersRatio: number;
  /** One bid of so many is by any bidder, the others are by a hot one. */
  readonly hotBiddersRatio: number;
  /** How many auctions are open at any time, on average. */
  readonly inFlightAuctions: number;
  /** How many of the newest people open auctions and bid. */
  readonly activePeople: number;
  /** Events of groups of this size come in another order than they happen in; 1 for none. */
  readonly outOfOrderGroupSize: number;
  /** Characters of `extra`, and of an auction's name and description. */
  readonly textLength: number;
}

export const STANDARD: NexmarkSettings = {
  baseTime: Date.UTC(2015, 6, 15),
  eventsPerSecond: 10_000,
  personProportion: 1,
  auctionProportion: 3,
  bidProportion: 46,
  hotAuctionRatio: 2,
  hotSellersRatio: 4,
  hotBiddersRatio: 4,
  inFlightAuctions: 100,
  activePeople: 1000,
  outOfOrderGroupSize: 1,
  textLength: 8,
};
