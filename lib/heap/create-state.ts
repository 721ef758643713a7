// The in-memory state object of each kind.
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../api/descriptors.ts';
import type { NamespacedState, State } from '../api/state.ts';
import { describe, typeError } from '../errors.ts';
import { HeapAggregatingState } from './aggregating-state.ts';
import type { HeapAccess, HeapTableOptions } from './heap-state-table.ts';
import { HeapListState } from './list-state.ts';
import { HeapMapState } from './map-state.ts';
import { HeapReducingState } from './reducing-state.ts';
import { HeapValueState } from './value-state.ts';

/** @throws TypeError `ERR_INVALID_DESCRIPTOR` for a descriptor of no known kind. */
export function createHeapState<K, N>(
  descriptor: StateDescriptor<unknown>,
  options: HeapTableOptions<N>,
  access: HeapAccess<K>,
): State & NamespacedState<N> {
  if (descriptor instanceof ValueStateDescriptor) {
    return new HeapValueState(options, access, descriptor);
  }
  if (descriptor instanceof ListStateDescriptor) {
    return new HeapListState(options, access, descriptor);
  }
  if (descriptor instanceof MapStateDescriptor) {
    return new HeapMapState(options, access, descriptor);
  }
  if (descriptor instanceof ReducingStateDescriptor) {
    return new HeapReducingState(options, access, descriptor);
  }
  if (descriptor instanceof AggregatingStateDescriptor) {
    return new HeapAggregatingState(options, access, descriptor);
  }
  throw typeError(
    'ERR_INVALID_DESCRIPTOR',
    `A state needs a descriptor of its kind; received ${describe(descriptor)}.`,
  );
}
