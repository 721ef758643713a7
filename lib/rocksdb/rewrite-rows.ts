// Rewriting the values of a column family as those of another type: what is asked for, and how it is followed.
import type { NativeDb, NativeRowsToRewrite } from '../binding/surface.ts';
import type { ColumnFamily } from './column-family.ts';
import { untilAborted } from './key-group-files.ts';
import { MAX_COPIED_BATCH_BYTES } from './range-options.ts';

/** Which rows to rewrite, and how. */
export interface RowsToRewrite extends Pick<NativeRowsToRewrite, 'rows' | 'change'> {
  readonly columnFamily: ColumnFamily;
  /** For files on their way: absolute, must not exist, and does not afterwards; best on the file system of the database. */
  readonly directory: string;
  /** Rows of no more than so many bytes are written as one batch, more as files. Default 4 MiB. */
  readonly maxBatchBytes?: number;
}

/** How often the progress of rewriting is told, in milliseconds. */
const PROGRESS_INTERVAL_MS = 100;

/** What native is asked for. */
export function toNativeRewrite({ columnFamily: _, maxBatchBytes, ...rest }: RowsToRewrite): NativeRowsToRewrite {
  return { ...rest, maxBatchBytes: maxBatchBytes ?? MAX_COPIED_BATCH_BYTES };
}

/** Rewrites on a worker, telling how many rows were read so far; answers how many there were. */
export async function rewriteRows(
  native: NativeDb,
  request: RowsToRewrite,
  signal: AbortSignal | undefined,
  onProgress: ((rows: number) => void) | undefined,
): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    const task = native.rewriteRows(request.columnFamily.number, toNativeRewrite(request));
    timer = onProgress && setInterval(() => onProgress(task.progress()), PROGRESS_INTERVAL_MS);
    return task;
  };
  try {
    const rows = await untilAborted(start, signal);
    onProgress?.(rows);
    return rows;
  } finally {
    clearInterval(timer);
  }
}
