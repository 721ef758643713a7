// Nexmark's generator: an event is a function of its number. bench/nexmark/generator/generator.ts makes the same events, and
// says more.
package rockstate.bench.nexmark;

import java.io.Serializable;

final class NexmarkGenerator implements Serializable {
    private static final int FIRST_AUCTION_ID = 1000;
    private static final int FIRST_PERSON_ID = 1000;
    private static final int FIRST_CATEGORY_ID = 10;
    private static final int CATEGORIES = 5;
    private static final int AUCTION_ID_LEAD = 10;
    private static final int PERSON_ID_LEAD = 10;
    private static final int HOT_AUCTION_BATCH = 100;
    private static final int HOT_PERSON_BATCH = 100;
    private static final long ORDER_MULTIPLIER = 953;

    private static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    private static final String[] CITIES = {
        "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"
    };
    private static final String[] FIRST_NAMES = {
        "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"
    };
    private static final String[] LAST_NAMES = {
        "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"
    };

    private static final int NAME = 1;
    private static final int LAST_NAME = 2;
    private static final int EMAIL = 3;
    private static final int EMAIL_HOST = 4;
    private static final int CREDIT_CARD = 5;
    private static final int CITY = 9;
    private static final int STATE = 10;
    private static final int EXTRA = 11;
    private static final int DESCRIPTION = 12;
    private static final int PRICE = 13;
    private static final int RESERVE = 14;
    private static final int IS_HOT = 15;
    private static final int SELLER = 16;
    private static final int CATEGORY = 17;
    private static final int LENGTH = 18;
    private static final int AUCTION = 19;
    private static final int IS_HOT_BIDDER = 20;
    private static final int BIDDER = 21;

    private final Settings settings;
    private final int total;

    NexmarkGenerator(Settings settings) {
        this.settings = settings;
        total = settings.total();
    }

    Event event(int count) {
        int number = numberOf(count);
        int offset = number % total;
        if (offset < settings.personProportion()) {
            return person(number);
        }
        return offset < settings.personProportion() + settings.auctionProportion() ? auction(number) : bid(number);
    }

    private int numberOf(int count) {
        int size = settings.outOfOrderGroupSize();
        return size == 1 ? count : count - count % size + (int) ((count * ORDER_MULTIPLIER) % size);
    }

    private long timestampOf(int number) {
        return settings.baseTime() + number * 1000L / settings.eventsPerSecond();
    }

    private Person person(int number) {
        Person person = new Person();
        person.id = lastPerson(number) + FIRST_PERSON_ID;
        person.name = pick(number, NAME, FIRST_NAMES) + " " + pick(number, LAST_NAME, LAST_NAMES);
        person.emailAddress = Draw.text(number, EMAIL, 7) + "@" + Draw.text(number, EMAIL_HOST, 5) + ".com";
        person.creditCard = creditCardOf(number);
        person.city = pick(number, CITY, CITIES);
        person.state = pick(number, STATE, STATES);
        person.dateTime = timestampOf(number);
        person.extra = Draw.text(number, EXTRA, settings.textLength());
        return person;
    }

    private Auction auction(int number) {
        Auction auction = new Auction();
        auction.id = lastAuction(number) + FIRST_AUCTION_ID;
        auction.itemName = Draw.text(number, NAME, settings.textLength());
        auction.description = Draw.text(number, DESCRIPTION, settings.textLength());
        auction.initialBid = Draw.price(number, PRICE);
        auction.reserve = auction.initialBid + Draw.price(number, RESERVE);
        auction.dateTime = timestampOf(number);
        auction.expires = auction.dateTime + auctionLength(number, auction.dateTime);
        auction.seller = seller(number) + FIRST_PERSON_ID;
        auction.category = FIRST_CATEGORY_ID + Draw.below(number, CATEGORY, CATEGORIES);
        auction.extra = Draw.text(number, EXTRA, settings.textLength());
        return auction;
    }

    private Bid bid(int number) {
        Bid bid = new Bid();
        bid.auction = auctionOfBid(number) + FIRST_AUCTION_ID;
        bid.bidder = bidder(number) + FIRST_PERSON_ID;
        bid.price = Draw.price(number, PRICE);
        bid.dateTime = timestampOf(number);
        bid.extra = Draw.text(number, EXTRA, settings.textLength());
        return bid;
    }

    private int lastPerson(int number) {
        return number / total * settings.personProportion()
                + Math.min(number % total, settings.personProportion() - 1);
    }

    private int lastAuction(int number) {
        int offset = Math.min(number % total - settings.personProportion(), settings.auctionProportion() - 1);
        int before = number / total * settings.auctionProportion();
        return offset < 0 ? before - 1 : before + offset;
    }

    private int auctionLength(int number, long dateTime) {
        int eventsAhead = settings.inFlightAuctions() * total / settings.auctionProportion();
        long horizon = timestampOf(number + eventsAhead) - dateTime;
        return 1 + Draw.below(number, LENGTH, (int) Math.max(horizon * 2, 1));
    }

    private int seller(int number) {
        if (Draw.below(number, IS_HOT, settings.hotSellersRatio()) > 0) {
            return firstOfBatch(lastPerson(number), HOT_PERSON_BATCH);
        }
        return activePerson(number, SELLER);
    }

    private int bidder(int number) {
        if (Draw.below(number, IS_HOT_BIDDER, settings.hotBiddersRatio()) > 0) {
            return firstOfBatch(lastPerson(number), HOT_PERSON_BATCH) + 1;
        }
        return activePerson(number, BIDDER);
    }

    private int activePerson(int number, int purpose) {
        int people = lastPerson(number) + 1;
        int active = Math.min(people, settings.activePeople());
        return people - active + Draw.below(number, purpose, active + PERSON_ID_LEAD);
    }

    private int auctionOfBid(int number) {
        int last = lastAuction(number);
        if (Draw.below(number, IS_HOT, settings.hotAuctionRatio()) > 0) {
            return firstOfBatch(last, HOT_AUCTION_BATCH);
        }
        int first = Math.max(last - settings.inFlightAuctions(), 0);
        return first + Draw.below(number, AUCTION, last - first + 1 + AUCTION_ID_LEAD);
    }

    private static String creditCardOf(int number) {
        StringBuilder digits = new StringBuilder().append(1000 + Draw.below(number, CREDIT_CARD, 9000));
        for (int group = 1; group < 4; group++) {
            digits.append(' ').append(1000 + Draw.below(number, CREDIT_CARD + group, 9000));
        }
        return digits.toString();
    }

    private static String pick(int number, int purpose, String[] from) {
        return from[Draw.below(number, purpose, from.length)];
    }

    private static int firstOfBatch(int last, int batch) {
        return last - last % batch;
    }
}
