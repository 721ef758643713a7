// Rows of a state with TTL, in a database of their own: some old, some new, and compacted.
package rockstate.bench.state;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

final class ExpiringRows {
    private static final long TTL_MS = 1000;
    // Of the writes, and of compactions: what is old expires between the second and the third.
    private static final long OLD_MS = 1;
    private static final long NEW_MS = 501;
    private static final long COMPACTED_MS = 1200;

    private final AbstractKeyedStateBackend<Long> keyed;
    private final Database database;
    private long nowMs = OLD_MS;

    /** The state is filled when this returns, and in one sorted run. */
    ExpiringRows(ExpiringState kind, String expired, int entries, Path directory) throws Exception {
        keyed = Backends.open(Backends.of("rocksdb", "unmanaged", directory), () -> nowMs);
        StateDescriptor<?, ?> descriptor = kind.descriptor();
        descriptor.enableTimeToLive(ttl(!expired.equals("off")));
        State state = open(descriptor);
        database = new Database((RocksDBKeyedStateBackend<Long>) keyed, descriptor.getName());
        fill(kind, state, entries / kind.entriesPerKey(), expired);
        database.compact();
        database.settle();
        nowMs = COMPACTED_MS;
    }

    @SuppressWarnings("unchecked")
    private <S extends State> S open(StateDescriptor<?, ?> descriptor) throws Exception {
        return keyed.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, (StateDescriptor<S, ?>) descriptor);
    }

    private static StateTtlConfig ttl(boolean isFiltered) {
        StateTtlConfig.Builder builder = StateTtlConfig.newBuilder(Duration.ofMillis(TTL_MS));
        return (isFiltered ? builder.cleanupInRocksdbCompactFilter(1000) : builder.disableCleanupInBackground()).build();
    }

    // First what is old: every second key where keys have one entry, otherwise the first half of each key's entries.
    private void fill(ExpiringState kind, State state, int keys, String expired) throws Exception {
        int perKey = kind.entriesPerKey();
        for (int pass = 0; pass < 2; pass++) {
            boolean isOld = expired.equals("all") || (expired.equals("half") && pass == 0);
            nowMs = isOld ? OLD_MS : NEW_MS;
            for (int key = perKey == 1 ? pass : 0; key < keys; key += perKey == 1 ? 2 : 1) {
                keyed.setCurrentKey((long) key);
                kind.store(state, key, pass * perKey / 2, (pass + 1) * perKey / 2);
            }
        }
    }

    /** Answers milliseconds. */
    double compact() throws Exception {
        long start = System.nanoTime();
        database.compact();
        return (System.nanoTime() - start) / 1e6;
    }

    String left() {
        return database.contents();
    }

    void close() throws Exception {
        keyed.dispose();
        keyed.close();
    }
}
