// What the working files of a keyed backend tell: RocksDB logs every flush, and every table is a file.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

function namesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' });
}

export function flushesIn(directory: string): number {
  return namesIn(directory)
    .filter((name) => basename(name).startsWith('LOG'))
    .map((name) => readFileSync(join(directory, name), 'latin1').split('"event": "flush_started"').length - 1)
    .reduce((sum, flushes) => sum + flushes, 0);
}

export function filesIn(directory: string): number {
  return namesIn(directory).filter((name) => name.endsWith('.sst')).length;
}
