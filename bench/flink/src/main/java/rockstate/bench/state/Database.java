// The RocksDB below a keyed backend of Flink: to compact and to wait for. Flink keeps both fields to its own package.
package rockstate.bench.state;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend.RocksDbKvStateInfo;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

final class Database {
    private static final List<String> QUIET_PROPERTIES =
            List.of(
                    "rocksdb.mem-table-flush-pending", "rocksdb.num-running-flushes",
                    "rocksdb.compaction-pending", "rocksdb.num-running-compactions");
    private static final int POLL_MS = 10;

    private final RocksDB db;
    private final ColumnFamilyHandle family;

    @SuppressWarnings("unchecked")
    Database(RocksDBKeyedStateBackend<Long> keyed, String state) throws Exception {
        db = (RocksDB) read(keyed, "db");
        family = ((Map<String, RocksDbKvStateInfo>) read(keyed, "kvStateInformation")).get(state).columnFamilyHandle;
    }

    private static Object read(RocksDBKeyedStateBackend<Long> keyed, String name) throws Exception {
        Field field = RocksDBKeyedStateBackend.class.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(keyed);
    }

    /** Leaves one sorted run of the state's rows. */
    void compact() throws Exception {
        db.compactRange(family);
    }

    /** Waits until nothing is being flushed or compacted. */
    void settle() throws Exception {
        while (isBusy()) {
            Thread.sleep(POLL_MS);
        }
    }

    /** How many rows there are, and the bytes of their values. */
    String contents() {
        long rows = 0;
        long bytes = 0;
        try (RocksIterator iterator = db.newIterator(family)) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                rows++;
                bytes += iterator.value().length;
            }
        }
        return rows + " " + bytes;
    }

    private boolean isBusy() throws Exception {
        for (String property : QUIET_PROPERTIES) {
            if (db.getLongProperty(family, property) != 0) {
                return true;
            }
        }
        return false;
    }
}
