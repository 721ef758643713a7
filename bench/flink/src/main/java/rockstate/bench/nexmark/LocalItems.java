// Query 3: who in Oregon, Idaho or California sells what in category 10: name, city, state, auction.
package rockstate.bench.nexmark;

import java.util.Set;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

final class LocalItems
        extends KeyedCoProcessFunction<
                Long,
                Tuple4<Long, String, String, String>,
                Tuple5<Long, Long, Long, Long, Long>,
                Tuple4<String, String, String, Long>> {
    private static final Set<String> STATES = Set.of("OR", "ID", "CA");
    private static final long CATEGORY = 10;
    private static final TypeInformation<Tuple4<Long, String, String, String>> PERSON =
            new TypeHint<Tuple4<Long, String, String, String>>() {}.getTypeInfo();
    private static final TypeInformation<Tuple4<String, String, String, Long>> RESULT =
            new TypeHint<Tuple4<String, String, String, Long>>() {}.getTypeInfo();

    /** Name, city, state. */
    private transient ValueState<Tuple3<String, String, String>> person;

    /** Auctions of the person, who has not come yet. */
    private transient ListState<Long> waiting;

    static DataStream<Tuple4<String, String, String, Long>> of(DataStream<Event> events) {
        FlatMapFunction<Event, Tuple4<Long, String, String, String>> local =
                (event, out) -> {
                    if (event instanceof Person it && STATES.contains(it.state)) {
                        out.collect(Tuple4.of(it.id, it.name, it.city, it.state));
                    }
                };
        return events.flatMap(local)
                .returns(PERSON)
                .keyBy(it -> it.f0, Types.LONG)
                .connect(
                        Queries.auctions(events)
                                .filter(auction -> auction.f1 == CATEGORY)
                                .keyBy(auction -> auction.f2, Types.LONG))
                .process(new LocalItems(), RESULT);
    }

    @Override
    public void open(OpenContext context) {
        person =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "person", Types.TUPLE(Types.STRING, Types.STRING, Types.STRING)));
        waiting = getRuntimeContext().getListState(new ListStateDescriptor<>("waiting", Types.LONG));
    }

    @Override
    public void processElement1(
            Tuple4<Long, String, String, String> it, Context context, Collector<Tuple4<String, String, String, Long>> out)
            throws Exception {
        person.update(Tuple3.of(it.f1, it.f2, it.f3));
        for (long auction : waiting.get()) {
            out.collect(Tuple4.of(it.f1, it.f2, it.f3, auction));
        }
        waiting.clear();
    }

    @Override
    public void processElement2(
            Tuple5<Long, Long, Long, Long, Long> auction,
            Context context,
            Collector<Tuple4<String, String, String, Long>> out)
            throws Exception {
        Tuple3<String, String, String> seller = person.value();
        if (seller == null) {
            waiting.add(auction.f0);
        } else {
            out.collect(Tuple4.of(seller.f0, seller.f1, seller.f2, auction.f0));
        }
    }
}
