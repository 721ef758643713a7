// This library's side of the comparison.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import {
  type CompletedCheckpoint,
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateBackend,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { isIn, KEY_GROUPS, type Rows, Values } from './rows.ts';
import type { Change, Opened, OpenRequest, Side, Taken, Written } from './side.ts';

const STATE = new ValueStateDescriptor('value', Types.BYTES);
const WRITES_PER_TURN = 1000;
// What a configuration gives, in Flink as well.
const INLINE_BYTES = 20 * 1024;

interface OpenState {
  readonly keyed: KeyedStateBackend<number>;
  readonly state: ValueState<Uint8Array>;
  readonly directory: string;
}

export class RockstateSide implements Side {
  readonly name = 'rockstate';
  readonly storage: FileSystemCheckpointStorage;
  readonly #directory: string;
  readonly #rows: Rows;
  readonly #states = new Map<string, OpenState>();
  readonly #checkpoints = new Map<number, CompletedCheckpoint>();
  #opened = 0;

  constructor(directory: string, rows: Rows) {
    this.#directory = directory;
    this.#rows = rows;
    this.storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'), {
      inlineThresholdBytes: INLINE_BYTES,
    });
  }

  async open({ name, range, settings, checkpoint, readKey }: OpenRequest): Promise<Opened> {
    const directory = join(this.#directory, `local-${++this.#opened}`);
    await mkdir(directory, { recursive: true });
    const handles = checkpoint === undefined ? undefined : this.#checkpoints.get(checkpoint)?.handles;
    const start = performance.now();
    const keyed = await new EmbeddedRocksDBStateBackend().configure(settings).createKeyedStateBackend({
      keyType: Types.LONG,
      maxParallelism: KEY_GROUPS,
      keyGroupRange: range,
      localDir: directory,
      slot: {},
      states: [STATE],
      ...(handles && { restore: { storage: this.storage, handles } }),
    });
    const state = keyed.getState(STATE);
    if (readKey !== undefined) {
      keyed.setCurrentKey(readKey);
      if (state.value() === undefined) {
        throw new Error(`Key ${readKey} is not there.`);
      }
    }
    const ms = performance.now() - start;
    this.#states.set(name, { keyed, state, directory });
    return { ms, directory };
  }

  /** A keyed backend that is open. */
  opened(name: string): OpenState {
    const found = this.#states.get(name);
    if (found === undefined) {
      throw new Error(`There is no open backend '${name}'.`);
    }
    return found;
  }

  async write({ names, round, share }: Change): Promise<Written> {
    const keys = share === undefined ? this.#rows.inOrder() : this.#rows.scattered(round, share);
    const values = new Values(this.#rows.valueBytes);
    const start = performance.now();
    for (const { keyed, state } of names.map((name) => this.opened(name))) {
      for (let first = 0; first < keys.length; first += WRITES_PER_TURN) {
        for (const key of keys.subarray(first, first + WRITES_PER_TURN)) {
          if (isIn(keyed.keyGroupRange, key)) {
            keyed.setCurrentKey(key);
            state.update(values.make(key, round));
          }
        }
        await setImmediate();
      }
    }
    return { ms: performance.now() - start, checksum: values.checksum };
  }

  async checkpoint(checkpoint: number, names: readonly string[]): Promise<Taken> {
    const backends = names.map((name) => this.opened(name).keyed);
    let capturedMs = 0;
    const start = performance.now();
    const writer = await this.storage.begin(checkpoint);
    const handles = [];
    for (const keyed of backends) {
      const before = performance.now();
      const snapshot = keyed.snapshot(checkpoint, writer);
      await snapshot.captured;
      capturedMs += performance.now() - before;
      handles.push(await snapshot);
    }
    const completed = await writer.complete(handles);
    const totalMs = performance.now() - start;
    for (const keyed of backends) {
      keyed.notifyCheckpointComplete(checkpoint);
    }
    this.#checkpoints.set(checkpoint, completed);
    return {
      capturedMs,
      totalMs,
      writtenBytes: handles.reduce((sum, handle) => sum + handle.checkpointedSizeBytes, 0),
      sizeBytes: handles.reduce((sum, handle) => sum + handle.sizeBytes, 0),
    };
  }

  async discard(checkpoint: number): Promise<void> {
    this.#checkpoints.delete(checkpoint);
    await this.storage.discard(checkpoint);
  }

  async close(names: readonly string[]): Promise<{ readonly ms: number }> {
    const closing = names.map((name) => this.opened(name));
    const start = performance.now();
    for (const { keyed } of closing) {
      await keyed.close();
    }
    const ms = performance.now() - start;
    for (const { directory } of closing) {
      await rm(directory, { recursive: true, force: true });
    }
    for (const name of names) {
      this.#states.delete(name);
    }
    return { ms };
  }

  async end(): Promise<void> {
    await this.close([...this.#states.keys()]);
  }
}
