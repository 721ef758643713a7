// `rockstate inspect`: what is in a savepoint or checkpoint.
import type { ReadableState } from '../api/stored-state.ts';
import type { StateReader } from '../inspect/state-reader.ts';
import type { StoredOperator } from '../inspect/stored-operator.ts';
import { openReader, parse, READER_OPTIONS, READER_USAGE, UsageError, withUsage } from './command-line.ts';

const USAGE = `Usage: rockstate inspect <savepoint or checkpoint> [options]

Prints the operators of a savepoint or checkpoint, of Flink or of rockstate, and their states: kinds, types, rows, bytes.

  --json                 print it as JSON
  --no-count             leave the rows uncounted: counting reads all of them
${READER_USAGE}`;

const OPTIONS = {
  ...READER_OPTIONS,
  json: { type: 'boolean', default: false },
  'no-count': { type: 'boolean', default: false },
} as const;

/** Status 0: it was printed; 1: it can't be read; 2: wrong usage. */
export function inspect(args: readonly string[]): Promise<number> {
  return withUsage(USAGE, args, async () => {
    const { values, positionals } = parse(args, OPTIONS);
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0) {
      throw new UsageError('rockstate inspect takes the directory of one savepoint or checkpoint');
    }
    await using reader = await openReader(path, values);
    const isCounted = !values['no-count'];
    const operators = [];
    for (const operator of reader.operators) {
      operators.push(await describeOperator(operator, isCounted));
    }
    const { directory, format, checkpointId, flink } = reader;
    const metadataVersion = flink?.metadata.version;
    const described = { directory, format, checkpointId, ...(metadataVersion && { metadataVersion }), operators };
    console.log(values.json ? JSON.stringify(described, undefined, 2) : textOf(reader, operators));
    return 0;
  });
}

type StateDescription = Omit<ReadableState, 'problem'> & { readonly rows?: number; readonly problem?: string };

type OperatorDescription = Awaited<ReturnType<typeof describeOperator>>;

async function describeOperator(operator: StoredOperator, isCounted: boolean) {
  const { uid, name, operatorId, parallelism, maxParallelism, isFinished, parts, sizeBytes, opaque } = operator;
  const states: StateDescription[] = [];
  for (const { problem, ...state } of await operator.keyedStates()) {
    const rows = isCounted ? await countRows(operator, state.name) : {};
    states.push({ ...state, ...rows, ...(problem && { problem: problem.message }) });
  }
  const operatorStates = (await operator.operatorStates()).map(({ problem, ...state }) => ({
    ...state,
    ...(problem && { problem: problem.message }),
  }));
  return {
    ...(uid !== undefined && { uid }),
    ...(name !== undefined && { name }),
    ...{ operatorId, parallelism, maxParallelism, isFinished, sizeBytes, isCompressed: await operator.isCompressed() },
    ...{ parts, states, operatorStates, otherState: opaque },
  };
}

async function countRows(operator: StoredOperator, state: string): Promise<{ rows?: number; problem?: string }> {
  try {
    let rows = 0;
    for await (const _ of operator.rawRows(state)) {
      rows++;
    }
    return { rows };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function textOf({ directory, format, checkpointId }: StateReader, operators: readonly OperatorDescription[]): string {
  const kind = format === 'flink' ? "in Flink's format" : 'of rockstate';
  const withState = operators.filter(({ states, operatorStates, otherState }) =>
    [states, operatorStates, otherState].some(({ length }) => length > 0),
  );
  const others = operators.length - withState.length;
  return [
    `${directory}: checkpoint ${checkpointId} ${kind}, ${operators.length} operators`,
    ...withState.flatMap(linesOf),
    ...(others > 0 ? ['', `${others} operators have no state.`] : []),
  ].join('\n');
}

function linesOf(operator: OperatorDescription): string[] {
  const { uid, name, operatorId, parallelism, maxParallelism, sizeBytes, parts, states, operatorStates } = operator;
  const title = [
    uid ?? operatorId,
    ...(uid === undefined ? [] : [operatorId]),
    ...(name === undefined ? [] : [`"${name}"`]),
  ];
  const layouts = [...new Set(parts.map(({ layout }) => layout))];
  const facts = [
    `parallelism ${parallelism} of ${maxParallelism}`,
    `${sizeBytes} bytes`,
    ...layouts,
    ...(operator.isCompressed ? ['compressed'] : []),
    ...(operator.isFinished ? ['finished'] : []),
  ];
  return [
    '',
    `${title.join('  ')}`,
    `  ${facts.join(', ')}`,
    ...parts.map(
      ({ subtask, keyGroupRange: { start, end }, sizeBytes: bytes }) =>
        `  subtask ${subtask}: key groups ${start} to ${end}, ${bytes} bytes`,
    ),
    ...states.flatMap(stateLines),
    ...operatorStates.flatMap(({ name: state, mode, keyType, valueType, problem }) => [
      `  ${state}: ${mode} of ${keyType === undefined ? '' : `${keyType} to `}${valueType}`,
      ...problemLines(problem),
    ]),
    ...operator.otherState.map((other) => `  and ${other}, which is not looked into`),
  ];
}

function stateLines({ name, kind, keyType, namespaceType, userKeyType, valueType, rows, problem }: StateDescription) {
  const value = userKeyType === undefined ? valueType : `${userKeyType} to ${valueType}`;
  const namespace = namespaceType === 'VOID_NAMESPACE' ? '' : `, namespaces ${namespaceType}`;
  const counted = rows === undefined ? '' : `, ${rows} rows`;
  return [
    `  ${name}: ${kind}${value === undefined ? '' : ` of ${value}`}, keys ${keyType}${namespace}${counted}`,
    ...problemLines(problem),
  ];
}

function problemLines(problem: string | undefined): string[] {
  return problem === undefined ? [] : [`    ! ${problem}`];
}
