// Query 8: people who registered and opened an auction in the same 10 seconds: person, name, start of the window.
package rockstate.bench.nexmark;

import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

final class NewUsers {
    /** A person's name, empty for an auction of theirs. */
    private static final TypeInformation<Tuple2<Long, String>> ACT = Types.TUPLE(Types.LONG, Types.STRING);

    private static final TypeInformation<Tuple2<String, Boolean>> SEEN = Types.TUPLE(Types.STRING, Types.BOOLEAN);

    private NewUsers() {}

    static DataStream<Tuple3<Long, String, Long>> of(DataStream<Event> events) {
        FlatMapFunction<Event, Tuple2<Long, String>> acts =
                (event, out) -> {
                    if (event instanceof Person person) {
                        out.collect(Tuple2.of(person.id, person.name));
                    } else if (event instanceof Auction auction) {
                        out.collect(Tuple2.of(auction.seller, ""));
                    }
                };
        WindowFunction<Tuple2<String, Boolean>, Tuple3<Long, String, Long>, Long, TimeWindow> both =
                (person, window, seen, out) -> {
                    Tuple2<String, Boolean> one = seen.iterator().next();
                    if (!one.f0.isEmpty() && one.f1) {
                        out.collect(Tuple3.of(person, one.f0, window.getStart()));
                    }
                };
        return events.flatMap(acts)
                .returns(ACT)
                .keyBy(act -> act.f0, Types.LONG)
                .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
                .aggregate(new Seen(), both, SEEN, new TypeHint<Tuple3<Long, String, Long>>() {}.getTypeInfo());
    }

    /** The name, empty when the person has not registered, and whether there was an auction. */
    private static final class Seen
            implements AggregateFunction<Tuple2<Long, String>, Tuple2<String, Boolean>, Tuple2<String, Boolean>> {
        @Override
        public Tuple2<String, Boolean> createAccumulator() {
            return Tuple2.of("", false);
        }

        @Override
        public Tuple2<String, Boolean> add(Tuple2<Long, String> act, Tuple2<String, Boolean> seen) {
            if (act.f1.isEmpty()) {
                seen.f1 = true;
            } else {
                seen.f0 = act.f1;
            }
            return seen;
        }

        @Override
        public Tuple2<String, Boolean> getResult(Tuple2<String, Boolean> seen) {
            return seen;
        }

        @Override
        public Tuple2<String, Boolean> merge(Tuple2<String, Boolean> first, Tuple2<String, Boolean> second) {
            return Tuple2.of(first.f0.isEmpty() ? second.f0 : first.f0, first.f1 || second.f1);
        }
    }
}
