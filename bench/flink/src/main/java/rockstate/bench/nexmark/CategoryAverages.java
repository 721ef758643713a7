// Query 4: the average of the winning bids of a category, rounded down, at each time that auctions of it end: category, average.
package rockstate.bench.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

final class CategoryAverages
        extends KeyedProcessFunction<Long, Tuple4<Long, Long, Long, Long>, Tuple2<Long, Long>> {
    private static final TypeInformation<Tuple2<Long, Long>> PAIR = Types.TUPLE(Types.LONG, Types.LONG);

    /** Sum and count of all that is over. */
    private transient ValueState<Tuple2<Long, Long>> total;

    /** Sums and counts of ends that time has not come to. */
    private transient MapState<Long, Tuple2<Long, Long>> ending;

    static DataStream<Tuple2<Long, Long>> of(DataStream<Event> events) {
        return WinningBids.of(events).keyBy(won -> won.f1, Types.LONG).process(new CategoryAverages(), PAIR);
    }

    @Override
    public void open(OpenContext context) {
        total = getRuntimeContext().getState(new ValueStateDescriptor<>("total", PAIR));
        ending = getRuntimeContext().getMapState(new MapStateDescriptor<>("ending", Types.LONG, PAIR));
    }

    @Override
    public void processElement(
            Tuple4<Long, Long, Long, Long> won, Context context, Collector<Tuple2<Long, Long>> out) throws Exception {
        long time = context.timestamp();
        Tuple2<Long, Long> sum = ending.get(time);
        if (sum == null) {
            context.timerService().registerEventTimeTimer(time);
            ending.put(time, Tuple2.of(won.f3, 1L));
        } else {
            ending.put(time, Tuple2.of(sum.f0 + won.f3, sum.f1 + 1));
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Tuple2<Long, Long>> out) throws Exception {
        Tuple2<Long, Long> ended = ending.get(time);
        ending.remove(time);
        Tuple2<Long, Long> before = total.value();
        Tuple2<Long, Long> sum =
                before == null ? ended : Tuple2.of(before.f0 + ended.f0, before.f1 + ended.f1);
        total.update(sum);
        out.collect(Tuple2.of(context.getCurrentKey(), sum.f0 / sum.f1));
    }
}
