// Hands the elements and timers of keyed streams to functions.
import { type FunctionClass, type FunctionOr, functionMaker } from '../functions/function-object.ts';
import type { KeyedCoProcessFunction, KeyedProcessFunction } from '../functions/process-functions.ts';
import { FunctionContext, type KeyTimerService } from './function-context.ts';
import type { MaybePromise, OneInputOperator, OperatorFactory, TwoInputOperator } from './stream-operator.ts';
import { TimedOperator } from './timed-operator.ts';

/** @throws TypeError `ERR_INVALID_FUNCTION`. */
export function keyedProcessOperator<K, I, O>(
  given: FunctionOr<KeyedProcessFunction<K, I, O>, 'processElement'>,
): OperatorFactory<OneInputOperator<I>, O> {
  const make = functionMaker<KeyedProcessFunction<K, I, O>, 'processElement'>(given, 'processElement');
  return (context) => new KeyedProcessOperator(make(), context);
}

/** @throws TypeError `ERR_INVALID_FUNCTION`. */
export function keyedCoProcessOperator<K, I1, I2, O>(
  given: KeyedCoProcessFunction<K, I1, I2, O> | FunctionClass<KeyedCoProcessFunction<K, I1, I2, O>>,
): OperatorFactory<TwoInputOperator<I1, I2>, O> {
  const make = functionMaker<KeyedCoProcessFunction<K, I1, I2, O>, 'processElement1'>(
    given,
    'processElement1',
    'processElement2',
  );
  return (context) => new KeyedCoProcessOperator(make(), context);
}

class KeyedProcessOperator<K, I, O>
  extends TimedOperator<FunctionContext<K>, KeyedProcessFunction<K, I, O>, O>
  implements OneInputOperator<I>
{
  protected makeContext(timers: KeyTimerService): FunctionContext<K> {
    return new FunctionContext(this.operator, timers);
  }

  processElement(value: I, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement(value, this.context, this.collector);
  }
}

class KeyedCoProcessOperator<K, I1, I2, O>
  extends TimedOperator<FunctionContext<K>, KeyedCoProcessFunction<K, I1, I2, O>, O>
  implements TwoInputOperator<I1, I2>
{
  protected makeContext(timers: KeyTimerService): FunctionContext<K> {
    return new FunctionContext(this.operator, timers);
  }

  processElement1(value: I1, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement1(value, this.context, this.collector);
  }

  processElement2(value: I2, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement2(value, this.context, this.collector);
  }
}
