// What the run of a job came to. The job is in this process, and there is one at a time.
package rockstate.bench.nexmark;

import java.util.Map;
import org.apache.flink.api.java.tuple.Tuple;

final class Run {
    private static volatile long startNs;
    private static volatile long endNs;
    private static long count;
    private static int checksum;

    private Run() {}

    /** Of the first event. */
    static void start() {
        count = 0;
        checksum = 0;
        startNs = System.nanoTime();
    }

    static void add(Tuple result) {
        count++;
        checksum += Checksum.of(result);
    }

    /** All results have come. */
    static void end() {
        endNs = System.nanoTime();
    }

    static Map<String, Object> report() {
        return Map.of("seconds", (endNs - startNs) / 1e9, "count", count, "checksum", checksum);
    }
}
