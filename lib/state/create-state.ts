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
import { ttlSerializer } from '../bytes/ttl-value.ts';
import { describe, typeError } from '../errors.ts';
import type { Expiry } from '../ttl/expiry.ts';
import { TtlListState } from '../ttl/ttl-list-state.ts';
import { RocksDBAggregatingState } from './aggregating-state.ts';
import { RocksDBListState } from './list-state.ts';
import { RocksDBMapState } from './map-state.ts';
import { RocksDBReducingState } from './reducing-state.ts';
import { RowTtl } from './row-ttl.ts';
import { type KeyedAccess, StateTable, type TableOptions } from './state-table.ts';
import { RocksDBValueState } from './value-state.ts';

/** A state of any kind. */
export type AnyState<N> = State & NamespacedState<N>;

/** What tells a state from others. */
export interface StateOptions<N> extends Omit<TableOptions<N>, 'ttl'> {
  /** When its values expire, if ever. */
  readonly expiry: Expiry | undefined;
}

/** @throws TypeError `ERR_INVALID_DESCRIPTOR` for a descriptor of no known kind. */
export function createState<K, N>(
  descriptor: StateDescriptor<unknown>,
  access: KeyedAccess<K>,
  options: StateOptions<N>,
): AnyState<N> {
  const { expiry } = options;
  const table = new StateTable({ ...options, ttl: expiry && rowTtl(descriptor, expiry) }, access);

  if (descriptor instanceof ValueStateDescriptor) {
    return new RocksDBValueState(table, descriptor, defaultValueOf(descriptor));
  }
  if (descriptor instanceof ListStateDescriptor) {
    return listState(descriptor, table, expiry);
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

// Lists have no time of their own: their elements have.
function rowTtl(descriptor: StateDescriptor<unknown>, expiry: Expiry): RowTtl | undefined {
  return descriptor.kind === 'LIST' ? undefined : new RowTtl(expiry, descriptor.kind === 'MAP' ? 1 : 0);
}

function listState<K, N>(
  { elementType: { serializer } }: ListStateDescriptor<unknown>,
  table: StateTable<K, N>,
  expiry: Expiry | undefined,
): AnyState<N> {
  return expiry === undefined
    ? new RocksDBListState(table, serializer)
    : new TtlListState(new RocksDBListState(table, ttlSerializer(serializer)), expiry);
}
