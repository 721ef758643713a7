// One state of Flink, which an item works on.
package rockstate.bench.state;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

final class OpenState<S extends State> {

    /** Nothing expires while this runs. */
    private static final Duration TTL = Duration.ofDays(10);

    private static final int DIGESTED_KEYS = 10_000;

    private final Kind<S> kind;
    private final StateDescriptor<S, ?> descriptor;
    private final Access<S> access;
    private final Kind.Item item;
    /** Null in memory. */
    private final Database database;

    private boolean isFilled;

    OpenState(Kind<S> kind, String item, boolean hasTtl, StateBackend backend, int keys) throws Exception {
        this.kind = kind;
        descriptor = kind.descriptor();
        if (hasTtl) {
            descriptor.enableTimeToLive(StateTtlConfig.newBuilder(TTL).build());
        }
        AbstractKeyedStateBackend<Long> keyed =
                Backends.open(backend, TtlTimeProvider.DEFAULT);
        S state =
                keyed.getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
        access = new Access<>(keyed, state, new Work(keys));
        this.item = kind.items(access).get(item);
        database =
                keyed instanceof RocksDBKeyedStateBackend
                        ? new Database((RocksDBKeyedStateBackend<Long>) keyed, descriptor.getName())
                        : null;
    }

    /** Begins an iteration. */
    void begin() throws Exception {
        if (!isFilled || kind.isRenewed()) {
            isFilled = true;
            for (long key = 0; key < access.work().keyCount; key++) {
                access.keyed().setCurrentKey(key);
                kind.store(access, key);
            }
            if (kind.isRenewed() && database != null) {
                database.compact();
            }
        }
        settle();
    }

    /** Answers milliseconds and a checksum. */
    String run(int first, int calls) throws Exception {
        int checksum = 0;
        long start = System.nanoTime();
        for (int index = first; index < first + calls; index++) {
            checksum += item.run(index);
        }
        return (System.nanoTime() - start) / 1e6 + " " + checksum;
    }

    /** Ends an iteration. */
    void end() throws Exception {
        if (kind.isRenewed()) {
            KeyedStateBackend<Long> keyed = access.keyed();
            keyed.applyToAllKeys(
                    VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor,
                    (key, state) -> state.clear());
            if (database == null) {
                System.gc();
            } else {
                database.compact();
            }
        }
        settle();
    }

    /** A checksum of what some of the keys have, those of the set-up and new ones. */
    int digest() throws Exception {
        Work work = access.work();
        int checksum = 0;
        for (int index = 0; index < Math.min(work.keyCount, DIGESTED_KEYS); index++) {
            for (long key : List.of(work.setUpKey(index), work.newKey(index))) {
                access.keyed().setCurrentKey(key);
                checksum = checksum * 31 + kind.digest(access.state());
            }
        }
        return checksum;
    }

    private void settle() throws Exception {
        if (database != null) {
            database.settle();
        }
    }
}
