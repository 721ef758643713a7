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
import type { IncrementalTtlCleanup } from '../api/state-ttl.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { type TtlValue, ttlSerializer } from '../bytes/ttl-value.ts';
import { describe, typeError } from '../errors.ts';
import type { Expiry } from '../ttl/expiry.ts';
import { TtlListState } from '../ttl/ttl-list-state.ts';
import { HeapAggregatingState } from './aggregating-state.ts';
import type { RowAddress } from './copy-on-write-table.ts';
import { type HeapAccess, HeapStateTable, type HeapTableOptions, type ValueTable } from './heap-state-table.ts';
import { type CleanedRows, IncrementalCleanup } from './incremental-cleanup.ts';
import { HeapListState } from './list-state.ts';
import { HeapMapState } from './map-state.ts';
import { HeapReducingState } from './reducing-state.ts';
import { HeapTtlMapState } from './ttl-map-state.ts';
import { HeapTtlTable } from './ttl-table.ts';
import type { Unexpired } from './unexpired-view.ts';
import { type HeapMap, listFormat, mapFormat, plainFormat, type ValueReader } from './value-formats.ts';
import { HeapValueState } from './value-state.ts';

/** How the values of a state expire. */
export interface HeapTtl {
  readonly expiry: Expiry;
  /** `undefined`: what nobody reads stays. */
  readonly incremental: IncrementalTtlCleanup | undefined;
  /** Whether snapshots leave out what has expired. */
  readonly inFullSnapshot: boolean;
}

/** What tells a state from others. */
export interface HeapStateOptions<N> extends HeapTableOptions<N> {
  readonly ttl: HeapTtl | undefined;
}

type HeapState<N> = State & NamespacedState<N>;

/** @throws TypeError `ERR_INVALID_DESCRIPTOR` for a descriptor of no known kind. */
export function createHeapState<K, N>(
  descriptor: StateDescriptor<unknown>,
  options: HeapStateOptions<N>,
  access: HeapAccess<K>,
): HeapState<N> {
  if (descriptor instanceof ValueStateDescriptor) {
    return new HeapValueState(valueTable(options, access, descriptor.type.serializer), descriptor);
  }
  if (descriptor instanceof ListStateDescriptor) {
    return listState(options, access, descriptor);
  }
  if (descriptor instanceof MapStateDescriptor) {
    return mapState(options, access, descriptor);
  }
  if (descriptor instanceof ReducingStateDescriptor) {
    return new HeapReducingState(valueTable(options, access, descriptor.type.serializer), descriptor);
  }
  if (descriptor instanceof AggregatingStateDescriptor) {
    return new HeapAggregatingState(valueTable(options, access, descriptor.accumulatorType.serializer), descriptor);
  }
  throw typeError(
    'ERR_INVALID_DESCRIPTOR',
    `A state needs a descriptor of its kind; received ${describe(descriptor)}.`,
  );
}

function valueTable<K, N, V>(
  options: HeapStateOptions<N>,
  access: HeapAccess<K>,
  serializer: TypeSerializer<V>,
): ValueTable<N, V> {
  const { ttl } = options;
  if (ttl === undefined) {
    return new HeapStateTable(options, access, plainFormat(serializer, readerOf(options)));
  }
  const { expiry } = ttl;
  const stamped = new HeapStateTable(options, access, plainFormat(ttlSerializer(serializer), readerOf(options)));
  const table = new HeapTtlTable(stamped, expiry);
  table.onAccess = cleanup(stamped, ttl, access, (address) => table.clean(address));
  leaveOutOfSnapshots<TtlValue<V>>(options, (value, now) => (isLive(value, expiry, now) ? value : undefined));
  return table;
}

function listState<K, N>(
  options: HeapStateOptions<N>,
  access: HeapAccess<K>,
  { elementType: { serializer } }: ListStateDescriptor<unknown>,
): HeapState<N> {
  const { ttl } = options;
  if (ttl === undefined) {
    return new HeapListState(
      new HeapStateTable(options, access, listFormat(serializer, readerOf(options))),
      serializer,
    );
  }
  const { expiry } = ttl;
  const stamped = ttlSerializer(serializer);
  const table = new HeapStateTable(options, access, listFormat(stamped, readerOf(options)));
  const isObsolete = (element: TtlValue<unknown>) => !isLive(element, expiry, expiry.now());
  const clean = cleanup(table, ttl, access, (address) => list.clean(address, isObsolete));
  const list: HeapListState<K, N, TtlValue<unknown>> = new HeapListState(table, stamped, clean);
  leaveOutOfSnapshots<TtlValue<unknown>[]>(options, (elements, now) => {
    const live = elements.filter((element) => isLive(element, expiry, now));
    return live.length === 0 ? undefined : live;
  });
  return new TtlListState(list, expiry);
}

function mapState<K, N>(
  options: HeapStateOptions<N>,
  access: HeapAccess<K>,
  { keyType, valueType }: MapStateDescriptor<unknown, unknown>,
): HeapState<N> {
  const key = keyType.serializer;
  const value = valueType.serializer;
  const { ttl } = options;
  if (ttl === undefined) {
    const format = mapFormat({ key, value, reader: readerOf(options) }, access.versions);
    return new HeapMapState(new HeapStateTable(options, access, format), { key, value });
  }
  const { expiry } = ttl;
  const stamped = ttlSerializer(value);
  const table = new HeapStateTable(
    options,
    access,
    mapFormat({ key, value: stamped, reader: readerOf<TtlValue<unknown>>(options) }, access.versions),
  );
  const map = new HeapMapState(table, { key, value: stamped });
  const isObsolete = (entry: TtlValue<unknown>) => !isLive(entry, expiry, expiry.now());
  leaveOutOfSnapshots<HeapMap<TtlValue<unknown>>>(options, (entries, now) => {
    const live = new Map([...entries].filter(([, entry]) => isLive(entry.value, expiry, now)));
    return live.size === 0 ? undefined : live;
  });
  const clean = cleanup(table, ttl, access, (address) => map.clean(address, isObsolete));
  return new HeapTtlMapState(map, expiry, clean);
}

function readerOf<V>({ reader }: Pick<HeapTableOptions<unknown>, 'reader'>): ValueReader<V> | undefined {
  return reader as ValueReader<V> | undefined;
}

function isLive({ lastAccessMs }: TtlValue<unknown>, expiry: Expiry, now: number): boolean {
  return !expiry.isExpired(lastAccessMs, now);
}

// What is to be done behind each access.
function cleanup(
  rows: CleanedRows,
  { incremental }: HeapTtl,
  access: Pick<HeapAccess<unknown>, 'onRecord'>,
  clean: (address: RowAddress) => void,
): () => void {
  if (incremental === undefined) {
    return () => {};
  }
  const { step } = new IncrementalCleanup(rows, incremental.size, clean);
  if (incremental.runForEveryRecord) {
    access.onRecord(step);
  }
  return step;
}

function leaveOutOfSnapshots<V>(
  { rows, ttl }: Pick<HeapStateOptions<unknown>, 'rows' | 'ttl'>,
  unexpired: Unexpired<V>,
): void {
  if (ttl?.inFullSnapshot) {
    rows.unexpired = unexpired as Unexpired<unknown>;
  }
}
