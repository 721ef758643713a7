// How the records of an edge are spread over the subtasks of the operator that it leads to.
import type { TypeInformation } from '../../api/type-information.ts';

/** What a record is keyed by. */
export type KeySelector<T, K> = (value: T) => K;

/** A type that can be a key. */
export type KeyType<K> = TypeInformation<K> & { hashCode(key: K): number };

/** The key of a stream. */
export interface StreamKey<T = unknown, K = unknown> {
  readonly keySelector: KeySelector<T, K>;
  readonly keyType: KeyType<K>;
}

/** `forward` goes to the subtask of the same index; the parallelism is the same then. */
export type Partitioning =
  | { readonly kind: 'forward' | 'rebalance' | 'shuffle' | 'broadcast' | 'global' }
  | { readonly kind: 'custom'; readonly partition: (value: unknown, channels: number) => number }
  | ({ readonly kind: 'hash' } & StreamKey);
