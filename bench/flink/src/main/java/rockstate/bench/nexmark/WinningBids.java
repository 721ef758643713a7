// The highest bid for each auction, put out at the time that it expires: auction, category, seller, price. A bid counts from
// the auction's time to that of its end, both included; an auction without one puts nothing out.
package rockstate.bench.nexmark;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

final class WinningBids
        extends KeyedCoProcessFunction<
                Long, Tuple5<Long, Long, Long, Long, Long>, Tuple2<Long, Long>, Tuple4<Long, Long, Long, Long>> {
    static final TypeInformation<Tuple4<Long, Long, Long, Long>> TYPE =
            Types.TUPLE(Types.LONG, Types.LONG, Types.LONG, Types.LONG);
    private static final TypeInformation<Tuple2<Long, Long>> BID = Types.TUPLE(Types.LONG, Types.LONG);

    /** Category, seller, times, and the highest price so far; 0 for none. */
    private transient ValueState<Tuple5<Long, Long, Long, Long, Long>> open;

    /** Price and time of bids that came before the auction. */
    private transient ListState<Tuple2<Long, Long>> early;

    static DataStream<Tuple4<Long, Long, Long, Long>> of(DataStream<Event> events) {
        DataStream<Tuple2<Long, Long>> bids = Queries.bids(events, bid -> Tuple2.of(bid.auction, bid.price), BID);
        return Queries.auctions(events)
                .keyBy(auction -> auction.f0, Types.LONG)
                .connect(bids.keyBy(bid -> bid.f0, Types.LONG))
                .process(new WinningBids(), TYPE);
    }

    @Override
    public void open(OpenContext context) {
        open =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "open",
                                        Types.TUPLE(Types.LONG, Types.LONG, Types.LONG, Types.LONG, Types.LONG)));
        early = getRuntimeContext().getListState(new ListStateDescriptor<>("early", BID));
    }

    @Override
    public void processElement1(
            Tuple5<Long, Long, Long, Long, Long> auction, Context context, Collector<Tuple4<Long, Long, Long, Long>> out)
            throws Exception {
        long highest = 0;
        boolean isExpected = false;
        for (Tuple2<Long, Long> bid : early.get()) {
            isExpected = true;
            if (bid.f1 >= auction.f3 && bid.f1 <= auction.f4) {
                highest = Math.max(highest, bid.f0);
            }
        }
        if (isExpected) {
            early.clear();
        }
        open.update(Tuple5.of(auction.f1, auction.f2, auction.f3, auction.f4, highest));
        context.timerService().registerEventTimeTimer(auction.f4);
    }

    @Override
    public void processElement2(
            Tuple2<Long, Long> bid, Context context, Collector<Tuple4<Long, Long, Long, Long>> out) throws Exception {
        long time = context.timestamp();
        Tuple5<Long, Long, Long, Long, Long> auction = open.value();
        if (auction == null) {
            early.add(Tuple2.of(bid.f1, time));
            context.timerService().registerEventTimeTimer(time);
        } else if (time >= auction.f2 && time <= auction.f3 && bid.f1 > auction.f4) {
            auction.f4 = bid.f1;
            open.update(auction);
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Tuple4<Long, Long, Long, Long>> out)
            throws Exception {
        Tuple5<Long, Long, Long, Long, Long> auction = open.value();
        if (auction == null) {
            dropEarly(time);
        } else if (time == auction.f3) {
            if (auction.f4 > 0) {
                out.collect(Tuple4.of(context.getCurrentKey(), auction.f0, auction.f1, auction.f4));
            }
            open.clear();
        }
    }

    /** No auction that has not come yet is as old as these bids. */
    private void dropEarly(long time) throws Exception {
        List<Tuple2<Long, Long>> later = new ArrayList<>();
        for (Tuple2<Long, Long> bid : early.get()) {
            if (bid.f1 > time) {
                later.add(bid);
            }
        }
        early.update(later);
    }
}
