// Puts out, with each element, what the elements of its key come to so far.
import { ValueStateDescriptor } from '../../api/descriptors.ts';
import type { ReduceFunction } from '../../api/functions.ts';
import type { ValueState } from '../../api/state.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import { functionMaker } from '../functions/function-object.ts';
import type { OneInputOperator, OperatorContext, OperatorFactory } from './stream-operator.ts';

// Flink's name: its savepoints have the state.
const STATE = '_op_state';

/**
 * @param type - of the elements.
 * @throws TypeError `ERR_INVALID_FUNCTION`, or `ERR_INVALID_DESCRIPTOR` for a type that is none.
 */
export function keyedReduceOperator<T>(
  reduce: ReduceFunction<T>,
  type: TypeInformation<T>,
): OperatorFactory<OneInputOperator<T>, T> {
  const plan = {
    reduce: functionMaker<{ reduce: ReduceFunction<T> }, 'reduce'>(reduce, 'reduce')().reduce,
    descriptor: new ValueStateDescriptor(STATE, type),
  };
  return (context) => new KeyedReduceOperator(plan, context);
}

interface ReducePlan<T> {
  readonly reduce: ReduceFunction<T>;
  readonly descriptor: ValueStateDescriptor<T>;
}

class KeyedReduceOperator<T> implements OneInputOperator<T> {
  readonly #plan: ReducePlan<T>;
  readonly #context: OperatorContext<T>;
  // Set by `open`, which comes before anything else.
  #state!: ValueState<T>;

  constructor(plan: ReducePlan<T>, context: OperatorContext<T>) {
    this.#plan = plan;
    this.#context = context;
  }

  open(): void {
    this.#state = this.#context.keyed.getState(this.#plan.descriptor);
  }

  processElement(value: T, timestamp: number): void {
    const before = this.#state.value();
    const reduced = before === undefined ? value : this.#plan.reduce(before, value);
    this.#state.update(reduced);
    this.#context.output.collect(reduced, timestamp);
  }

  processWatermark(timestamp: number): void {
    this.#context.output.emitWatermark(timestamp);
  }
}
