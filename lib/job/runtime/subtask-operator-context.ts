// What an operator of a subtask runs with.
import type { KeyedStateBackend } from '../../api/backend.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { InternalTimerService, Triggerable } from '../../api/timers.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import { StateAccessError } from '../../errors.ts';
import type { ChainedOperator } from '../graph/job-graph.ts';
import type { OperatorStateStore } from '../operator-state/operator-state-store.ts';
import type { Output } from '../operators/output.ts';
import type { OperatorContext, ProcessingTimeService } from '../operators/stream-operator.ts';
import type { ChainParts } from './operator-chain.ts';

/** An operator of a chain. */
export interface OperatorPlace extends ChainParts {
  readonly chained: ChainedOperator;
  readonly output: Output<unknown>;
  readonly operatorState: OperatorStateStore;
}

export class SubtaskOperatorContext implements OperatorContext {
  readonly operatorName: string;
  readonly uid: string;
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly attemptNumber: number;
  readonly isRestored: boolean;
  readonly isCheckpointed: boolean;
  readonly watermarkIntervalMs: number;
  readonly functions: object[] = [];
  readonly output: Output<unknown>;
  readonly operatorState: OperatorStateStore;
  readonly processingTime: ProcessingTimeService;
  readonly metricGroup: MetricGroup;
  readonly #place: OperatorPlace;

  constructor(place: OperatorPlace) {
    const { chained, task } = place;
    this.operatorName = chained.node.name;
    this.uid = chained.uid;
    this.subtaskIndex = place.subtaskIndex;
    this.parallelism = task.parallelism;
    this.maxParallelism = task.maxParallelism;
    this.attemptNumber = place.attemptNumber;
    this.isRestored = place.isRestored(chained.uid);
    this.isCheckpointed = place.isCheckpointed;
    this.watermarkIntervalMs = place.watermarkIntervalMs;
    this.output = place.output;
    this.operatorState = place.operatorState;
    this.processingTime = place.clock;
    this.metricGroup = place.metricGroup.addGroup('operator', this.operatorName);
    this.#place = place;
  }

  get keyed(): KeyedStateBackend<unknown> {
    const { chained, keyed, task } = this.#place;
    // Only the head of a chain has an input that is partitioned by a key.
    if (keyed === undefined || chained !== task.head) {
      throw new StateAccessError(
        'ERR_NO_CURRENT_KEY',
        `Operator '${this.operatorName}' has no keyed state and no timers, as its input is not keyed; call keyBy before it.`,
      );
    }
    return keyed;
  }

  timerService<N>(
    name: string,
    options: { readonly namespaceType: TypeInformation<N>; readonly triggerable: Triggerable<unknown, N> },
  ): InternalTimerService<N> {
    return this.#place.timers.service(this.keyed, name, options);
  }
}
