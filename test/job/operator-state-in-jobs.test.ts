// State of functions that belongs to no key, through checkpoints, savepoints and changes of parallelism.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ListStateDescriptor, MapStateDescriptor } from '../../lib/api/descriptors.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import type {
  CheckpointedFunction,
  FunctionInitializationContext,
} from '../../lib/job/functions/checkpointed-function.ts';
import type { MapFunction } from '../../lib/job/functions/map-functions.ts';
import type { RuntimeContext } from '../../lib/job/functions/rich-function.ts';
import type {
  BroadcastState,
  OperatorListState,
  OperatorStateStore,
} from '../../lib/job/operator-state/operator-state-store.ts';
import { DiscardingSink } from '../../lib/job/sinks/simple-sinks.ts';
import { withJobs } from '../support/job-backends.ts';
import { untilJob } from '../support/job-progress.ts';

const COUNT = 100;
const ALL = Array.from({ length: COUNT }, (_, n) => n);

interface Found {
  readonly isRestored: boolean;
  readonly list: number[];
  readonly union: number[];
  readonly broadcast: (readonly [string, number])[];
}

/** What the subtasks of a job have found in their state, in the order of subtasks. */
let found: Found[] = [];
let seenByAll = 0;

function statesOf(store: OperatorStateStore): {
  readonly list: OperatorListState<number>;
  readonly union: OperatorListState<number>;
  readonly broadcast: BroadcastState<string, number>;
} {
  return {
    list: store.getListState(new ListStateDescriptor('list', Types.LONG)),
    union: store.getUnionListState(new ListStateDescriptor('union', Types.LONG)),
    broadcast: store.getBroadcastState(new MapStateDescriptor('broadcast', Types.STRING, Types.LONG)),
  };
}

/** Remembers what it has seen, in all kinds of state. */
class Remembering implements MapFunction<number, number>, CheckpointedFunction {
  #states!: ReturnType<typeof statesOf>;
  #found!: Found;
  readonly #seen: number[] = [];

  initializeState({ isRestored, operatorStateStore }: FunctionInitializationContext): void {
    this.#states = statesOf(operatorStateStore);
    const { broadcast, list, union } = this.#states;
    this.#found = {
      isRestored,
      list: list.get(),
      union: union.get(),
      broadcast: [...broadcast.immutableEntries()],
    };
    this.#seen.push(...this.#found.list);
  }

  open({ indexOfThisSubtask }: RuntimeContext): void {
    found[indexOfThisSubtask] = this.#found;
  }

  map(n: number): number {
    this.#seen.push(n);
    seenByAll++;
    return n;
  }

  snapshotState({ checkpointId }: { readonly checkpointId: number }): void {
    const { broadcast, list, union } = this.#states;
    list.update(this.#seen);
    union.update(this.#seen);
    broadcast.put('newest checkpoint', checkpointId);
  }
}

test.each([
  { from: 1, to: 3, by: 'savepoint' },
  { from: 3, to: 1, by: 'savepoint' },
  { from: 3, to: 2, by: 'checkpoint' },
  { from: 2, to: 4, by: 'checkpoint' },
  { from: 3, to: 3, by: 'checkpoint' },
  { from: 3, to: 3, by: 'savepoint' },
] as const)(
  'lists are dealt out, unions and broadcast maps are given to all: a $by of $from subtasks in $to',
  ({ from, to, by }) =>
    withJobs(
      () => new HashMapStateBackend(),
      async ({ directory, environment }) => {
        const job = (parallelism: number) => {
          found = [];
          seenByAll = 0;
          const env = environment({
            'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
          }).setParallelism(parallelism);
          env
            .fromAsyncIterable<number, number>({
              async *open(position, signal) {
                yield* ALL.slice(position ?? 0);
                await new Promise((resolve) => signal.addEventListener('abort', resolve));
              },
              positionOf: (n) => n + 1,
            })
            .uid('numbers')
            .rebalance()
            .map(Remembering)
            .setParallelism(parallelism)
            .uid('remembering')
            .sinkTo(new DiscardingSink())
            .uid('nowhere');
          return env;
        };
        const first = await job(from).executeAsync();
        await untilJob(first, () => seenByAll === COUNT);
        expect(found).toEqual(
          Array.from({ length: from }, () => ({ isRestored: false, list: [], union: [], broadcast: [] })),
        );
        let place = join(directory, 'savepoint');
        if (by === 'savepoint') {
          await first.stopWithSavepoint({ directory: place });
        } else {
          place = (await first.triggerCheckpoint()).location;
          await first.cancel();
        }
        const second = await job(to).executeAsync({ fromSavepoint: by === 'savepoint' ? place : 'latest' });
        await untilJob(second, () => second.status === 'RUNNING');
        expect(found).toHaveLength(to);
        const dealt = found.flatMap(({ list }) => list);
        expect(dealt.toSorted((a, b) => a - b)).toEqual(ALL);
        const sizes = found.map(({ list }) => list.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const { broadcast, isRestored, union } of found) {
          expect(isRestored).toBe(true);
          expect(union.toSorted((a, b) => a - b)).toEqual(ALL);
          expect(broadcast).toEqual([['newest checkpoint', 1]]);
        }
        await second.cancel();
        expect(seenByAll).toBe(0);
      },
    ),
);
