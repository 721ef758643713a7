// The directories that keyed backends keep their working files in.
import { randomUUID } from 'node:crypto';
import { mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, typeError } from '../errors.ts';

/**
 * Checks the directories that were configured: absolute local paths, or `file:` URLs.
 *
 * @throws TypeError `ERR_INVALID_LOCAL_DIRECTORY` for another, naming it.
 */
export function checkLocalDirectories(paths: readonly string[]): string[] {
  return paths.map((path) => {
    if (typeof path !== 'string' || path.trim() === '') {
      throw invalid(path, 'an absolute path is needed');
    }
    if (path.startsWith('file:')) {
      return isAbsolute(path.slice('file:'.length)) ? pathOf(path) : reject(path, 'its path is relative');
    }
    if (/^[a-z][a-z0-9+.-]+:/i.test(path)) {
      throw invalid(path, 'it has a scheme that is not local');
    }
    return isAbsolute(path) ? path : reject(path, 'relative paths are not supported');
  });
}

/** Splits the text of `state.backend.rocksdb.localdir`: at commas or the separator of search paths. */
export function splitLocalDirectories(text: string): string[] {
  // A colon separates as well, but not that of `file:`.
  const separator = delimiter === ':' ? /,|(?<!\bfile):/ : /,|;/;
  return text
    .split(separator)
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

/** Gives each keyed backend the next of several directories; those that can't be written to are passed over. */
export class LocalDirectories {
  readonly #paths: readonly string[];
  #next: number;

  constructor(paths: readonly string[]) {
    this.#paths = paths.length === 0 ? [tmpdir()] : paths;
    this.#next = Math.floor(Math.random() * this.#paths.length);
  }

  /** @throws Error `ERR_NO_LOCAL_DIRECTORY` when none can be written to, naming each and why. */
  async next(): Promise<string> {
    const failures: Error[] = [];
    const first = this.#next;
    // Before the first pause: backends may be created at once.
    this.#next = (first + 1) % this.#paths.length;
    for (let i = 0; i < this.#paths.length; i++) {
      const path = this.#paths[(first + i) % this.#paths.length] ?? tmpdir();
      try {
        await probe(path);
        return path;
      } catch (error) {
        failures.push(error as Error);
      }
    }
    const reasons = failures.map(({ message }) => message).join('; ');
    const error = new Error(`No local storage directories available among ${this.#paths.join(', ')}: ${reasons}`, {
      cause: failures[0],
    });
    throw Object.assign(error, { code: 'ERR_NO_LOCAL_DIRECTORY' });
  }
}

async function probe(path: string): Promise<void> {
  const probed = join(path, `.rockstate-probe-${randomUUID()}`);
  await mkdir(probed, { recursive: true });
  await rmdir(probed);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw invalid(url, (error as Error).message);
  }
}

function reject(path: string, reason: string): never {
  throw invalid(path, reason);
}

function invalid(path: unknown, reason: string): TypeError {
  return typeError(
    'ERR_INVALID_LOCAL_DIRECTORY',
    `Invalid local storage directory for the RocksDB state backend, ${describe(path)}: ${reason}.`,
  );
}
