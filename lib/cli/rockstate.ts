#!/usr/bin/env node
// The `rockstate` command.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { collectGarbage, verifyCheckpoint } from './checkpoint-commands.ts';
import { convert } from './convert.ts';
import { dump } from './dump.ts';
import { inspect } from './inspect.ts';
import { run } from './run.ts';
import { showConfiguration } from './show-configuration.ts';

const USAGE = `Usage: rockstate <command>

Commands:
  run     run the job of a module: <module> [-c config.yaml] [-Dkey=value …] [--from-savepoint <path>|latest] …
  verify  read every file of a checkpoint and compare checksums: <directory>/chk-<id>
  gc      remove what crashes have left in a directory of checkpoints: <directory> [--dry-run]
  build   build the native binary from source, for platforms without a prebuilt one
  config  show what a configuration says: [--conf-dir <directory>] [-Dkey=value …] [--all]
          without --conf-dir the variable FLINK_CONF_DIR names the directory of config.yaml or flink-conf.yaml
  inspect show what is in a savepoint or checkpoint, of Flink or of rockstate: <path> [--json]
  dump    print the rows of a state as lines of JSON: <path> --state <name> [--operator <uid>] [--limit <n>]
  convert make a savepoint or checkpoint of another: <from> <to> [--format canonical|native] [--max-parallelism <n>] …

rockstate run --help tells more of it, as do inspect, dump and convert.`;

function build(): number {
  const script = fileURLToPath(new URL('../../native/build.mjs', import.meta.url));
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? 1;
}

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  build,
  config: showConfiguration,
  convert,
  dump,
  gc: collectGarbage,
  inspect,
  run,
  verify: verifyCheckpoint,
};

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === undefined || command === 'help' || command === '--help') {
    console.log(USAGE);
    return 0;
  }
  const perform = COMMANDS[command];
  if (perform === undefined) {
    console.error(`rockstate: there is no command '${command}'.\n\n${USAGE}`);
    return 2;
  }
  try {
    return await perform(args);
  } catch (error) {
    console.error(`rockstate ${command}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
