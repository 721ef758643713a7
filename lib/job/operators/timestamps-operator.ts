// Gives the records of a stream timestamps and watermarks anew.
import { EventTime } from '../watermarks/event-time.ts';
import type { WatermarkStrategy } from '../watermarks/watermark-strategy.ts';
import { MAX_WATERMARK } from './output.ts';
import type { OneInputOperator, OperatorFactory } from './stream-operator.ts';

export function timestampsOperator<T>(strategy: WatermarkStrategy<T>): OperatorFactory<OneInputOperator<T>, T> {
  return ({ output, processingTime, watermarkIntervalMs: intervalMs }) => {
    const eventTime = new EventTime(strategy, output);
    let hasEnded = false;
    const emitPeriodically = () => {
      processingTime.schedule(processingTime.now() + intervalMs, () => {
        if (!hasEnded) {
          eventTime.periodicEmit();
          emitPeriodically();
        }
      });
    };
    return {
      open() {
        if (intervalMs > 0) {
          emitPeriodically();
        }
      },
      processElement: (value, timestamp) => eventTime.collect(value, timestamp),
      // Those from before are of other timestamps; but the end is the end.
      processWatermark(timestamp) {
        if (timestamp === MAX_WATERMARK) {
          hasEnded = true;
          eventTime.end();
        }
      },
      // Nor is it of those that are made here whether the input is idle: the strategy says.
      processStatus() {},
      close() {
        hasEnded = true;
      },
    };
  };
}
