// Operators that make records of records, without state of their own.
import {
  closeFunction,
  type FunctionClass,
  type FunctionOr,
  functionMaker,
  openFunction,
} from '../functions/function-object.ts';
import type {
  CoFlatMapFunction,
  CoMapFunction,
  FilterFunction,
  FlatMapFunction,
  MapFunction,
} from '../functions/map-functions.ts';
import type { MaybePromise, OneInputOperator, OperatorFactory, TwoInputOperator } from './stream-operator.ts';
import { TimestampedCollector } from './timestamped-collector.ts';

export function mapOperator<IN, OUT>(
  given: FunctionOr<MapFunction<IN, OUT>, 'map'>,
): OperatorFactory<OneInputOperator<IN>, OUT> {
  const make = functionMaker<MapFunction<IN, OUT>, 'map'>(given, 'map');
  return (context) => {
    const mapping = make();
    const { output } = context;
    return {
      ...lifeOf(mapping, context),
      processElement: (value, timestamp) => output.collect(mapping.map(value), timestamp),
    };
  };
}

export function filterOperator<T>(
  given: FunctionOr<FilterFunction<T>, 'filter'>,
): OperatorFactory<OneInputOperator<T>, T> {
  const make = functionMaker<FilterFunction<T>, 'filter'>(given, 'filter');
  return (context) => {
    const filter = make();
    const { output } = context;
    return {
      ...lifeOf(filter, context),
      processElement(value, timestamp) {
        if (filter.filter(value)) {
          output.collect(value, timestamp);
        }
      },
    };
  };
}

export function flatMapOperator<IN, OUT>(
  given: FunctionOr<FlatMapFunction<IN, OUT>, 'flatMap'>,
): OperatorFactory<OneInputOperator<IN>, OUT> {
  const make = functionMaker<FlatMapFunction<IN, OUT>, 'flatMap'>(given, 'flatMap');
  return (context) => {
    const mapping = make();
    const collector = new TimestampedCollector(context.output);
    return {
      ...lifeOf(mapping, context),
      processElement(value, timestamp) {
        collector.timestamp = timestamp;
        return mapping.flatMap(value, collector);
      },
    };
  };
}

export function coMapOperator<IN1, IN2, OUT>(
  given: CoMapFunction<IN1, IN2, OUT> | FunctionClass<CoMapFunction<IN1, IN2, OUT>>,
): OperatorFactory<TwoInputOperator<IN1, IN2>, OUT> {
  const make = functionMaker<CoMapFunction<IN1, IN2, OUT>, 'map1'>(given, 'map1', 'map2');
  return (context) => {
    const mapping = make();
    const { output } = context;
    return {
      ...lifeOf(mapping, context),
      processElement1: (value, timestamp) => output.collect(mapping.map1(value), timestamp),
      processElement2: (value, timestamp) => output.collect(mapping.map2(value), timestamp),
    };
  };
}

export function coFlatMapOperator<IN1, IN2, OUT>(
  given: CoFlatMapFunction<IN1, IN2, OUT> | FunctionClass<CoFlatMapFunction<IN1, IN2, OUT>>,
): OperatorFactory<TwoInputOperator<IN1, IN2>, OUT> {
  const make = functionMaker<CoFlatMapFunction<IN1, IN2, OUT>, 'flatMap1'>(given, 'flatMap1', 'flatMap2');
  return (context) => {
    const mapping = make();
    const collector = new TimestampedCollector(context.output);
    const at = (timestamp: number) => {
      collector.timestamp = timestamp;
      return collector;
    };
    return {
      ...lifeOf(mapping, context),
      processElement1: (value, timestamp) => mapping.flatMap1(value, at(timestamp)),
      processElement2: (value, timestamp) => mapping.flatMap2(value, at(timestamp)),
    };
  };
}

// What these operators have in common: their function begins and ends with them, and watermarks pass.
function lifeOf(
  given: object,
  context: Parameters<OperatorFactory<OneInputOperator<unknown>, never>>[0],
): {
  open(): MaybePromise;
  processWatermark(timestamp: number): void;
  close(): MaybePromise;
} {
  return {
    open: () => openFunction(given, context),
    processWatermark: (timestamp) => context.output.emitWatermark(timestamp),
    close: () => closeFunction(given),
  };
}
