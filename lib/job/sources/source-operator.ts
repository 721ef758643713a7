// Reads a source in a subtask: its reader's records get timestamps and watermarks, and its splits are kept in operator state.
import { ListStateDescriptor } from '../../api/descriptors.ts';
import { Types } from '../../bytes/types.ts';
import type { OperatorListState } from '../operator-state/operator-state-store.ts';
import { NO_TIMESTAMP } from '../operators/output.ts';
import type { OperatorContext, StreamOperator } from '../operators/stream-operator.ts';
import { EventTime } from '../watermarks/event-time.ts';
import type { WatermarkStrategy } from '../watermarks/watermark-strategy.ts';
import type { InputStatus, ReaderOutput, Source, SourceReader } from './source.ts';

/** A source of the program. */
export interface SourceWork {
  readonly source: Source<unknown, unknown>;
  readonly watermarks: WatermarkStrategy<unknown>;
}

/** What it runs with. */
export interface SourceParts {
  readonly context: OperatorContext;
  /** Called when the reader may have records again. */
  wake(): void;
}

const SPLITS = 'source-splits';
// Kept beside the splits, as there may be none left.
const STARTED = 'source-started';

export class SourceOperator implements StreamOperator {
  /** Since it was opened. */
  recordsRead = 0;
  readonly #source: Source<unknown, unknown>;
  readonly #parts: SourceParts;
  readonly #eventTime: EventTime<unknown>;
  readonly #output: ReaderOutput<unknown>;
  #reader: SourceReader<unknown, unknown> | undefined;
  #splits: OperatorListState<unknown> | undefined;
  #isWaiting = false;
  #hasEnded = false;

  constructor({ source, watermarks }: SourceWork, parts: SourceParts) {
    this.#source = source;
    this.#parts = parts;
    const eventTime = new EventTime(watermarks, parts.context.output);
    this.#eventTime = eventTime;
    this.#output = {
      collect: (value, timestamp = NO_TIMESTAMP) => {
        this.recordsRead++;
        eventTime.collect(value, timestamp);
      },
      markIdle: () => eventTime.setIdle(true),
    };
  }

  async open(): Promise<void> {
    const { operatorState, parallelism, subtaskIndex } = this.#parts.context;
    const splitType = this.#source.splitType ?? Types.JSON<unknown>();
    const splits = operatorState.getListState(new ListStateDescriptor(SPLITS, splitType));
    const started = operatorState.getUnionListState(new ListStateDescriptor(STARTED, Types.BOOLEAN));
    if (started.get().length === 0) {
      const all = await this.#source.splits({ parallelism });
      splits.update(all.filter((_, index) => index % parallelism === subtaskIndex));
    }
    started.update([true]);
    this.#splits = splits;
    this.#reader = this.#source.createReader(splits.get(), { subtaskIndex, parallelism });
    await this.#reader.start?.();
    this.#emitPeriodically();
  }

  /** Reads what there is, up to the source; answers what that came to. */
  poll(): InputStatus {
    if (this.#hasEnded) {
      return 'NOTHING_AVAILABLE';
    }
    const reader = this.#reader as SourceReader<unknown, unknown>;
    const status = reader.pollNext(this.#output);
    if (status === 'NOTHING_AVAILABLE') {
      this.#wait(reader);
    } else if (status === 'END_OF_INPUT') {
      this.#hasEnded = true;
      this.#eventTime.end();
    }
    return status;
  }

  /** Nothing is read any more, although there may be more: watermarks stay as they are, or say that this is the end. */
  stop(isEndOfTime: boolean): void {
    this.#hasEnded = true;
    if (isEndOfTime) {
      this.#eventTime.end();
    }
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  processWatermark(): void {}

  snapshotState(checkpointId: number): void {
    this.#splits?.update(this.#reader?.snapshotState(checkpointId) ?? []);
  }

  notifyCheckpointComplete(checkpointId: number): void | Promise<void> {
    return this.#reader?.notifyCheckpointComplete?.(checkpointId);
  }

  async close(): Promise<void> {
    this.#hasEnded = true;
    await this.#reader?.close?.();
  }

  #wait(reader: SourceReader<unknown, unknown>): void {
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      const wake = () => {
        this.#isWaiting = false;
        this.#parts.wake();
      };
      // What has failed is told by the next poll.
      reader.isAvailable().then(wake, wake);
    }
  }

  #emitPeriodically(): void {
    const { context } = this.#parts;
    const { watermarkIntervalMs } = context;
    if (watermarkIntervalMs > 0) {
      context.processingTime.schedule(context.processingTime.now() + watermarkIntervalMs, () => {
        if (!this.#hasEnded) {
          this.#eventTime.periodicEmit();
          this.#emitPeriodically();
        }
      });
    }
  }
}
