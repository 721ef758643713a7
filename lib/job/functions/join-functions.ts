// Functions of pairs, or groups, of elements of two streams.
import type { OutputTag } from '../operators/output.ts';
import type { Collector, RichFunction } from './rich-function.ts';

/** What a {@link ProcessJoinFunction} is told of a pair. */
export interface ProcessJoinContext {
  readonly leftTimestamp: number;
  readonly rightTimestamp: number;
  /** The later of both, which is that of what is put out. */
  readonly timestamp: number;
  /** Puts a record out beside the main output, with this timestamp. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** Makes any number of records of each pair that an interval join finds. It is synchronous. */
export interface ProcessJoinFunction<I1, I2, O> extends RichFunction {
  processElement(left: I1, right: I2, context: ProcessJoinContext, out: Collector<O>): void;
}

/** Makes one record of each pair of elements of a window. */
export interface JoinFunction<I1, I2, O> extends RichFunction {
  join(first: I1, second: I2): O;
}

/** Makes any number of records of the elements that two streams have in a window. One of them may have none. */
export interface CoGroupFunction<I1, I2, O> extends RichFunction {
  coGroup(first: readonly I1[], second: readonly I2[], out: Collector<O>): void;
}
