// The queries by their names, and the parts of the input.
package rockstate.bench.nexmark;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.streaming.api.datastream.DataStream;

final class Queries {
    private static final TypeInformation<Tuple2<Long, Long>> PAIR = Types.TUPLE(Types.LONG, Types.LONG);
    private static final TypeInformation<Tuple5<Long, Long, Long, Long, String>> BID =
            new TypeHint<Tuple5<Long, Long, Long, Long, String>>() {}.getTypeInfo();

    private static final TypeInformation<Tuple5<Long, Long, Double, Long, String>> BID_IN_EUROS =
            new TypeHint<Tuple5<Long, Long, Double, Long, String>>() {}.getTypeInfo();

    private Queries() {}

    static void add(String query, DataStream<Event> events) {
        DataStream<? extends Tuple> results =
                switch (query) {
                    case "q0" -> bids(events, Queries::all, BID);
                    case "q1" -> bids(events, Queries::inEuros, BID_IN_EUROS);
                    case "q2" ->
                            bids(events, bid -> Tuple2.of(bid.auction, bid.price), PAIR)
                                    .filter(bid -> bid.f0 % 123 == 0);
                    case "q3" -> LocalItems.of(events);
                    case "q4" -> CategoryAverages.of(events);
                    case "q5" -> HotItems.of(events);
                    case "q6" -> SellerAverages.of(events);
                    case "q7" -> HighestBids.of(events);
                    case "q8" -> NewUsers.of(events);
                    case "q11" -> Sessions.of(events);
                    default -> throw new IllegalArgumentException("There is no query " + query);
                };
        count(results);
    }

    private static <T extends Tuple> void count(DataStream<T> results) {
        results.sinkTo(new CountingSink<>());
    }

    private static Tuple5<Long, Long, Long, Long, String> all(Bid bid) {
        return Tuple5.of(bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra);
    }

    private static Tuple5<Long, Long, Double, Long, String> inEuros(Bid bid) {
        return Tuple5.of(bid.auction, bid.bidder, bid.price * 908 / 1000.0, bid.dateTime, bid.extra);
    }

    /** Auction, category, seller, and the times in which bids count. */
    static DataStream<Tuple5<Long, Long, Long, Long, Long>> auctions(DataStream<Event> events) {
        FlatMapFunction<Event, Tuple5<Long, Long, Long, Long, Long>> fields =
                (event, out) -> {
                    if (event instanceof Auction it) {
                        out.collect(Tuple5.of(it.id, it.category, it.seller, it.dateTime, it.expires));
                    }
                };
        return events.flatMap(fields).returns(new TypeHint<>() {});
    }

    /** What is made of bids, and of no other event. */
    interface OfBid<T> extends java.io.Serializable {
        T of(Bid bid);
    }

    static <T> DataStream<T> bids(DataStream<Event> events, OfBid<T> fields, TypeInformation<T> type) {
        FlatMapFunction<Event, T> only =
                (event, out) -> {
                    if (event instanceof Bid bid) {
                        out.collect(fields.of(bid));
                    }
                };
        return events.flatMap(only).returns(type);
    }
}
