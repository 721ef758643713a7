// The program as tasks: operators that can run in one chain, without a queue between them, do.

import { typeError } from '../../errors.ts';
import { defaultMaxParallelism } from '../../keys/key-groups.ts';
import type { Partitioning } from './partitioning.ts';
import type { StreamEdge, StreamNode } from './stream-node.ts';

/** An operator of a chain, and what its output leads to. */
export interface ChainedOperator {
  readonly node: StreamNode;
  readonly uid: string;
  /** Operators of the same chain. */
  readonly chained: readonly { readonly edge: StreamEdge; readonly operator: ChainedOperator }[];
  /** Edges that leave the chain. */
  readonly edges: readonly TaskEdge[];
}

/** An edge between tasks. */
export interface TaskEdge {
  readonly edge: StreamEdge;
  /** Index of the task that it leads to. */
  readonly to: number;
  readonly partitioning: Partitioning;
}

/** A chain of operators, of which each subtask runs one instance. */
export interface Task {
  /** In the order of the program. */
  readonly index: number;
  readonly name: string;
  readonly head: ChainedOperator;
  /** All of the chain, each after the one that it gets records from. */
  readonly operators: readonly ChainedOperator[];
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Whether the program said how many key groups there are; otherwise it is for the state that is restored to say. */
  readonly isMaxParallelismSet: boolean;
}

export interface JobGraph {
  readonly name: string;
  readonly tasks: readonly Task[];
}

/** What operators have unless they say otherwise. */
export interface GraphDefaults {
  readonly parallelism: number;
  readonly maxParallelism: number | undefined;
  readonly chains: boolean;
}

/**
 * @throws TypeError `ERR_EMPTY_JOB` for a program without operators, `ERR_DUPLICATE_UID` for a uid that is given twice.
 */
export function toJobGraph(name: string, nodes: readonly StreamNode[], defaults: GraphDefaults): JobGraph {
  if (nodes.length === 0) {
    throw typeError(
      'ERR_EMPTY_JOB',
      `Job '${name}' has no operators: define sources, and what becomes of their records.`,
    );
  }
  return { name, tasks: new Chaining(nodes, defaults).tasks() };
}

class Chaining {
  readonly #defaults: GraphDefaults;
  readonly #outEdges = new Map<StreamNode, StreamEdge[]>();
  readonly #heads: readonly StreamNode[];
  readonly #uids: ReadonlyMap<StreamNode, string>;

  constructor(nodes: readonly StreamNode[], defaults: GraphDefaults) {
    this.#defaults = defaults;
    for (const edge of nodes.flatMap(({ inputs }) => inputs)) {
      this.#outEdges.set(edge.node, [...(this.#outEdges.get(edge.node) ?? []), edge]);
    }
    this.#heads = nodes.filter((node) => !this.#isChained(node));
    this.#uids = uidsOf(nodes);
  }

  tasks(): Task[] {
    return this.#heads.map((node, index) => {
      const head = this.#chainFrom(node);
      const operators = flatten(head);
      const parallelism = this.#parallelismOf(node);
      const set = node.maxParallelism ?? this.#defaults.maxParallelism;
      return {
        ...{ index, head, operators, parallelism },
        name: operators.map((operator) => operator.node.name).join(' -> '),
        maxParallelism: set ?? defaultMaxParallelism(parallelism),
        isMaxParallelismSet: set !== undefined,
      };
    });
  }

  #chainFrom(node: StreamNode): ChainedOperator {
    const edges = this.#outEdges.get(node) ?? [];
    return {
      node,
      uid: this.#uids.get(node) as string,
      chained: edges
        .filter(({ to }) => this.#isChained(to))
        .map((edge) => ({ edge, operator: this.#chainFrom(edge.to) })),
      edges: edges
        .filter(({ to }) => !this.#isChained(to))
        .map((edge) => ({ edge, to: this.#heads.indexOf(edge.to), partitioning: this.#partitioningOf(edge) })),
    };
  }

  #isChained(node: StreamNode): boolean {
    const [edge, ...others] = node.inputs;
    return (
      edge !== undefined &&
      others.length === 0 &&
      this.#defaults.chains &&
      node.chainsToInput &&
      node.keys.every((key) => key === undefined) &&
      this.#partitioningOf(edge).kind === 'forward'
    );
  }

  #partitioningOf({ node, partitioning, to }: StreamEdge): Partitioning {
    const isEven = this.#parallelismOf(node) === this.#parallelismOf(to);
    if (partitioning === undefined) {
      return { kind: isEven ? 'forward' : 'rebalance' };
    }
    if (partitioning.kind === 'forward' && !isEven) {
      throw typeError(
        'ERR_INVALID_PARALLELISM',
        `Forwarding from '${node.name}' to '${to.name}' needs the same parallelism; ` +
          `they have ${this.#parallelismOf(node)} and ${this.#parallelismOf(to)}.`,
      );
    }
    return partitioning;
  }

  #parallelismOf(node: StreamNode): number {
    return node.parallelism ?? this.#defaults.parallelism;
  }
}

function flatten(operator: ChainedOperator): ChainedOperator[] {
  return [operator, ...operator.chained.flatMap((next) => flatten(next.operator))];
}

// An operator without a uid is known by its name and its place among those of the name.
function uidsOf(nodes: readonly StreamNode[]): Map<StreamNode, string> {
  const uids = new Map<StreamNode, string>();
  const taken = new Set<string>();
  for (const node of nodes.filter(({ uid }) => uid !== undefined)) {
    const uid = node.uid as string;
    if (taken.has(uid)) {
      throw typeError('ERR_DUPLICATE_UID', `The uid '${uid}' is given to several operators; each needs its own.`);
    }
    taken.add(uid);
    uids.set(node, uid);
  }
  for (const node of nodes.filter(({ uid }) => uid === undefined)) {
    let count = 1;
    while (taken.has(`${node.name}-${count}`)) {
      count++;
    }
    taken.add(`${node.name}-${count}`);
    uids.set(node, `${node.name}-${count}`);
  }
  return uids;
}
