// Query 5: the auctions with the most bids in the last 10 seconds, every 2 seconds: auction, bids, end of the window.
package rockstate.bench.nexmark;

import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple1;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

final class HotItems {
    private static final TypeInformation<Tuple3<Long, Long, Long>> TYPE =
            Types.TUPLE(Types.LONG, Types.LONG, Types.LONG);

    private HotItems() {}

    static DataStream<Tuple3<Long, Long, Long>> of(DataStream<Event> events) {
        WindowFunction<Long, Tuple3<Long, Long, Long>, Long, TimeWindow> counted =
                (auction, window, counts, out) ->
                        out.collect(Tuple3.of(auction, counts.iterator().next(), window.getEnd()));
        return Queries.bids(events, bid -> Tuple1.of(bid.auction), Types.TUPLE(Types.LONG))
                .keyBy(bid -> bid.f0, Types.LONG)
                .window(SlidingEventTimeWindows.of(Duration.ofSeconds(10), Duration.ofSeconds(2)))
                .aggregate(new Count<>(), counted, Types.LONG, TYPE)
                .keyBy(count -> count.f2, Types.LONG)
                .process(new TopOfWindow<>(count -> count.f1, TYPE), TYPE);
    }
}
