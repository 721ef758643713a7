// The peers' packages, which have a lock file of their own beside this benchmark and are installed when it first runs.
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const PROJECT = join('bench', 'peers');
const INSTALLED = join(PROJECT, 'node_modules', '.package-lock.json');
const LOCK = join(PROJECT, 'package-lock.json');
const REASON_CHARACTERS = 500;

/** Answers why the packages can not be installed; `undefined` when they are there. */
export async function installPeers(): Promise<string | undefined> {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs) {
    return undefined;
  }
  console.log('Installing the peers with npm, about 250 MB of prebuilt binaries for all platforms');
  // Scripts would compile where there is no prebuilt binary, with other options than their authors'.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return promisify(execFile)('npm', args, { cwd: PROJECT }).then(
    () => undefined,
    (error: Error) => error.message.slice(0, REASON_CHARACTERS),
  );
}

/** What a package exports. @throws Error when it is not there, or has no binary for this machine and Node.js. */
export async function importPeer<T>(name: string): Promise<T> {
  const { resolve } = createRequire(join(process.cwd(), PROJECT, 'package.json'));
  return import(pathToFileURL(resolve(name)).href);
}
