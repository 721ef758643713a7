// Of the records of a window, which is the key, those with the highest score; all of them, where they are equal. They are put
// out when the window is over.
package rockstate.bench.nexmark;

import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

final class TopOfWindow<T> extends KeyedProcessFunction<Long, T, T> {
    private final KeySelector<T, Long> score;
    private final TypeInformation<T> type;
    private transient ValueState<Long> highest;
    private transient ListState<T> top;

    TopOfWindow(KeySelector<T, Long> score, TypeInformation<T> type) {
        this.score = score;
        this.type = type;
    }

    @Override
    public void open(OpenContext context) {
        highest = getRuntimeContext().getState(new ValueStateDescriptor<>("highest", Types.LONG));
        top = getRuntimeContext().getListState(new ListStateDescriptor<>("top", type));
    }

    @Override
    public void processElement(T record, Context context, Collector<T> out) throws Exception {
        long of = score.getKey(record);
        Long before = highest.value();
        if (before == null) {
            context.timerService().registerEventTimeTimer(context.timestamp());
        }
        if (before == null || of > before) {
            highest.update(of);
            top.update(List.of(record));
        } else if (of == before) {
            top.add(record);
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<T> out) throws Exception {
        for (T record : top.get()) {
            out.collect(record);
        }
        highest.clear();
        top.clear();
    }
}
