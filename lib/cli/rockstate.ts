#!/usr/bin/env node
// The `rockstate` command.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const USAGE = `Usage: rockstate <command>

Commands:
  build   build the native binary from source, for platforms without a prebuilt one`;

function build(): number {
  const script = fileURLToPath(new URL('../../native/build.mjs', import.meta.url));
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? 1;
}

function main(args: readonly string[]): number {
  const [command] = args;
  if (command === 'build') {
    return build();
  }
  if (command === undefined || command === 'help' || command === '--help') {
    console.log(USAGE);
    return 0;
  }
  console.error(`rockstate: there is no command '${command}'.\n\n${USAGE}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
