// Hands the elements of streams without keys to functions.
import {
  closeFunction,
  type FunctionClass,
  type FunctionOr,
  functionMaker,
  openFunction,
} from '../functions/function-object.ts';
import type { CoProcessFunction, ProcessContext, ProcessFunction } from '../functions/process-functions.ts';
import { UnkeyedTimerService } from './function-context.ts';
import { NO_TIMESTAMP, type OutputTag } from './output.ts';
import type {
  MaybePromise,
  OneInputOperator,
  OperatorContext,
  OperatorFactory,
  StreamOperator,
  TwoInputOperator,
} from './stream-operator.ts';
import { TimestampedCollector } from './timestamped-collector.ts';

/** @throws TypeError `ERR_INVALID_FUNCTION`. */
export function processOperator<I, O>(
  given: FunctionOr<ProcessFunction<I, O>, 'processElement'>,
): OperatorFactory<OneInputOperator<I>, O> {
  const make = functionMaker<ProcessFunction<I, O>, 'processElement'>(given, 'processElement');
  return (context) => new ProcessOperator(make(), context);
}

/** @throws TypeError `ERR_INVALID_FUNCTION`. */
export function coProcessOperator<I1, I2, O>(
  given: CoProcessFunction<I1, I2, O> | FunctionClass<CoProcessFunction<I1, I2, O>>,
): OperatorFactory<TwoInputOperator<I1, I2>, O> {
  const make = functionMaker<CoProcessFunction<I1, I2, O>, 'processElement1'>(
    given,
    'processElement1',
    'processElement2',
  );
  return (context) => new CoProcessOperator(make(), context);
}

/** What operators have in common whose functions have no keys. It is what the function is told beside the element. */
export abstract class UnkeyedOperator<F extends object, O> implements StreamOperator, ProcessContext {
  timestamp: number = NO_TIMESTAMP;
  readonly timerService: UnkeyedTimerService;
  protected readonly operator: OperatorContext<O>;
  protected readonly function: F;
  protected readonly collector: TimestampedCollector<O>;

  constructor(given: F, operator: OperatorContext<O>) {
    this.function = given;
    this.operator = operator;
    this.timerService = new UnkeyedTimerService(operator);
    this.collector = new TimestampedCollector(operator.output);
  }

  open(): MaybePromise {
    return openFunction(this.function, this.operator);
  }

  processWatermark(timestamp: number): void {
    this.timerService.currentWatermark = timestamp;
    this.operator.output.emitWatermark(timestamp);
  }

  close(): MaybePromise {
    return closeFunction(this.function);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.operator.output.collectSide(tag, value, this.timestamp);
  }

  /** Has what the function puts out, and is told, the timestamp of an element. */
  protected enter(timestamp: number): void {
    this.timestamp = timestamp;
    this.collector.timestamp = timestamp;
  }
}

class ProcessOperator<I, O> extends UnkeyedOperator<ProcessFunction<I, O>, O> implements OneInputOperator<I> {
  processElement(value: I, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement(value, this, this.collector);
  }
}

class CoProcessOperator<I1, I2, O>
  extends UnkeyedOperator<CoProcessFunction<I1, I2, O>, O>
  implements TwoInputOperator<I1, I2>
{
  processElement1(value: I1, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement1(value, this, this.collector);
  }

  processElement2(value: I2, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement2(value, this, this.collector);
  }
}
