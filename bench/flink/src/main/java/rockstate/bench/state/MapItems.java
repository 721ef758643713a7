// The items of Flink's MapStateBenchmark.
package rockstate.bench.state;

import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;

final class MapItems implements Kind<MapState<Long, Double>> {
    @Override
    public StateDescriptor<MapState<Long, Double>, ?> descriptor() {
        return new MapStateDescriptor<>("mapState", Long.class, Double.class);
    }

    @Override
    public boolean isRenewed() {
        return false;
    }

    @Override
    public void store(Access<MapState<Long, Double>> access, long key) throws Exception {
        for (int place = 0; place < Work.MAP_KEYS; place++) {
            access.state().put(access.work().mapKey(place), Work.storedDouble(key, place));
        }
    }

    @Override
    public int digest(MapState<Long, Double> state) throws Exception {
        return sumOf(state.iterator());
    }

    @Override
    public Map<String, Item> items(Access<MapState<Long, Double>> access) {
        KeyedStateBackend<Long> keyed = access.keyed();
        MapState<Long, Double> state = access.state();
        Work work = access.work();
        return Map.ofEntries(
                Map.entry("mapUpdate", index -> {
                    double value = work.mapValue(index);
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.put(work.mapKey(index), value);
                    return Work.bitsOf(value);
                }),
                Map.entry("mapAdd", index -> {
                    double value = work.mapValue(index);
                    keyed.setCurrentKey(work.newKey(index));
                    state.put(work.mapKey(index), value);
                    return Work.bitsOf(value);
                }),
                Map.entry("mapGet", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return Work.bitsOf(state.get(work.mapKey(index)).doubleValue());
                }),
                // Half of these keys are not there.
                Map.entry("mapContains", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return state.contains(work.mapKey(index) << 1) ? 1 : 0;
                }),
                Map.entry("mapIsEmpty", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return state.isEmpty() ? 1 : 0;
                }),
                Map.entry("mapKeys", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    int sum = 0;
                    for (Long key : state.keys()) {
                        sum += Work.bitsOf(key.longValue());
                    }
                    return sum;
                }),
                Map.entry("mapValues", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    int sum = 0;
                    for (Double value : state.values()) {
                        sum += Work.bitsOf(value.doubleValue());
                    }
                    return sum;
                }),
                Map.entry("mapEntries", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return sumOf(state.entries().iterator());
                }),
                Map.entry("mapIterator", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    return sumOf(state.iterator());
                }),
                Map.entry("mapRemove", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.remove(work.mapKey(index));
                    return 1;
                }),
                Map.entry("mapPutAll", index -> {
                    keyed.setCurrentKey(work.setUpKey(index));
                    state.putAll(work.map);
                    return 1;
                }));
    }

    private static int sumOf(Iterator<Map.Entry<Long, Double>> entries) {
        int sum = 0;
        while (entries.hasNext()) {
            Map.Entry<Long, Double> entry = entries.next();
            sum += Work.bitsOf(entry.getKey().longValue()) + Work.bitsOf(entry.getValue().doubleValue());
        }
        return sum;
    }
}
