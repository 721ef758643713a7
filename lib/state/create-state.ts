// The RocksDB state object of each kind.
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../api/descriptors.ts';
import type { NamespacedState, State } from '../api/state.ts';
import { defaultValueOf } from '../bytes/default-value.ts';
import { describe, typeError } from '../errors.ts';
import { RocksDBAggregatingState } from './aggregating-state.ts';
import { RocksDBListState } from './list-state.ts';
import { RocksDBMapState } from './map-state.ts';
import { RocksDBReducingState } from './reducing-state.ts';
import type { StateTable } from './state-table.ts';
import { RocksDBValueState } from './value-state.ts';

/** A state of any kind. */
export type AnyState<N> = State & NamespacedState<N>;

/** @throws TypeError `ERR_INVALID_DESCRIPTOR` for a descriptor of no known kind. */
export function createState<K, N>(descriptor: StateDescriptor<unknown>, table: StateTable<K, N>): AnyState<N> {
  if (descriptor instanceof ValueStateDescriptor) {
    return new RocksDBValueState(table, descriptor, defaultValueOf(descriptor));
  }
  if (descriptor instanceof ListStateDescriptor) {
    return new RocksDBListState(table, descriptor);
  }
  if (descriptor instanceof MapStateDescriptor) {
    return new RocksDBMapState(table, descriptor);
  }
  if (descriptor instanceof ReducingStateDescriptor) {
    return new RocksDBReducingState(table, descriptor);
  }
  if (descriptor instanceof AggregatingStateDescriptor) {
    return new RocksDBAggregatingState(table, descriptor);
  }
  throw typeError(
    'ERR_INVALID_DESCRIPTOR',
    `A state needs a descriptor of its kind; received ${describe(descriptor)}.`,
  );
}
