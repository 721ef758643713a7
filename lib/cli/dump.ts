// `rockstate dump`: the rows of a state as lines of JSON.

import { RestoreError } from '../errors.ts';
import type { StateReader } from '../inspect/state-reader.ts';
import type { StoredOperator } from '../inspect/stored-operator.ts';
import { integerOf, openReader, parse, READER_OPTIONS, READER_USAGE, UsageError, withUsage } from './command-line.ts';
import { printLines } from './print-lines.ts';
import { toJson } from './to-json.ts';

const USAGE = `Usage: rockstate dump <savepoint or checkpoint> --state <name> [options]

Prints the rows of a state as JSON, one a line: keyGroup, key, namespace unless there is none, and value (of an entry of a map
beside userKey; of a timer its timestamp). State that is not keyed: subtask, mode, and element or a broadcast entry.
Integers beyond 2^53 are texts, bytes are in base 64, maps arrays of pairs.

  --state <name>         the state; rockstate inspect lists them
  --operator <uid>       its operator, by uid or id: needed where several have such a state
  --limit <n>            print at most so many rows
  --raw                  print key and value as bytes in base 64: of classes that are not known
${READER_USAGE}`;

const OPTIONS = {
  ...READER_OPTIONS,
  state: { type: 'string' },
  operator: { type: 'string' },
  limit: { type: 'string' },
  raw: { type: 'boolean', default: false },
} as const;

/** Status 0: they were printed; 1: they can't be read; 2: wrong usage. */
export function dump(args: readonly string[]): Promise<number> {
  return withUsage(USAGE, args, async () => {
    const { values, positionals } = parse(args, OPTIONS);
    const [path, ...others] = positionals;
    const { state, operator: name, raw } = values;
    if (path === undefined || others.length > 0 || state === undefined) {
      throw new UsageError('rockstate dump takes the directory of one savepoint or checkpoint, and --state');
    }
    const limit = integerOf('limit', values.limit, 0) ?? Number.POSITIVE_INFINITY;
    await using reader = await openReader(path, values);
    const operator = name === undefined ? await operatorWith(state, reader) : reader.operator(name);
    const isKeyed = (await operator.keyedStates()).some((each) => each.name === state);
    const rows = isKeyed ? keyedRows(operator, { state, raw }) : operatorRows(operator, state);
    await printLines(firstOf(rows, limit));
    return 0;
  });
}

async function operatorWith(state: string, reader: StateReader): Promise<StoredOperator> {
  const found: StoredOperator[] = [];
  const unreadable: string[] = [];
  for (const operator of reader.operators) {
    try {
      const states = [...(await operator.keyedStates()), ...(await operator.operatorStates())];
      if (states.some(({ name }) => name === state)) {
        found.push(operator);
      }
    } catch (error) {
      unreadable.push((error as Error).message);
    }
  }
  const [only, ...others] = found;
  if (only === undefined) {
    throw new RestoreError([`No operator at ${reader.directory} has a state '${state}'.`, ...unreadable].join('\n'));
  }
  if (others.length > 0) {
    const labels = found.map(({ label }) => label).join(', ');
    throw new UsageError(`${found.length} operators have a state '${state}'; name one with --operator: ${labels}`);
  }
  return only;
}

async function* keyedRows(
  operator: StoredOperator,
  { state, raw }: { readonly state: string; readonly raw: boolean },
): AsyncGenerator<object, void> {
  if (raw) {
    yield* operator.rawRows(state);
    return;
  }
  for await (const { namespace, ...row } of operator.rows(state)) {
    const { keyGroup, key, ...rest } = row;
    yield { keyGroup, key, ...(namespace !== undefined && { namespace }), ...rest };
  }
}

async function* operatorRows(operator: StoredOperator, state: string): AsyncGenerator<object, void> {
  for await (const { subtask, mode, elements } of operator.operatorState(state)) {
    for (const element of elements) {
      const [key, value] = mode === 'BROADCAST' ? (element as [unknown, unknown]) : [];
      yield mode === 'BROADCAST' ? { subtask, mode, key, value } : { subtask, mode, element };
    }
  }
}

async function* firstOf(rows: AsyncIterable<object>, limit: number): AsyncGenerator<string, void> {
  let left = limit;
  if (left === 0) {
    return;
  }
  for await (const row of rows) {
    yield JSON.stringify(toJson(row));
    left--;
    if (left <= 0) {
      return;
    }
  }
}
