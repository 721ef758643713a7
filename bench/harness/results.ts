// Keeps results: as JSON, with what machine they are of, and charts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Writes `bench/results/<name>.json`, below the current directory, and answers its path. */
export function saveResults(name: string, results: object): string {
  const path = pathOf(`${name}.json`);
  const machine = {
    cpu: cpus()[0]?.model,
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
  writeFileSync(path, `${JSON.stringify({ name, date: new Date().toISOString(), machine, ...results }, null, 2)}\n`);
  return path;
}

/** Writes `bench/results/<name>.svg`, below the current directory, and answers its path. */
export function saveChart(name: string, svg: string): string {
  const path = pathOf(`${name}.svg`);
  writeFileSync(path, svg);
  return path;
}

function pathOf(file: string): string {
  const directory = join('bench', 'results');
  mkdirSync(directory, { recursive: true });
  return join(directory, file);
}
