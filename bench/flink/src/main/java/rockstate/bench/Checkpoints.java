// Checkpoints in a directory, with Flink's own storage and registry of shared files, as its job manager would use them.
package rockstate.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageAccess;

final class Checkpoints {
    private static final int INLINE_BYTES = 20 << 10;
    private static final int WRITE_BUFFER_BYTES = 4 << 10;

    private final FsCheckpointStorageAccess storage;
    private final SharedStateRegistry registry = new SharedStateRegistryImpl();
    private final TreeMap<Long, List<KeyedStateHandle>> handles = new TreeMap<>();

    Checkpoints(Path directory) throws Exception {
        storage =
                new FsCheckpointStorageAccess(
                        new org.apache.flink.core.fs.Path(directory.toUri()),
                        null, false, new JobID(), INLINE_BYTES, WRITE_BUFFER_BYTES);
        storage.initializeBaseLocationsForCheckpoint();
    }

    /** One checkpoint of several backends, one after the other, with its metadata; it is confirmed. */
    Map<String, Object> take(long id, List<KeyedState> states) throws Exception {
        long start = System.nanoTime();
        CheckpointStorageLocation location = storage.initializeLocationForCheckpoint(id);
        CheckpointStreamFactory streams =
                storage.resolveCheckpointStorageLocation(id, CheckpointStorageLocationReference.getDefault());
        List<KeyedStateHandle> taken = new ArrayList<>();
        long capturedNs = 0;
        for (KeyedState state : states) {
            long before = System.nanoTime();
            RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
                    state.keyed.snapshot(id, 0, streams, CheckpointOptions.forCheckpointWithDefaultLocation());
            capturedNs += System.nanoTime() - before;
            snapshot.run();
            taken.add(snapshot.get().getJobManagerOwnedSnapshot());
        }
        for (KeyedStateHandle handle : taken) {
            handle.registerSharedStates(registry, id);
        }
        writeMetadata(id, taken, location);
        long totalNs = System.nanoTime() - start;
        confirm(id, taken, states);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("capturedMs", capturedNs / 1e6);
        result.put("totalMs", totalNs / 1e6);
        result.put("writtenBytes", taken.stream().mapToLong(KeyedStateHandle::getCheckpointedSize).sum());
        result.put("sizeBytes", taken.stream().mapToLong(KeyedStateHandle::getStateSize).sum());
        return result;
    }

    List<KeyedStateHandle> handlesOf(long id) {
        return handles.get(id);
    }

    void discard(long id) throws Exception {
        for (KeyedStateHandle handle : handles.remove(id)) {
            handle.discardState();
        }
        registry.unregisterUnusedState(handles.isEmpty() ? Long.MAX_VALUE : handles.firstKey());
    }

    private static void writeMetadata(long id, List<KeyedStateHandle> taken, CheckpointStorageLocation location)
            throws Exception {
        OperatorState operator =
                new OperatorState("bench", "bench", new OperatorID(), taken.size(), Rows.KEY_GROUPS);
        for (int index = 0; index < taken.size(); index++) {
            operator.putState(
                    index, OperatorSubtaskState.builder().setManagedKeyedState(taken.get(index)).build());
        }
        try (CheckpointMetadataOutputStream output = location.createMetadataOutputStream()) {
            org.apache.flink.runtime.checkpoint.Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(id, List.of(operator), List.of()), output);
            output.closeAndFinalizeCheckpoint();
        }
    }

    private void confirm(long id, List<KeyedStateHandle> taken, List<KeyedState> states) throws Exception {
        registry.checkpointCompleted(id);
        handles.put(id, taken);
        for (KeyedState state : states) {
            state.keyed.notifyCheckpointComplete(id);
        }
    }
}
