// The job: restore, count every phrase of the book in keyed state with checkpoints on the way, read the result back.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateBackend,
  type KeyedStateHandle,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from 'rockstate';
import { type CheckpointEvent, Checkpoints, type Position } from './checkpoints.ts';
import { CountsDigest } from './digest.ts';
import { LONGEST_PHRASE, visitPhrasesEndingAt } from './ngrams.ts';
import { type RankedPhrase, Ranking } from './ranking.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const RANKED_PHRASES = 10;
// Between slices of work timers, signals and the upload of a checkpoint have their turn.
const SLICE_MS = 2;

export interface JobOptions {
  readonly words: readonly string[];
  /** Checkpoints are here; working files are below it while the job runs. */
  readonly directory: string;
  /** Empty state, the newest complete checkpoint if there is one, or the checkpoint with an id. */
  readonly start: 'empty' | 'newest' | number;
  readonly intervalMs: number;
  /** Stops the job at the next record: it then throws the signal's reason. */
  readonly signal: AbortSignal;
  readonly report: (event: JobEvent) => void;
}

export type JobEvent =
  | CheckpointEvent
  | { readonly type: 'restored'; readonly checkpointId: number; readonly tokens: number; readonly durationMs: number }
  | { readonly type: 'progress'; readonly phase: 'counting' | 'reading'; readonly tokens: number };

export interface JobResult {
  /** Distinct phrases. */
  readonly phrases: number;
  /** Of all counts. */
  readonly digest: string;
  /** The most frequent phrases, by length. */
  readonly rankings: readonly (readonly RankedPhrase[])[];
  readonly stateBytes: number;
  readonly countingMs: number;
  readonly readingMs: number;
}

export async function runJob(options: JobOptions): Promise<JobResult> {
  const localDir = join(options.directory, 'count-phrases-working-files');
  // What a killed process left.
  await rm(localDir, { recursive: true, force: true });
  try {
    return await countAndRead(options, localDir);
  } finally {
    await rm(localDir, { recursive: true, force: true });
  }
}

async function countAndRead(options: JobOptions, localDir: string): Promise<JobResult> {
  const { start, report, signal } = options;
  const storage = new FileSystemCheckpointStorage(options.directory);
  const handle = await handleOf(start, storage);
  const from = handle === undefined ? { tokens: 0, phrases: 0 } : positionIn(handle, options.words.length);

  const restoringAt = performance.now();
  await using keyed = await new EmbeddedRocksDBStateBackend().createKeyedStateBackend({
    keyType: Types.STRING,
    localDir,
    states: [COUNT],
    ...(handle !== undefined && { restore: { storage, handle } }),
  });
  signal.throwIfAborted();
  if (handle !== undefined) {
    const durationMs = performance.now() - restoringAt;
    report({ type: 'restored', checkpointId: handle.checkpointId, tokens: from.tokens, durationMs });
  }

  const checkpoints = await Checkpoints.begin({ ...options, keyed, storage, restoredFrom: handle });
  const countingAt = performance.now();
  const { phrases } = await count(options, keyed, checkpoints, from);
  const readingAt = performance.now();
  const { digest, rankings } = await read(options, keyed);
  return {
    phrases,
    digest,
    rankings,
    stateBytes: await keyed.localSizeBytes(),
    countingMs: readingAt - countingAt,
    readingMs: performance.now() - readingAt,
  };
}

async function handleOf(
  start: JobOptions['start'],
  storage: FileSystemCheckpointStorage,
): Promise<KeyedStateHandle | undefined> {
  if (start === 'empty') {
    return undefined;
  }
  return start === 'newest' ? storage.latest() : storage.open(start);
}

function positionIn(handle: KeyedStateHandle, limit: number): Position {
  const position = handle.attachment as unknown as Position | null;
  if (!Number.isSafeInteger(position?.tokens) || !Number.isSafeInteger(position?.phrases)) {
    throw new Error(`Checkpoint ${handle.checkpointId} at ${handle.location} is not one of this job.`);
  }
  const { tokens, phrases } = position as Position;
  if (tokens > limit) {
    throw new Error(`Checkpoint ${handle.checkpointId} has ${tokens} words already; this run is to count ${limit}.`);
  }
  return { tokens, phrases };
}

async function count(
  { words, signal, report }: JobOptions,
  keyed: KeyedStateBackend<string>,
  checkpoints: Checkpoints,
  from: Position,
): Promise<Position> {
  const counts = keyed.getState(COUNT);
  let { tokens, phrases } = from;
  const countPhrase = (phrase: string): void => {
    keyed.setCurrentKey(phrase);
    const before = counts.value() ?? 0;
    counts.update(before + 1);
    phrases += before === 0 ? 1 : 0;
  };
  for (;;) {
    report({ type: 'progress', phase: 'counting', tokens });
    await setImmediate();
    signal.throwIfAborted();
    if (tokens === words.length) {
      break;
    }
    if (checkpoints.isDue()) {
      await checkpoints.take({ tokens, phrases });
    }
    tokens = workForSlice(tokens, words.length, (index) => visitPhrasesEndingAt(words, index, countPhrase));
  }
  await checkpoints.settle();
  if (tokens > from.tokens) {
    // Holds the result.
    await checkpoints.take({ tokens, phrases });
    await checkpoints.settle();
  }
  return { tokens, phrases };
}

// The state holds the phrases of the text and no others, so walking the text again visits all of them, with no list of
// keys in memory: each as often as it was counted, which digest and rankings allow for.
async function read({ words, signal, report }: JobOptions, keyed: KeyedStateBackend<string>) {
  const counts: ValueState<number> = keyed.getState(COUNT);
  const digest = new CountsDigest();
  const rankings = Array.from({ length: LONGEST_PHRASE }, () => new Ranking(RANKED_PHRASES));
  const readPhrase = (phrase: string, length: number): void => {
    keyed.setCurrentKey(phrase);
    const count = counts.value() ?? 0;
    digest.add(phrase, count);
    rankings[length - 1]?.offer(phrase, count);
  };
  let tokens = 0;
  while (tokens < words.length) {
    tokens = workForSlice(tokens, words.length, (index) => visitPhrasesEndingAt(words, index, readPhrase));
    report({ type: 'progress', phase: 'reading', tokens });
    await setImmediate();
    signal.throwIfAborted();
  }
  return { digest: digest.toString(), rankings: rankings.map((ranking) => ranking.toArray()) };
}

function workForSlice(begin: number, end: number, work: (index: number) => void): number {
  const until = performance.now() + SLICE_MS;
  let index = begin;
  while (index < end && performance.now() < until) {
    work(index++);
  }
  return index;
}
