// Which channel of an edge a record goes to.
import { keyGroupOf, operatorIndexOf } from '../../keys/key-groups.ts';
import type { Partitioning } from '../graph/partitioning.ts';

/** Answers the index of a channel, or a negative number for all. */
export type ChannelSelector = (value: unknown) => number;

/** Where an edge leads, and from where. */
export interface EdgePlace {
  /** Index of the sending subtask. */
  readonly from: number;
  /** Number of channels: the parallelism of the receiver. */
  readonly channels: number;
  /** Of the receiver. */
  readonly maxParallelism: number;
}

export function channelSelector(partitioning: Partitioning, place: EdgePlace): ChannelSelector {
  const { from, channels, maxParallelism } = place;
  switch (partitioning.kind) {
    case 'hash': {
      const { keySelector, keyType } = partitioning;
      if (channels === 1) {
        return () => 0;
      }
      return (value) => {
        const keyGroup = keyGroupOf(keyType.hashCode(keySelector(value)), maxParallelism);
        return operatorIndexOf(keyGroup, maxParallelism, channels);
      };
    }
    case 'custom': {
      const { partition } = partitioning;
      return (value) => partition(value, channels);
    }
    case 'rebalance': {
      let next = from % channels;
      return () => {
        const channel = next;
        next = next + 1 === channels ? 0 : next + 1;
        return channel;
      };
    }
    case 'shuffle':
      return () => Math.floor(Math.random() * channels);
    case 'broadcast':
      return () => -1;
    case 'global':
      return () => 0;
    case 'forward':
      return () => 0;
  }
}
