// Functions from one record to others.
import type { Collector, RichFunction } from './rich-function.ts';

/** Makes a record of each record. */
export interface MapFunction<IN, OUT> extends RichFunction {
  map(value: IN): OUT;
}

/** Keeps the records that it answers true for. */
export interface FilterFunction<T> extends RichFunction {
  filter(value: T): boolean;
}

/** Makes any number of records of each record. */
export interface FlatMapFunction<IN, OUT> extends RichFunction {
  flatMap(value: IN, out: Collector<OUT>): void | Promise<void>;
}

/** Makes a record of each record of two streams. */
export interface CoMapFunction<IN1, IN2, OUT> extends RichFunction {
  map1(value: IN1): OUT;
  map2(value: IN2): OUT;
}

/** Makes any number of records of each record of two streams. */
export interface CoFlatMapFunction<IN1, IN2, OUT> extends RichFunction {
  flatMap1(value: IN1, out: Collector<OUT>): void | Promise<void>;
  flatMap2(value: IN2, out: Collector<OUT>): void | Promise<void>;
}
