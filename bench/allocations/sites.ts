// Finds the functions that allocate, with V8's sampling heap profiler.

import { existsSync, readFileSync } from 'node:fs';
import { type HeapProfiler, type Runtime, Session } from 'node:inspector/promises';
import { SourceMap } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { work } from './counted.ts';
import type { Call } from './items.ts';

/** A function, and what it allocates in each call of the operation, as V8 estimates. */
export interface Site {
  /** Its name, and the file and line in which it begins. */
  readonly place: string;
  readonly bytes: number;
}

const SAMPLE_EVERY_BYTES = 512;
const LEAST_BYTES = 1;

export async function sitesOf(call: Call, first: number, calls: number): Promise<Site[]> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: SAMPLE_EVERY_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  work(call, first, calls);
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  const bytes = new Map<string, number>();
  addBytes(profile.head, bytes);
  return [...bytes]
    .map(([place, sum]) => ({ place, bytes: sum / calls }))
    .filter((site) => site.bytes >= LEAST_BYTES)
    .sort((a, b) => b.bytes - a.bytes);
}

function addBytes(node: HeapProfiler.SamplingHeapProfileNode, bytes: Map<string, number>): void {
  const place = `${node.callFrame.functionName || '(anonymous)'} ${sourceOf(node.callFrame)}`;
  bytes.set(place, (bytes.get(place) ?? 0) + node.selfSize);
  for (const child of node.children) {
    addBytes(child, bytes);
  }
}

/** Where a function is in what was compiled, as far as the compiler has told. */
function sourceOf({ url, lineNumber, columnNumber }: Runtime.CallFrame): string {
  const map = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : '';
  if (!existsSync(map)) {
    return `${url}:${lineNumber + 1}`;
  }
  const entry = new SourceMap(JSON.parse(readFileSync(map, 'utf8'))).findEntry(lineNumber, columnNumber);
  if (!('originalSource' in entry)) {
    return `${url}:${lineNumber + 1}`;
  }
  return `${relative('.', resolve(map, '..', entry.originalSource))}:${entry.originalLine + 1}`;
}
