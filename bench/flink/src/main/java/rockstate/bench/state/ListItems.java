// The items of Flink's ListStateBenchmark. What it calls listAdd replaces the list of a new key.
package rockstate.bench.state;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;

final class ListItems implements Kind<ListState<Long>> {
    @Override
    public StateDescriptor<ListState<Long>, ?> descriptor() {
        return new ListStateDescriptor<>("listState", Long.class);
    }

    @Override
    public boolean isRenewed() {
        return true;
    }

    @Override
    public void store(Access<ListState<Long>> access, long key) throws Exception {
        access.state().add(Work.storedLong(key));
    }

    @Override
    public int digest(ListState<Long> state) throws Exception {
        Iterable<Long> elements = state.get();
        return elements == null ? 0 : sumOf(elements);
    }

    @Override
    public Map<String, Item> items(Access<ListState<Long>> access) {
        KeyedStateBackend<Long> keyed = access.keyed();
        ListState<Long> state = access.state();
        Work work = access.work();
        return Map.of(
                "listUpdate", index -> {
                    Long value = work.value(index);
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.update(List.of(value));
                    return Work.bitsOf(value.longValue());
                },
                "listAdd", index -> {
                    Long value = work.value(index);
                    keyed.setCurrentKey(work.newKey(index));
                    state.update(List.of(value));
                    return Work.bitsOf(value.longValue());
                },
                "listAppend", index -> {
                    long value = work.value(index);
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.add(value);
                    return Work.bitsOf(value);
                },
                "listGet", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return sizeOf(state.get());
                },
                "listGetAndIterate", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return sumOf(state.get());
                },
                "listAddAll", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.addAll(work.list);
                    return 1;
                });
    }

    // With TTL it is no collection.
    private static int sizeOf(Iterable<Long> elements) {
        if (elements instanceof Collection<Long> collection) {
            return collection.size();
        }
        int size = 0;
        for (Long element : elements) {
            size++;
        }
        return size;
    }

    private static int sumOf(Iterable<Long> elements) {
        int sum = 0;
        for (Long element : elements) {
            sum += Work.bitsOf(element.longValue());
        }
        return sum;
    }
}
