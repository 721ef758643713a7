// What both sides of the comparison can do: rockstate in this process, and Flink in one of Java.
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { KeyGroupRange } from '../../lib/index.ts';

/** Settings under Flink's keys, which both sides understand. */
export type Settings = Readonly<Record<string, string>>;

export interface OpenRequest {
  /** Names the keyed backend in further calls. */
  readonly name: string;
  readonly range: KeyGroupRange;
  readonly settings: Settings;
  /** To restore. */
  readonly checkpoint?: number;
  /** Read as soon as the backend is open, in the same time. */
  readonly readKey?: number;
}

export interface Opened {
  readonly ms: number;
  /** Working files of the backend. */
  readonly directory: string;
}

export interface Change {
  readonly names: readonly string[];
  /** What values are made of. */
  readonly round: number;
  /** Of the keys; without it all are written, in RocksDB's order. */
  readonly share?: number;
}

export interface Written {
  readonly ms: number;
  readonly checksum: number;
}

export interface Taken {
  /** Until the state may be written again. */
  readonly capturedMs: number;
  readonly totalMs: number;
  /** Bytes that this checkpoint has stored. */
  readonly writtenBytes: number;
  /** Bytes that a restore reads. */
  readonly sizeBytes: number;
}

export interface Side {
  readonly name: string;
  open(request: OpenRequest): Promise<Opened>;
  write(change: Change): Promise<Written>;
  /** One checkpoint of the named backends, which is confirmed. */
  checkpoint(checkpoint: number, names: readonly string[]): Promise<Taken>;
  discard(checkpoint: number): Promise<void>;
  /** Waits for a compaction that a restore has begun. */
  close(names: readonly string[]): Promise<{ readonly ms: number }>;
  end(): Promise<void>;
}

const QUIET_MS = 1000;

/** Waits until no flush or compaction changes the files of a backend, and the device has all that was written. */
export async function settle(directory: string): Promise<void> {
  for (let before = '', now = await tablesIn(directory); now !== before; now = await tablesIn(directory)) {
    before = now;
    await setTimeout(QUIET_MS);
  }
  await writeBack();
}

/** Waits until the devices have all that was written, so that it is not what slows down the next measurement. */
export async function writeBack(): Promise<void> {
  await promisify(execFile)('sync');
}

async function tablesIn(directory: string): Promise<string> {
  const names = await readdir(directory, { recursive: true });
  const tables = names.filter((name) => name.endsWith('.sst')).sort();
  // One may be gone by now.
  const sizes = await Promise.all(tables.map((name) => stat(join(directory, name)).catch(() => undefined)));
  return JSON.stringify(tables.map((name, index) => [name, sizes[index]?.size]));
}
