// One state of Flink, which an item works on.
package rockstate.bench.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

final class OpenState<S extends State> {
    /** As in Flink's own state benchmarks. */
    private static final int KEY_GROUPS = 2;

    private static final int DIGESTED_KEYS = 10_000;

    private final MockEnvironment environment = new MockEnvironmentBuilder().build();
    private final Kind<S> kind;
    private final Access<S> access;
    private final Kind.Item item;
    /** Null in memory. */
    private final Database database;

    private boolean isFilled;

    OpenState(Kind<S> kind, String item, String backend, int keys, String memory, Path directory) throws Exception {
        this.kind = kind;
        AbstractKeyedStateBackend<Long> keyed = open(stateBackend(backend, memory, directory));
        S state =
                keyed.getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, kind.descriptor());
        access = new Access<>(keyed, state, new Work(keys));
        this.item = kind.items(access).get(item);
        database =
                keyed instanceof RocksDBKeyedStateBackend
                        ? new Database((RocksDBKeyedStateBackend<Long>) keyed, kind.descriptor().getName())
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
                    VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, kind.descriptor(),
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

    private AbstractKeyedStateBackend<Long> open(StateBackend backend) throws Exception {
        return (AbstractKeyedStateBackend<Long>)
                backend.createKeyedStateBackend(
                        new KeyedStateBackendParametersImpl<>(
                                environment, new JobID(), "bench", LongSerializer.INSTANCE, KEY_GROUPS,
                                KeyGroupRange.of(0, KEY_GROUPS - 1), environment.getTaskKvStateRegistry(),
                                TtlTimeProvider.DEFAULT, new UnregisteredMetricsGroup(), List.of(),
                                new CloseableRegistry()));
    }

    private static StateBackend stateBackend(String name, String memory, Path directory) throws Exception {
        if (name.equals("hashmap")) {
            return new HashMapStateBackend();
        }
        Configuration configuration = new Configuration();
        if (memory.equals("unmanaged")) {
            configuration.setString("state.backend.rocksdb.memory.managed", "false");
        } else {
            configuration.setString("state.backend.rocksdb.memory.fixed-per-slot", memory);
        }
        EmbeddedRocksDBStateBackend backend =
                new EmbeddedRocksDBStateBackend().configure(configuration, OpenState.class.getClassLoader());
        backend.setDbStoragePath(Files.createDirectories(directory).toString());
        return backend;
    }
}
