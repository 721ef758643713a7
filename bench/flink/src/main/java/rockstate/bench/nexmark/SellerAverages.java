// Query 6: the average of the winning bids of a seller's last ten auctions, rounded down, whenever one ends: seller, average.
// Auctions that end at the same time are taken in the order of their ids.
package rockstate.bench.nexmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

final class SellerAverages
        extends KeyedProcessFunction<Long, Tuple4<Long, Long, Long, Long>, Tuple2<Long, Long>> {
    private static final int AUCTIONS = 10;

    /** Prices of the last auctions that are over. */
    private transient ListState<Long> last;

    /** End, auction and price of those whose end time has not come to. */
    private transient ListState<Tuple3<Long, Long, Long>> ending;

    static DataStream<Tuple2<Long, Long>> of(DataStream<Event> events) {
        return WinningBids.of(events)
                .keyBy(won -> won.f2, Types.LONG)
                .process(new SellerAverages(), Types.TUPLE(Types.LONG, Types.LONG));
    }

    @Override
    public void open(OpenContext context) {
        last = getRuntimeContext().getListState(new ListStateDescriptor<>("last", Types.LONG));
        ending =
                getRuntimeContext()
                        .getListState(
                                new ListStateDescriptor<>("ending", Types.TUPLE(Types.LONG, Types.LONG, Types.LONG)));
    }

    @Override
    public void processElement(
            Tuple4<Long, Long, Long, Long> won, Context context, Collector<Tuple2<Long, Long>> out) throws Exception {
        ending.add(Tuple3.of(context.timestamp(), won.f0, won.f3));
        context.timerService().registerEventTimeTimer(context.timestamp());
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Tuple2<Long, Long>> out) throws Exception {
        List<Tuple3<Long, Long, Long>> ended = new ArrayList<>();
        List<Tuple3<Long, Long, Long>> later = new ArrayList<>();
        for (Tuple3<Long, Long, Long> each : ending.get()) {
            (each.f0 == time ? ended : later).add(each);
        }
        ended.sort(Comparator.comparing(each -> each.f1));
        List<Long> prices = new ArrayList<>();
        last.get().forEach(prices::add);
        for (Tuple3<Long, Long, Long> each : ended) {
            prices.add(each.f2);
            if (prices.size() > AUCTIONS) {
                prices.remove(0);
            }
            long sum = prices.stream().mapToLong(Long::longValue).sum();
            out.collect(Tuple2.of(context.getCurrentKey(), sum / prices.size()));
        }
        ending.update(later);
        last.update(prices);
    }
}
