// Hands the elements of a stream, and those of one that all subtasks get, to a function. The first input is the stream, the
// second is broadcast.
import type { MapStateDescriptor, StateDescriptor } from '../../api/descriptors.ts';
import type {
  BroadcastContext,
  BroadcastProcessFunction,
  KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  OnTimerBroadcastContext,
} from '../functions/broadcast-functions.ts';
import { type FunctionClass, functionMaker } from '../functions/function-object.ts';
import type { BroadcastState } from '../operator-state/operator-state-store.ts';
import { type AnyBroadcastDescriptor, BroadcastStates } from './broadcast-states.ts';
import { FunctionContext, type KeyTimerService } from './function-context.ts';
import { UnkeyedOperator } from './process-operator.ts';
import type { MaybePromise, OperatorContext, OperatorFactory, TwoInputOperator } from './stream-operator.ts';
import { TimedOperator } from './timed-operator.ts';

/**
 * @param descriptors - of the states that the second input is broadcast with.
 * @throws TypeError `ERR_INVALID_FUNCTION`.
 */
export function broadcastProcessOperator<I1, I2, O>(
  given: BroadcastProcessFunction<I1, I2, O> | FunctionClass<BroadcastProcessFunction<I1, I2, O>>,
  descriptors: readonly AnyBroadcastDescriptor[],
): OperatorFactory<TwoInputOperator<I1, I2>, O> {
  const make = functionMaker<BroadcastProcessFunction<I1, I2, O>, 'processElement'>(
    given,
    'processElement',
    'processBroadcastElement',
  );
  return (context) => new BroadcastProcessOperator(make(), context, descriptors);
}

/** As {@link broadcastProcessOperator}, with a keyed first input. */
export function keyedBroadcastProcessOperator<K, I1, I2, O>(
  given: KeyedBroadcastProcessFunction<K, I1, I2, O> | FunctionClass<KeyedBroadcastProcessFunction<K, I1, I2, O>>,
  descriptors: readonly AnyBroadcastDescriptor[],
): OperatorFactory<TwoInputOperator<I1, I2>, O> {
  const make = functionMaker<KeyedBroadcastProcessFunction<K, I1, I2, O>, 'processElement'>(
    given,
    'processElement',
    'processBroadcastElement',
  );
  return (context) => new KeyedBroadcastProcessOperator(make(), context, descriptors);
}

class BroadcastProcessOperator<I1, I2, O>
  extends UnkeyedOperator<BroadcastProcessFunction<I1, I2, O>, O>
  implements TwoInputOperator<I1, I2>, BroadcastContext
{
  readonly #states: BroadcastStates;

  constructor(
    given: BroadcastProcessFunction<I1, I2, O>,
    operator: OperatorContext<O>,
    descriptors: readonly AnyBroadcastDescriptor[],
  ) {
    super(given, operator);
    this.#states = new BroadcastStates(operator, descriptors);
  }

  get currentWatermark(): number {
    return this.timerService.currentWatermark;
  }

  currentProcessingTime(): number {
    return this.timerService.currentProcessingTime();
  }

  getBroadcastState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): BroadcastState<UK, UV> {
    return this.#states.get(descriptor);
  }

  processElement1(value: I1, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement(value, this, this.collector);
  }

  processElement2(value: I2, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processBroadcastElement(value, this, this.collector);
  }
}

// What either side, and timers, are told: their interfaces say who may use what.
class KeyedContext<K> extends FunctionContext<K> implements OnTimerBroadcastContext<K>, KeyedBroadcastContext<K> {
  readonly #keyed: () => OperatorContext['keyed'];
  readonly #states: BroadcastStates;

  constructor(operator: OperatorContext, timers: KeyTimerService, states: BroadcastStates) {
    super(operator, timers);
    this.#keyed = () => operator.keyed;
    this.#states = states;
  }

  get currentWatermark(): number {
    return this.timerService.currentWatermark;
  }

  currentProcessingTime(): number {
    return this.timerService.currentProcessingTime();
  }

  getBroadcastState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): BroadcastState<UK, UV> {
    return this.#states.get(descriptor);
  }

  applyToKeyedState<S>(descriptor: StateDescriptor<S>, visit: (key: K, state: S) => void): void {
    this.#keyed().applyToAllKeys(descriptor, (key, state) => visit(key as K, state));
  }
}

class KeyedBroadcastProcessOperator<K, I1, I2, O>
  extends TimedOperator<KeyedContext<K>, KeyedBroadcastProcessFunction<K, I1, I2, O>, O>
  implements TwoInputOperator<I1, I2>
{
  readonly #states: BroadcastStates;

  constructor(
    given: KeyedBroadcastProcessFunction<K, I1, I2, O>,
    operator: OperatorContext<O>,
    descriptors: readonly AnyBroadcastDescriptor[],
  ) {
    super(given, operator);
    this.#states = new BroadcastStates(operator, descriptors);
  }

  protected makeContext(timers: KeyTimerService): KeyedContext<K> {
    return new KeyedContext(this.operator, timers, this.#states);
  }

  processElement1(value: I1, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processElement(value, this.context, this.collector);
  }

  processElement2(value: I2, timestamp: number): MaybePromise {
    this.enter(timestamp);
    return this.function.processBroadcastElement(value, this.context, this.collector);
  }
}
