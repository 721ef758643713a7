// The kinds of state whose compaction is measured: what is stored in each, with TTL. bench/ttl-filter/kinds.ts is the same in
// TypeScript.
package rockstate.bench.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

interface ExpiringState {
    /** Entries of a map, and elements of a list. */
    int PER_KEY = 10;

    StateDescriptor<?, ?> descriptor();

    int entriesPerKey();

    /** Stores the entries from one place up to another, of the current key. */
    void store(State state, long key, int from, int to) throws Exception;

    static ExpiringState of(String kind) {
        return switch (kind) {
            case "value" -> new Values();
            case "map" -> new Maps();
            case "list-long" -> new Lists<>(Long.class, Work::storedLong);
            case "list-string" -> new Lists<>(String.class, index -> Long.toString(Work.storedLong(index)));
            default -> throw new IllegalArgumentException("Unknown: " + kind);
        };
    }

    final class Values implements ExpiringState {
        @Override
        public StateDescriptor<?, ?> descriptor() {
            return new ValueStateDescriptor<>("state", Long.class);
        }

        @Override
        public int entriesPerKey() {
            return 1;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void store(State state, long key, int from, int to) throws Exception {
            ((ValueState<Long>) state).update(Work.storedLong(key));
        }
    }

    final class Maps implements ExpiringState {
        @Override
        public StateDescriptor<?, ?> descriptor() {
            return new MapStateDescriptor<>("state", Long.class, Double.class);
        }

        @Override
        public int entriesPerKey() {
            return PER_KEY;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void store(State state, long key, int from, int to) throws Exception {
            for (int place = from; place < to; place++) {
                ((MapState<Long, Double>) state).put((long) place, Work.storedDouble(key, place));
            }
        }
    }

    record Lists<T>(Class<T> type, IntFunction<T> elementOf) implements ExpiringState {
        @Override
        public StateDescriptor<?, ?> descriptor() {
            return new ListStateDescriptor<>("state", type);
        }

        @Override
        public int entriesPerKey() {
            return PER_KEY;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void store(State state, long key, int from, int to) throws Exception {
            List<T> elements = new ArrayList<>();
            for (int place = from; place < to; place++) {
                elements.add(elementOf.apply((int) key * PER_KEY + place));
            }
            ((ListState<T>) state).addAll(elements);
        }
    }
}
