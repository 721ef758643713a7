// `rockstate run`: loads a module that executes jobs, and sees them through.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Configuration } from '../config/configuration.ts';
import { dynamicProperties } from '../config/dynamic-properties.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { setAmbient } from '../job/ambient.ts';
import { CheckpointingOptions } from '../options/checkpointing-options.ts';
import { PipelineOptions } from '../options/job-options.ts';
import { integerOf, parse, UsageError, withUsage } from './command-line.ts';
import { JobWatch } from './job-watch.ts';

const USAGE = `Usage: rockstate run [options] <module> [argument …]

Runs the job of a module, which defines it and calls execute() or executeAsync(). The module finds its arguments in process.argv;
those that begin with a dash go behind '--'. What a program sets in code goes before what is given here.

  -c, --config <path>        config.yaml, or the directory that it is in; without it the variable FLINK_CONF_DIR names that
  -D <key>=<value>           an option of the configuration; may be given several times
  -s, --from-savepoint <path>|latest
                             state to begin with: a savepoint or checkpoint, or the newest checkpoint of the job's storage,
                             if there is one
  -p, --parallelism <n>      parallelism of operators that have none of their own
  -w, --workers <n>          threads that the subtasks run in, each of which loads the module; otherwise they run in one
  --stop-with-savepoint <directory>
                             on SIGTERM or SIGINT, stop with a savepoint: a new directory in this one
  --savepoint-on-stop        the same, in the directory that execution.checkpointing.savepoint-dir names
  --drain                    end as if there were no more input when stopped with a savepoint: all windows fire
  --progress <seconds>       how often progress is told on standard error: every second on a terminal by default, else every 10;
                             0 for never

A first SIGTERM or SIGINT ends the jobs gracefully: with a savepoint, whose place is printed (exit code 0), or else cancelled
(143 or 130); a second one ends the process at once. Unless the configuration says otherwise, checkpoints of a job that was
cancelled or has failed are kept, so that it can go on with '--from-savepoint latest'. A job that fails gives the exit code 1.`;

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  define: { type: 'string', short: 'D', multiple: true, default: [] as string[] },
  'from-savepoint': { type: 'string', short: 's' },
  parallelism: { type: 'string', short: 'p' },
  workers: { type: 'string', short: 'w' },
  'stop-with-savepoint': { type: 'string' },
  'savepoint-on-stop': { type: 'boolean', default: false },
  drain: { type: 'boolean', default: false },
  progress: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Status 0: all jobs have finished, or were stopped with a savepoint; 1: one has failed; 2: wrong usage; 128 + n: signal n. */
export function run(args: readonly string[]): Promise<number> {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return withUsage(USAGE, own, async () => {
    const { values, positionals } = parse(args, OPTIONS);
    const [module, ...programArguments] = positionals;
    if (module === undefined) {
      throw new UsageError('rockstate run takes the module of a job');
    }
    const path = await fileAt(module);
    const workers = integerOf('workers', values.workers, 1);
    const stopsWithSavepoint = values['savepoint-on-stop'] || values['stop-with-savepoint'] !== undefined;
    if (values.drain && !stopsWithSavepoint) {
      throw new UsageError('--drain is for --stop-with-savepoint and --savepoint-on-stop');
    }
    const directory = values['stop-with-savepoint'];
    const watch = new JobWatch({
      progressSeconds: integerOf('progress', values.progress, 0),
      stop: stopsWithSavepoint ? { directory: directory && resolve(directory), drain: values.drain } : undefined,
    });
    setAmbient({
      configuration: await configurationOf(values),
      fromSavepoint: values['from-savepoint'],
      workers: workers === undefined ? undefined : { count: workers, module: pathToFileURL(path).href },
      started: (client) => watch.started(client),
    });
    process.argv.splice(1, process.argv.length - 1, path, ...programArguments);
    return watch.over(() => load(path));
  });
}

async function configurationOf(given: {
  readonly config?: string;
  readonly define: readonly string[];
  readonly parallelism?: string;
}): Promise<Configuration> {
  const parallelism = integerOf('parallelism', given.parallelism, 1);
  const config = (await loadConfiguration(await placeOf(given.config))).addAll(
    dynamicProperties(given.define.flatMap((property) => ['-D', property])),
  );
  if (parallelism !== undefined) {
    config.set(PipelineOptions.PARALLELISM, parallelism);
  }
  if (!config.contains(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION)) {
    config.set(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION, 'RETAIN_ON_CANCELLATION');
  }
  return config;
}

async function placeOf(path: string | undefined): Promise<{ readonly directory?: string; readonly file?: string }> {
  if (path === undefined) {
    return {};
  }
  const isDirectory = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isDirectory ? { directory: path } : { file: path };
}

/** @throws UsageError for what is no file. */
async function fileAt(module: string): Promise<string> {
  const path = resolve(module);
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (!isFile) {
    throw new UsageError(`There is no file '${module}' to run.`);
  }
  return path;
}

async function load(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_UNKNOWN_FILE_EXTENSION' ||
      !/\.[cm]?ts$/.test(path)
    ) {
      throw error;
    }
    throw new UsageError(
      `Node.js ${process.versions.node} can't load TypeScript by itself, as ${path} is: use Node.js 22.18 or newer, compile it, ` +
        "or name a loader that is installed, as in NODE_OPTIONS='--import tsx'.",
    );
  }
}
