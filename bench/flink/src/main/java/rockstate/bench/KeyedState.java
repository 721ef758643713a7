// One keyed backend of Flink on RocksDB, with a value state of bytes, in a directory of its own.
package rockstate.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

final class KeyedState implements AutoCloseable {
    final RocksDBKeyedStateBackend<Long> keyed;
    final KeyGroupRange range;
    private final MockEnvironment environment = new MockEnvironmentBuilder().build();
    private final ValueState<byte[]> state;

    KeyedState(Path directory, KeyGroupRange range, Map<String, String> settings, List<KeyedStateHandle> handles)
            throws Exception {
        this.range = range;
        EmbeddedRocksDBStateBackend backend =
                new EmbeddedRocksDBStateBackend()
                        .configure(Configuration.fromMap(settings), KeyedState.class.getClassLoader());
        backend.setDbStoragePath(directory.toString());
        keyed =
                (RocksDBKeyedStateBackend<Long>)
                        backend.createKeyedStateBackend(
                                new KeyedStateBackendParametersImpl<>(
                                        environment, new JobID(), "bench", LongSerializer.INSTANCE, Rows.KEY_GROUPS,
                                        range, environment.getTaskKvStateRegistry(), TtlTimeProvider.DEFAULT,
                                        new UnregisteredMetricsGroup(), handles, new CloseableRegistry()));
        state =
                keyed.getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE,
                        new ValueStateDescriptor<>("value", BytePrimitiveArraySerializer.INSTANCE));
    }

    byte[] read(long key) throws Exception {
        keyed.setCurrentKey(key);
        return state.value();
    }

    void write(long key, byte[] value) throws Exception {
        keyed.setCurrentKey(key);
        state.update(value);
    }

    /** Waits for the compaction that a restore may have begun. */
    void awaitCompaction() {
        keyed.getAsyncCompactAfterRestoreFuture().ifPresent(CompletableFuture::join);
    }

    @Override
    public void close() throws Exception {
        keyed.dispose();
        keyed.close();
        environment.close();
    }
}
