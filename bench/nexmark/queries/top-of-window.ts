// Of the records of a window, which is the key, those with the highest score; all of them, where they are equal. They are put
// out when the window is over.
import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type ListState,
  ListStateDescriptor,
  type RuntimeContext,
  type TypeInformation,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../../lib/index.ts';

export abstract class TopOfWindow<T> implements KeyedProcessFunction<number, T, T> {
  protected abstract readonly type: TypeInformation<T>;
  #highest!: ValueState<number>;
  #top!: ListState<T>;

  protected abstract scoreOf(record: T): number;

  open(context: RuntimeContext): void {
    this.#highest = context.getState(new ValueStateDescriptor('highest', Types.LONG));
    this.#top = context.getListState(new ListStateDescriptor('top', this.type));
  }

  processElement(record: T, { timerService, timestamp }: KeyedProcessContext<number>): void {
    const score = this.scoreOf(record);
    const highest = this.#highest.value();
    if (highest === undefined) {
      timerService.registerEventTimeTimer(timestamp);
    }
    if (highest === undefined || score > highest) {
      this.#highest.update(score);
      this.#top.update([record]);
    } else if (score === highest) {
      this.#top.add(record);
    }
  }

  onTimer(_: number, __: unknown, out: Collector<T>): void {
    for (const record of this.#top.get()) {
      out.collect(record);
    }
    this.#highest.clear();
    this.#top.clear();
  }
}
