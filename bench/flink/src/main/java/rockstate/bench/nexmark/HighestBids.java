// Query 7: the highest bids of each 10 seconds, several where they are equal: auction, bidder, price, time of the bid.
package rockstate.bench.nexmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

final class HighestBids {
    private static final TypeInformation<Tuple4<Long, Long, Long, Long>> BID =
            new TypeHint<Tuple4<Long, Long, Long, Long>>() {}.getTypeInfo();
    private static final TypeInformation<Tuple5<Long, Long, Long, Long, Long>> OF_WINDOW =
            new TypeHint<Tuple5<Long, Long, Long, Long, Long>>() {}.getTypeInfo();

    private HighestBids() {}

    static DataStream<Tuple4<Long, Long, Long, Long>> of(DataStream<Event> events) {
        WindowFunction<List<Tuple4<Long, Long, Long, Long>>, Tuple5<Long, Long, Long, Long, Long>, Long, TimeWindow>
                highest =
                        (auction, window, bids, out) -> {
                            for (Tuple4<Long, Long, Long, Long> bid : bids.iterator().next()) {
                                out.collect(Tuple5.of(bid.f0, bid.f1, bid.f2, bid.f3, window.getEnd()));
                            }
                        };
        return Queries.bids(events, bid -> Tuple4.of(bid.auction, bid.bidder, bid.price, bid.dateTime), BID)
                .keyBy(bid -> bid.f0, Types.LONG)
                .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
                .aggregate(new OfAuction(), highest, Types.LIST(BID), OF_WINDOW)
                .keyBy(bid -> bid.f4, Types.LONG)
                .process(new TopOfWindow<>(bid -> bid.f2, OF_WINDOW), OF_WINDOW)
                .map(bid -> Tuple4.of(bid.f0, bid.f1, bid.f2, bid.f3), BID);
    }

    /** The highest bids for one auction. */
    private static final class OfAuction
            implements AggregateFunction<
                    Tuple4<Long, Long, Long, Long>,
                    List<Tuple4<Long, Long, Long, Long>>,
                    List<Tuple4<Long, Long, Long, Long>>> {
        @Override
        public List<Tuple4<Long, Long, Long, Long>> createAccumulator() {
            return new ArrayList<>(1);
        }

        @Override
        public List<Tuple4<Long, Long, Long, Long>> add(
                Tuple4<Long, Long, Long, Long> bid, List<Tuple4<Long, Long, Long, Long>> highest) {
            int compared = highest.isEmpty() ? 1 : Long.compare(bid.f2, highest.get(0).f2);
            if (compared > 0) {
                highest.clear();
            }
            if (compared >= 0) {
                highest.add(bid);
            }
            return highest;
        }

        @Override
        public List<Tuple4<Long, Long, Long, Long>> getResult(List<Tuple4<Long, Long, Long, Long>> highest) {
            return highest;
        }

        @Override
        public List<Tuple4<Long, Long, Long, Long>> merge(
                List<Tuple4<Long, Long, Long, Long>> first, List<Tuple4<Long, Long, Long, Long>> second) {
            second.forEach(bid -> add(bid, first));
            return first;
        }
    }
}
