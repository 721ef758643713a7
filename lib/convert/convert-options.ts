// What a savepoint or checkpoint is converted to, and whether the result can hold what there is.
import { CheckpointError } from '../errors.ts';
import type { StateReader } from '../inspect/state-reader.ts';
import type { OpaqueState, StoredOperator } from '../inspect/stored-operator.ts';

/** State that the result may be without. */
export type DroppableState = OpaqueState | 'operator-state' | 'master-state';

export const DROPPABLE_STATES: readonly DroppableState[] = [
  ...(['operator-state', 'coordinator-state', 'master-state', 'channel-state'] as const),
  ...(['raw-operator-state', 'attachment'] as const),
];

/** What to convert to. */
export interface ConvertOptions {
  /** `canonical` is a savepoint for every backend, and Flink; `native` a checkpoint of rockstate. Default `canonical`. */
  readonly format?: 'canonical' | 'native';
  /** Whose checkpoint it is, of the format `native`. Default `rocksdb`. */
  readonly backend?: 'rocksdb' | 'hashmap';
  /** The number of key groups. Default: as it is. */
  readonly maxParallelism?: number;
  /** Into how many subtasks the key groups are divided. Default: as many as there are. */
  readonly parallelism?: number;
  /** Whether key groups are compressed with Snappy, of the format `canonical`. Default false. */
  readonly compress?: boolean;
  /** Convert only this operator. Default: all. */
  readonly operator?: string;
  /** The uid of the operator in the result. A checkpoint of rockstate has none, so that one must be given for it. */
  readonly uid?: string;
  /** What may be left out where the result can't hold it. Default: nothing. */
  readonly drop?: readonly DroppableState[];
  /** Names of keyed states and queues of timers to leave out, of all operators that are converted. Default: none. */
  readonly dropStates?: readonly string[];
}

/**
 * The operators to convert.
 *
 * @throws CheckpointError when there is state that the result can't hold, and that may not be dropped, or
 *   there is none of a name that is to be dropped.
 */
export async function operatorsToConvert(
  reader: StateReader,
  options: ConvertOptions,
): Promise<readonly StoredOperator[]> {
  const { format = 'canonical', drop = [] } = options;
  const operators = options.operator === undefined ? reader.operators : [reader.operator(options.operator)];
  checkNames(operators, reader, options);
  await checkDropped(operators, reader, options);
  // What is attached to a checkpoint may be all that there is: it need not have operators.
  const problems = new Set<DroppableState>(reader.isAttached ? ['attachment'] : []);
  for (const operator of operators) {
    for (const opaque of operator.opaque) {
      if (format === 'native' || opaque === 'channel-state' || opaque === 'attachment') {
        problems.add(opaque);
      }
    }
    if (format === 'native' && (await operator.operatorStates()).length > 0) {
      problems.add('operator-state');
    }
  }
  if (format === 'native' && (reader.flink?.metadata.masterStates.length ?? 0) > 0) {
    problems.add('master-state');
  }
  const refused = [...problems].filter((problem) => !drop.includes(problem));
  if (refused.length > 0) {
    throw new CheckpointError(
      `A ${format === 'native' ? 'checkpoint of rockstate' : 'canonical savepoint'} can not hold the ` +
        `${refused.join(', ')} of what is at ${reader.directory}; leave it out with drop: ${refused.join(', ')}.`,
    );
  }
  return operators;
}

function checkNames(
  operators: readonly StoredOperator[],
  { directory, format: source }: StateReader,
  { format = 'canonical', uid }: ConvertOptions,
): void {
  const labels = operators.map(({ label }) => label).join(', ');
  if (operators.length > 1 && (format === 'native' || uid !== undefined)) {
    const reason = format === 'native' ? 'a checkpoint of rockstate is of one operator' : 'a uid is of one operator';
    throw new CheckpointError(
      `What is at ${directory} has ${operators.length} operators, and ${reason}; name one of ${labels}.`,
    );
  }
  if (format === 'canonical' && source === 'rockstate' && uid === undefined) {
    throw new CheckpointError(`The checkpoint at ${directory} does not name its operator; a savepoint needs a uid.`);
  }
}

async function checkDropped(
  operators: readonly StoredOperator[],
  { directory }: StateReader,
  { dropStates = [] }: ConvertOptions,
): Promise<void> {
  if (dropStates.length === 0) {
    return;
  }
  const states = await Promise.all(operators.map((operator) => operator.keyedStates()));
  const known = [...new Set(states.flat().map(({ name }) => name))];
  const unknown = dropStates.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new CheckpointError(
      `There is no keyed state ${listOf(unknown)} to drop at ${directory}; there are ${listOf(known) || 'none'}.`,
    );
  }
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
