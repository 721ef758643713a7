// What the commands that look into savepoints and checkpoints have in common: their arguments, and how their faults are told.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { StateReader } from '../inspect/state-reader.ts';

/** Wrong usage, which has the exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options of all these commands. */
export const READER_OPTIONS = {
  'allow-outside-files': { type: 'boolean', default: false },
  map: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', default: false },
} as const;

/** What they say of them. */
export const READER_USAGE = `  --allow-outside-files  read files that the metadata names anywhere, not only in its directory and beside it
  --map <from>=<to>      put <to> where paths in the metadata begin with <from>; may be given several times`;

interface ReaderValues {
  readonly 'allow-outside-files': boolean;
  readonly map: readonly string[];
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ readonly args: string[]; readonly options: O; readonly allowPositionals: true }>
>;

/** @throws UsageError for options that there are not. */
export function parse<O extends Options>(args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

export function openReader(path: string, values: ReaderValues): Promise<StateReader> {
  const mappings = values.map.map((mapping) => {
    const at = mapping.indexOf('=');
    if (at < 1) {
      throw new UsageError(`--map takes <from>=<to>; received '${mapping}'`);
    }
    return { from: mapping.slice(0, at), to: mapping.slice(at + 1) };
  });
  return StateReader.open(path, { allowOutside: values['allow-outside-files'], mappings });
}

/** @throws UsageError for what is no integer of at least `least`. */
export function integerOf(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} takes an integer of at least ${least}; received '${text}'`);
  }
  return value;
}

/** @throws UsageError for what is not among the choices. */
export function choiceOf<C extends string>(
  name: string,
  text: string | undefined,
  choices: readonly C[],
): C | undefined {
  const found = choices.find((choice) => choice === text);
  if (text !== undefined && found === undefined) {
    throw new UsageError(`--${name} takes one of ${choices.join(', ')}; received '${text}'`);
  }
  return found;
}

/** Runs a command; help goes to standard output, and faults of usage to standard error. */
export async function withUsage(usage: string, args: readonly string[], run: () => Promise<number>): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage}`);
      return 2;
    }
    throw error;
  }
}
