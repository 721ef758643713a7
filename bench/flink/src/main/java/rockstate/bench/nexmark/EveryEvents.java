// Puts a watermark out after every so many events: how far time is does not depend on the clock.
package rockstate.bench.nexmark;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

final class EveryEvents implements WatermarkGenerator<Event> {
    private final int events;
    private final long delayMs;
    private long latest = Long.MIN_VALUE;
    private int count;

    private EveryEvents(int events, long delayMs) {
        this.events = events;
        this.delayMs = delayMs;
    }

    /** @param delayMs by how much an event may come later than one that happened after it */
    static WatermarkStrategy<Event> strategy(int events, long delayMs) {
        return WatermarkStrategy.<Event>forGenerator(context -> new EveryEvents(events, delayMs))
                .withTimestampAssigner((event, timestamp) -> event.dateTime);
    }

    @Override
    public void onEvent(Event event, long timestamp, WatermarkOutput output) {
        latest = Math.max(latest, timestamp);
        if (++count == events) {
            count = 0;
            output.emitWatermark(new Watermark(latest - delayMs - 1));
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {}
}
