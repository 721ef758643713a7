// The program as a graph: operators, and the edges that records take between them.
import type { TypeInformation } from '../../api/type-information.ts';
import type { OutputTag } from '../operators/output.ts';
import type { OneInputOperator, OperatorFactory, TwoInputOperator } from '../operators/stream-operator.ts';
import type { Source } from '../sources/source.ts';
import type { WatermarkStrategy } from '../watermarks/watermark-strategy.ts';
import type { Partitioning, StreamKey } from './partitioning.ts';

/** What an operator does. */
export type OperatorWork =
  | {
      readonly kind: 'source';
      readonly source: Source<unknown, unknown>;
      readonly watermarks: WatermarkStrategy<unknown>;
    }
  | { readonly kind: 'one-input'; readonly create: OperatorFactory<OneInputOperator<never>, never> }
  | { readonly kind: 'two-input'; readonly create: OperatorFactory<TwoInputOperator<never, never>, never> };

/** Where records come from: an operator's main output, or a side output, on their way to any operator. */
export interface Origin {
  readonly node: StreamNode;
  readonly tag: OutputTag<unknown> | undefined;
  /** `undefined`: forward where the parallelism is the same, else rebalance. */
  readonly partitioning: Partitioning | undefined;
}

/** An origin that leads to an operator. */
export interface StreamEdge extends Origin {
  readonly to: StreamNode;
  /** Which input of the operator. */
  readonly input: 0 | 1;
}

/** An operator of the program. Names, uid, parallelism and types may be set until the job is executed. */
export interface StreamNode {
  /** Counts from 1 in the order of the program. */
  readonly id: number;
  readonly work: OperatorWork;
  readonly inputs: readonly StreamEdge[];
  /** The key of each input; of operators that are not keyed, absent. */
  readonly keys: readonly (StreamKey | undefined)[];
  name: string;
  uid: string | undefined;
  parallelism: number | undefined;
  maxParallelism: number | undefined;
  outputType: TypeInformation<unknown> | undefined;
  /** Whether it may run in the chain of the operator before it. */
  chainsToInput: boolean;
}
