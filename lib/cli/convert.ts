// `rockstate convert`: a savepoint or checkpoint in another format, of another backend, or with other key groups.

import { DROPPABLE_STATES } from '../convert/convert-options.ts';
import { convertState } from '../convert/convert-state.ts';
import {
  choiceOf,
  integerOf,
  openReader,
  parse,
  READER_OPTIONS,
  READER_USAGE,
  UsageError,
  withUsage,
} from './command-line.ts';

const USAGE = `Usage: rockstate convert <from> <to> [options]

Makes a new savepoint or checkpoint of one of Flink or of rockstate. <to> must not exist: it is the directory of the savepoint,
or of checkpoints, in which there is one then: <to>/chk-<id>.

  --format <format>      canonical: a savepoint for every backend, and for Flink (default); native: a checkpoint of rockstate
  --backend <backend>    whose checkpoint it is, of the native format: rocksdb (default) or hashmap
  --max-parallelism <n>  another number of key groups: they are computed anew from the keys
  --parallelism <n>      into how many subtasks the key groups are divided
  --compress             compress key groups with Snappy, in the canonical format
  --operator <uid>       convert only this operator, by uid or id
  --uid <uid>            the uid of the operator in the result: needed for checkpoints of rockstate, which have none
  --drop <state>         leave out what the result can't hold; may be given several times:
                         ${DROPPABLE_STATES.join(', ')}
  --drop-state <name>    leave out this keyed state, or queue of timers; may be given several times
${READER_USAGE}`;

const OPTIONS = {
  ...READER_OPTIONS,
  format: { type: 'string' },
  backend: { type: 'string' },
  'max-parallelism': { type: 'string' },
  parallelism: { type: 'string' },
  compress: { type: 'boolean', default: false },
  operator: { type: 'string' },
  uid: { type: 'string' },
  drop: { type: 'string', multiple: true, default: [] as string[] },
  'drop-state': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** Status 0: it was converted; 1: it can't be; 2: wrong usage. Nothing is at the new place unless it is 0. */
export function convert(args: readonly string[]): Promise<number> {
  return withUsage(USAGE, args, async () => {
    const { values, positionals } = parse(args, OPTIONS);
    const [from, to, ...others] = positionals;
    if (from === undefined || to === undefined || others.length > 0) {
      throw new UsageError('rockstate convert takes two directories: of what there is, and of what is to be');
    }
    const given = {
      format: choiceOf('format', values.format, ['canonical', 'native'] as const),
      backend: choiceOf('backend', values.backend, ['rocksdb', 'hashmap'] as const),
      maxParallelism: integerOf('max-parallelism', values['max-parallelism'], 1),
      parallelism: integerOf('parallelism', values.parallelism, 1),
      operator: values.operator,
      uid: values.uid,
    };
    const drop = values.drop.flatMap((state) => choiceOf('drop', state, DROPPABLE_STATES) ?? []);
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    await using reader = await openReader(from, values);
    const { path, operators, rows } = await convertState(reader, to, {
      ...{ ...options, drop, compress: values.compress },
      dropStates: values['drop-state'],
    });
    console.log(`${path}: ${operators} operators, ${rows} rows.`);
    return 0;
  });
}
