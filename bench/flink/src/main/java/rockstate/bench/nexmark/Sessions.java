// Query 11: how many bids a person makes until there is none for 10 seconds: bidder, bids, start and end of the session.
package rockstate.bench.nexmark;

import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple1;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

final class Sessions {
    private Sessions() {}

    static DataStream<Tuple4<Long, Long, Long, Long>> of(DataStream<Event> events) {
        WindowFunction<Long, Tuple4<Long, Long, Long, Long>, Long, TimeWindow> counted =
                (bidder, window, counts, out) ->
                        out.collect(
                                Tuple4.of(bidder, counts.iterator().next(), window.getStart(), window.getEnd()));
        return Queries.bids(events, bid -> Tuple1.of(bid.bidder), Types.TUPLE(Types.LONG))
                .keyBy(bid -> bid.f0, Types.LONG)
                .window(EventTimeSessionWindows.withGap(Duration.ofSeconds(10)))
                .aggregate(
                        new Count<>(),
                        counted,
                        Types.LONG,
                        new TypeHint<Tuple4<Long, Long, Long, Long>>() {}.getTypeInfo());
    }
}
