// The states that a stream is broadcast with.
import type { MapStateDescriptor } from '../../api/descriptors.ts';
import { describe, typeError } from '../../errors.ts';
import type { BroadcastState } from '../operator-state/operator-state-store.ts';
import type { OperatorContext } from './stream-operator.ts';

/** Any state that is broadcast. */
export type AnyBroadcastDescriptor = MapStateDescriptor<unknown, unknown>;

export class BroadcastStates {
  readonly #states: ReadonlyMap<string, BroadcastState<unknown, unknown>>;

  constructor({ operatorState }: OperatorContext, descriptors: readonly AnyBroadcastDescriptor[]) {
    this.#states = new Map(
      descriptors.map((descriptor) => [descriptor.name, operatorState.getBroadcastState(descriptor)]),
    );
  }

  /** @throws TypeError `ERR_UNKNOWN_BROADCAST_STATE`. */
  get<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): BroadcastState<UK, UV> {
    const state = this.#states.get(descriptor?.name);
    if (state === undefined) {
      throw typeError(
        'ERR_UNKNOWN_BROADCAST_STATE',
        `The stream is not broadcast with a state named ${describe(descriptor?.name)}, but with ` +
          `${[...this.#states.keys()].map(describe).join(', ') || 'none'}.`,
      );
    }
    return state as unknown as BroadcastState<UK, UV>;
  }
}
