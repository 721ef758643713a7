// Keyed backends of Flink, as its own state benchmarks open them.
package rockstate.bench.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

final class Backends {
    private static final int KEY_GROUPS = 2;
    private static final MockEnvironment ENVIRONMENT = new MockEnvironmentBuilder().build();

    private Backends() {}

    static AbstractKeyedStateBackend<Long> open(StateBackend backend, TtlTimeProvider clock) throws Exception {
        return (AbstractKeyedStateBackend<Long>)
                backend.createKeyedStateBackend(
                        new KeyedStateBackendParametersImpl<>(
                                ENVIRONMENT, new JobID(), "bench", LongSerializer.INSTANCE, KEY_GROUPS,
                                KeyGroupRange.of(0, KEY_GROUPS - 1), ENVIRONMENT.getTaskKvStateRegistry(), clock,
                                new UnregisteredMetricsGroup(), List.of(), new CloseableRegistry()));
    }

    static StateBackend of(String name, String memory, Path directory) throws Exception {
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
                new EmbeddedRocksDBStateBackend().configure(configuration, Backends.class.getClassLoader());
        backend.setDbStoragePath(Files.createDirectories(directory).toString());
        return backend;
    }
}
