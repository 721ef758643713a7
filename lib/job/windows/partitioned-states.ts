// The states of an operator that are partitioned by window, by their descriptors.
import type { KeyedStateBackend } from '../../api/backend.ts';
import type { StateDescriptor } from '../../api/descriptors.ts';
import type { MergingState, NamespacedState } from '../../api/state.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import { typeError } from '../../errors.ts';
import type { Window } from './window.ts';

export class PartitionedStates<W extends Window> {
  readonly #keyed: KeyedStateBackend<unknown>;
  readonly #namespaceType: TypeInformation<W>;
  // Programs may make descriptors again and again.
  readonly #states = new WeakMap<StateDescriptor<unknown>, NamespacedState<W>>();

  constructor(keyed: KeyedStateBackend<unknown>, namespaceType: TypeInformation<W>) {
    this.#keyed = keyed;
    this.#namespaceType = namespaceType;
  }

  /** A state of the current key, set to a window. */
  get<S>(descriptor: StateDescriptor<S>, window: W): S {
    const known = this.#states.get(descriptor);
    if (known !== undefined) {
      known.setCurrentNamespace(window);
      return known as S;
    }
    const options = { namespace: window, namespaceType: this.#namespaceType };
    const state = this.#keyed.getPartitionedState(descriptor, options);
    this.#states.set(descriptor, state);
    return state;
  }

  /**
   * Moves what the current key has in windows to another one.
   *
   * @throws TypeError `ERR_INVALID_DESCRIPTOR` for a kind of state that can't be merged.
   */
  merge(descriptor: StateDescriptor<unknown>, target: W, sources: readonly W[]): void {
    if (descriptor.kind === 'VALUE' || descriptor.kind === 'MAP') {
      throw typeError(
        'ERR_INVALID_DESCRIPTOR',
        `The state '${descriptor.name}' is of kind ${descriptor.kind}, which can not be merged; windows that merge need a list, ` +
          'reducing or aggregating state.',
      );
    }
    (this.get(descriptor, target) as MergingState<W>).mergeNamespaces(target, sources);
  }
}
