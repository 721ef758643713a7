// Where the files of checkpoints are: a directory, memory, or an object store. Files are addressed by names with slashes,
// relative to the store's root.
import type { UploadOptions } from '../api/checkpoint.ts';
import type { FileSummary } from './checked-copy.ts';

/** A file that a store has. */
export interface FileEntry {
  readonly path: string;
  readonly sizeBytes: number;
}

/** How to store a file. */
export type FileUpload = Pick<UploadOptions, 'mayLink' | 'signal'>;

export interface FileStore {
  /** The store's root, or a path in it, as a user knows it: an absolute path or a URL. */
  address(path?: string): string;
  /** Stores a local file, and makes it durable. It replaces nothing: paths are used once. */
  upload(localPath: string, path: string, options?: FileUpload): Promise<FileSummary>;
  /** Brings a file to a local path, which must not exist. Only a table may be a link to the stored file. */
  download(path: string, localPath: string, signal?: AbortSignal): Promise<FileSummary>;
  /** Reads a file through, without keeping it. */
  inspect(path: string): Promise<FileSummary>;
  /** The text of a small file. */
  readText(path: string): Promise<string>;
  /** Creates a small file as a whole or not at all; what was stored before in the directories named is durable then. */
  commitText(path: string, text: string, directories: readonly string[]): Promise<void>;
  /** Names of what is directly in a directory; none when there is no such directory. */
  names(directory: string): Promise<string[]>;
  /** All files in a directory and below. */
  files(directory: string): Promise<FileEntry[]>;
  /** Removes a file, or a directory with all that it holds; nothing happens when there is none. */
  remove(path: string): Promise<void>;
  /**
   * Ends uploads that were begun and never finished, which are no files, and answers their paths. Those that this store has
   * under way go on. Only stores that keep such uploads have it.
   */
  removeUnfinished?(mayRemove: (path: string) => boolean): Promise<string[]>;
}
