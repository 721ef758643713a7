// The lines of text files. A file is a split, with the byte that the next line begins at.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TypeInformation } from '../../api/type-information.ts';
import { Types } from '../../bytes/types.ts';
import { type Positioned, QueuedReader } from './queued-reader.ts';
import type { Source, SourceReader } from './source.ts';

/** What is left of a file. */
export interface FileSplit {
  readonly path: string;
  /** Bytes from its beginning. */
  readonly offset: number;
}

interface Position {
  /** Index of the split. */
  readonly split: number;
  readonly offset: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads text files in UTF-8 line by line, without the line breaks. A directory stands for the files directly in it, whose
 * names do not begin with a dot.
 */
export class FileLinesSource implements Source<string, FileSplit> {
  readonly boundedness = 'BOUNDED';
  readonly type: TypeInformation<string> = Types.STRING;
  readonly #paths: readonly string[];

  constructor(...paths: string[]) {
    this.#paths = paths.map((path) => resolve(path));
  }

  /** @throws Error (as a rejection) for a path that is not there. */
  async splits(): Promise<FileSplit[]> {
    const files = await Promise.all(this.#paths.map(filesAt));
    return files.flat().map((path) => ({ path, offset: 0 }));
  }

  createReader(splits: readonly FileSplit[]): SourceReader<string, FileSplit> {
    const reader = new QueuedReader<string, Position>(linesOf(splits), { split: 0, offset: splits[0]?.offset ?? 0 });
    return {
      pollNext: (output) => reader.pollNext(output),
      isAvailable: () => reader.isAvailable(),
      snapshotState: () => {
        const { split, offset } = reader.position;
        return splits.slice(split).map((each, index) => (index === 0 ? { path: each.path, offset } : each));
      },
      close: () => reader.close(),
    };
  }
}

async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return files.map(({ name }) => join(path, name)).sort();
}

async function* linesOf(splits: readonly FileSplit[]): AsyncGenerator<Positioned<string, Position>> {
  for (const [split, { path, offset }] of splits.entries()) {
    for await (const { line, end } of linesFrom(path, offset)) {
      yield { value: line, position: { split, offset: end } };
    }
  }
}

/** Lines from a byte on, each with the byte that the next one begins at. */
async function* linesFrom(
  path: string,
  start: number,
): AsyncGenerator<{ readonly line: string; readonly end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let position = start;
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      const length = at > from && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
      position += at + 1 - from;
      yield { line: bytes.toString('utf8', from, length), end: position };
      from = at + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) {
    yield { line: rest.toString('utf8'), end: position + rest.length };
  }
}
