// Counts results and sums their checksums up.
package rockstate.bench.nexmark;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.java.tuple.Tuple;

final class CountingSink<T extends Tuple> implements Sink<T> {
    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(T result, Context ignored) {
                Run.add(result);
            }

            @Override
            public void flush(boolean endOfInput) {
                if (endOfInput) {
                    Run.end();
                }
            }

            @Override
            public void close() {}
        };
    }
}
