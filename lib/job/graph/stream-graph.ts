// The operators of a program, in the order in which it defines them.
import type { TypeInformation } from '../../api/type-information.ts';
import type { OneInputOperator, OperatorFactory, TwoInputOperator } from '../operators/stream-operator.ts';
import type { StreamKey } from './partitioning.ts';
import type { OperatorWork, Origin, StreamEdge, StreamNode } from './stream-node.ts';

/** An operator to be added. */
export interface NewOperator {
  readonly name: string;
  readonly outputType?: TypeInformation<unknown> | undefined;
  /** Whether it may run in the chain of the operator before it. Default true. */
  readonly chainsToInput?: boolean;
}

/** An input, with its key where the operator is keyed. */
export interface NewInput {
  readonly origins: readonly Origin[];
  readonly key?: StreamKey | undefined;
}

export class StreamGraph {
  readonly #nodes: StreamNode[] = [];

  get nodes(): readonly StreamNode[] {
    return this.#nodes;
  }

  add(work: OperatorWork, inputs: readonly NewInput[], operator: NewOperator): StreamNode {
    const edges: StreamEdge[] = [];
    const node: StreamNode = {
      ...{ id: this.#nodes.length + 1, work, inputs: edges, name: operator.name },
      keys: inputs.map(({ key }) => key),
      ...{ uid: undefined, parallelism: undefined, maxParallelism: undefined },
      outputType: operator.outputType,
      chainsToInput: operator.chainsToInput ?? true,
    };
    for (const [input, { origins }] of inputs.entries()) {
      edges.push(...origins.map((origin) => ({ ...origin, to: node, input: input as 0 | 1 })));
    }
    this.#nodes.push(node);
    return node;
  }
}

/** Work of one input, of any types. */
export function oneInput<IN, OUT>(create: OperatorFactory<OneInputOperator<IN>, OUT>): OperatorWork {
  return { kind: 'one-input', create: create as unknown as OperatorFactory<OneInputOperator<never>, never> };
}

/** Work of two inputs, of any types. */
export function twoInputs<IN1, IN2, OUT>(create: OperatorFactory<TwoInputOperator<IN1, IN2>, OUT>): OperatorWork {
  return { kind: 'two-input', create: create as unknown as OperatorFactory<TwoInputOperator<never, never>, never> };
}
