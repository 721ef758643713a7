// The items of Flink's ValueStateBenchmark.
package rockstate.bench.state;

import java.util.Map;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;

final class ValueItems implements Kind<ValueState<Long>> {
    @Override
    public StateDescriptor<ValueState<Long>, ?> descriptor() {
        return new ValueStateDescriptor<>("kvState", Long.class);
    }

    @Override
    public boolean isRenewed() {
        return false;
    }

    @Override
    public void store(Access<ValueState<Long>> access, long key) throws Exception {
        access.state().update(Work.storedLong(key));
    }

    @Override
    public int digest(ValueState<Long> state) throws Exception {
        Long value = state.value();
        return value == null ? 0 : Work.bitsOf(value);
    }

    @Override
    public Map<String, Item> items(Access<ValueState<Long>> access) {
        KeyedStateBackend<Long> keyed = access.keyed();
        ValueState<Long> state = access.state();
        Work work = access.work();
        return Map.of(
                "valueUpdate", index -> {
                    long value = work.value(index);
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.update(value);
                    return Work.bitsOf(value);
                },
                "valueAdd", index -> {
                    long value = work.value(index);
                    keyed.setCurrentKey(work.newKey(index));
                    state.update(value);
                    return Work.bitsOf(value);
                },
                "valueGet", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return Work.bitsOf(state.value().longValue());
                });
    }
}
