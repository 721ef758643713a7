// The run: a load of many times the budget with reads between, listings, a snapshot on the way; then reads alone.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { FileSystemCheckpointStorage } from '../../lib/index.ts';
import { scrambled } from './contents.ts';
import type { Samples } from './samples.ts';
import type { States } from './states.ts';

export interface Run {
  readonly states: States;
  readonly samples: Samples;
  readonly totalBytes: number;
  readonly reads: number;
  readonly checkpointDirectory: string;
}

const WRITES_PER_READ = 8;
const WRITES_PER_SCAN = 50_000;
const KEYS_PER_SCAN = 2_000;
const READS_PER_TURN = 64;
const SETTLE_MS = 5_000;

/** Answers how many values were written. */
export async function runLoad({ states, samples, totalBytes, reads, checkpointDirectory }: Run): Promise<number> {
  let written = 0;
  let count = 0;
  // Listings that are left open keep blocks pinned, as slow consumers do.
  const open = [states.scan(0), states.scan(4)];
  const writeUntil = async (bytes: number): Promise<void> => {
    while (written < bytes) {
      written += states.write(count++);
      if (count % WRITES_PER_READ === 0) {
        states.read(scrambled(count) % count);
      }
      if (count % WRITES_PER_SCAN === 0) {
        scanSome(states.scan(count / WRITES_PER_SCAN));
        open.shift()?.return?.();
        const listing = states.scan(count / WRITES_PER_SCAN + 3);
        listing.next();
        open.push(listing);
      }
      if (count % READS_PER_TURN === 0) {
        samples.maybeTake(written);
        await setImmediate();
      }
    }
  };
  samples.phase = 'load';
  await writeUntil(totalBytes / 2);
  samples.phase = 'snapshot';
  const storage = new FileSystemCheckpointStorage(checkpointDirectory);
  const snapshots = states.backends.map((keyed, index) => keyed.snapshot(index + 1, storage));
  await samples.during(Promise.all(snapshots.map(({ captured }) => captured)), written);
  await writeUntil(totalBytes * 0.6);
  await Promise.all(snapshots.map(({ completed }) => completed));
  samples.phase = 'load';
  await writeUntil(totalBytes);
  samples.phase = 'reads';
  for (let read = 0; read < reads; read++) {
    states.read(scrambled(read + count) % count);
    if (read % READS_PER_TURN === 0) {
      samples.maybeTake(written);
      await setImmediate();
    }
  }
  for (const listing of open) {
    listing.return?.();
  }
  samples.phase = 'idle';
  await samples.during(setTimeout(SETTLE_MS), written);
  globalThis.gc?.();
  await setImmediate();
  samples.take(written);
  return count;
}

function scanSome(listing: Iterator<number>): void {
  for (let keys = 0; keys < KEYS_PER_SCAN && !listing.next().done; keys++) {
    // Only the reading counts.
  }
  listing.return?.();
}
