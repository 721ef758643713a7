// Finds the files of a savepoint: from the pointer to the directory, and from paths in `_metadata` to files. What `_metadata`
// says comes from outside: a path that leaves the savepoint's directory is refused unless the caller allows it.
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { RestoreError } from '../errors.ts';
import type { FileStream, RelativeFileStream, SegmentStream } from './handles.ts';

/** The name of the file that describes a savepoint or checkpoint. */
export const METADATA_FILE_NAME = '_metadata';

/** Where a savepoint is. */
export interface SavepointLocation {
  /** What paths are relative to. */
  readonly directory: string;
  readonly metadataFile: string;
}

/** Which paths that leave the savepoint's directory are followed. */
export interface SavepointPathOptions {
  /**
   * What absolute paths begin with, and what to put in its place: for a savepoint that was moved, or whose paths are those of
   * another machine. The longest that fits is taken. Files in the places that are put are allowed.
   */
  readonly mappings?: readonly { readonly from: string; readonly to: string }[];
  /** Directories beside the savepoint's that files may be in: that of shared files, for a checkpoint. */
  readonly allowedDirectories?: readonly string[];
  /** Whether files may be anywhere. Only for savepoints that are trusted. */
  readonly allowOutside?: boolean;
}

const SCHEME = /^([a-z][a-z0-9+.-]+):/i;
// `file:/a`, `file:///a` or `file://host/a`. Flink does not escape characters in it.
const FILE_SCHEME = /^file:(?:\/\/[^/]*)?\/*/i;

/**
 * @param pointer - the directory or its `_metadata`, as a path or a `file:` URI.
 * @throws RestoreError when there is neither.
 */
export async function locateSavepoint(pointer: string): Promise<SavepointLocation> {
  const path = resolve(localPathOf(pointer));
  try {
    const isDirectory = (await stat(path)).isDirectory();
    const metadataFile = isDirectory ? join(path, METADATA_FILE_NAME) : path;
    await stat(metadataFile);
    return { directory: dirname(metadataFile), metadataFile };
  } catch (cause) {
    throw new RestoreError(`There is no savepoint at '${pointer}': ${(cause as Error).message}`, { cause });
  }
}

/** The files of one savepoint. */
export class SavepointPaths {
  readonly #directory: string;
  readonly #options: SavepointPathOptions;

  constructor(directory: string, options: SavepointPathOptions = {}) {
    this.#directory = resolve(directory);
    this.#options = options;
  }

  /**
   * The real path of the file that a handle names. An absolute one that is not there is looked for under its name in the
   * savepoint's directory, as the directory may have been moved.
   *
   * @throws RestoreError when the file is not there, or outside of where files may be.
   */
  async resolve(handle: FileStream | RelativeFileStream | SegmentStream): Promise<string> {
    const candidates =
      handle.kind === 'relative-file'
        ? [join(this.#directory, this.#relative(handle.path))]
        : this.#absolute(handle.path);
    for (const candidate of candidates) {
      const real = await realPathOf(candidate);
      if (real !== undefined) {
        return this.#checked(handle.path, real);
      }
    }
    throw new RestoreError(
      `The savepoint in '${this.#directory}' names the file '${handle.path}', which is not there. ` +
        'If it was moved, say where with a mapping.',
    );
  }

  #relative(path: string): string {
    if (isAbsolute(path) || SCHEME.test(path) || path.includes('\0')) {
      throw this.#refused(path, 'it should be relative');
    }
    return path;
  }

  #absolute(path: string): string[] {
    if (path.includes('\0')) {
      throw this.#refused(path, 'it has a NUL character');
    }
    const { mappings = [] } = this.#options;
    const [mapping] = mappings
      .filter(({ from }) => startsWithDirectory(path, from))
      .sort((a, b) => b.from.length - a.from.length);
    const own = join(this.#directory, basename(path));
    return mapping === undefined
      ? [localPathOf(path), own]
      : [join(localPathOf(mapping.to), path.slice(mapping.from.length)), own];
  }

  // Symbolic links are followed first, so that none leads out.
  async #checked(path: string, real: string): Promise<string> {
    const { allowOutside = false, allowedDirectories = [], mappings = [] } = this.#options;
    const allowed = [this.#directory, ...allowedDirectories, ...mappings.map(({ to }) => localPathOf(to))];
    for (const directory of allowOutside ? [] : allowed) {
      const realDirectory = await realPathOf(directory);
      if (realDirectory !== undefined && startsWithDirectory(real, realDirectory)) {
        return real;
      }
    }
    if (allowOutside) {
      return real;
    }
    throw this.#refused(path, `it leads to '${real}'; allow its directory if that is right`);
  }

  #refused(path: string, reason: string): RestoreError {
    return new RestoreError(
      `The savepoint in '${this.#directory}' names the file '${path}', which is outside of where its files may be: ${reason}.`,
    );
  }
}

/** @throws RestoreError when the path has a scheme other than `file:`. */
function localPathOf(path: string): string {
  const [, scheme] = SCHEME.exec(path) ?? [];
  if (scheme === undefined) {
    return path;
  }
  if (scheme.toLowerCase() !== 'file') {
    throw new RestoreError(`'${path}' is not in a local directory; copy it to one, and say where with a mapping.`);
  }
  return path.replace(FILE_SCHEME, '/');
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

function startsWithDirectory(path: string, directory: string): boolean {
  const end = directory.endsWith(sep) ? directory : directory + sep;
  return path === directory || path.startsWith(end);
}
