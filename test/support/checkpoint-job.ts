// What the model test of checkpoints runs: a job of several backends, its storage, and what both must be.
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StateBackend } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { Job } from './rescaling.ts';
import { expectOnlyNeeded } from './stored-files.ts';
import { withBackend } from './with-backend.ts';

const VALUE = new ValueStateDescriptor('value', Types.STRING);
const LIST = new ListStateDescriptor('list', Types.INT);
const MAP = new MapStateDescriptor('map', Types.INT, Types.STRING);
const STATES = [VALUE, LIST, MAP];

/** Keys are the integers below. */
export const KEYS = 40;

interface Row {
  readonly value?: string | undefined;
  readonly list: readonly number[];
  readonly map: Readonly<Record<number, string>>;
}

const NO_ROW: Row = { list: [], map: {} };

type Open = Parameters<typeof Job.open<number>>[0];

type Oracle = ReadonlyMap<number, Row>;

/** How a checkpoint ends: `quiet` is complete, but its backends are never told. */
export type Outcome = 'confirmed' | 'quiet' | 'aborted';

export interface JobSettings {
  readonly maxParallelism: number;
  readonly parallelism: number;
  readonly retained: number | undefined;
  readonly inlineThresholdBytes: number;
  readonly create: () => StateBackend;
}

export interface Write {
  readonly key: number;
  readonly what: 'value' | 'clear' | 'list' | 'map' | 'unmap';
  readonly number: number;
}

export interface Played {
  writes: number;
  completed: number;
  aborted: number;
  overlapped: number;
  discarded: number;
  restored: number;
  rescaled: number;
}

export class CheckpointJob {
  readonly #settings: JobSettings;
  readonly #played: Played;
  readonly #open: Open;
  readonly #directory: string;
  #storage: FileSystemCheckpointStorage;
  #job: Job<number>;
  #oracle = new Map<number, Row>();
  readonly #complete = new Map<number, Oracle>();
  #underWay: (() => Promise<void>) | undefined;
  #lastId = 0;

  private constructor(settings: JobSettings, played: Played, open: Open, job: Job<number>, at: string) {
    this.#settings = settings;
    this.#played = played;
    this.#open = open;
    this.#job = job;
    this.#directory = at;
    this.#storage = this.#openStorage();
  }

  static run(settings: JobSettings, played: Played, program: (job: CheckpointJob) => Promise<void>): Promise<void> {
    const { parallelism, maxParallelism } = settings;
    return withBackend(settings.create, async ({ directory, open }) => {
      const options = { keyType: Types.INT, maxParallelism, states: STATES };
      const opened = await Job.open(open, options, { parallelism });
      const job = new CheckpointJob(settings, played, open, opened, join(directory, 'checkpoints'));
      await program(job);
      await job.#finish();
      await job.#expectRows();
    });
  }

  write({ key, what, number }: Write): void {
    const keyed = this.#job.at(key);
    const row = this.#oracle.get(key) ?? NO_ROW;
    const text = `${number}`.repeat(1 + (number % 50));
    if (what === 'value') {
      keyed.getState(VALUE).update(text);
      this.#oracle.set(key, { ...row, value: text });
    } else if (what === 'list') {
      keyed.getListState(LIST).add(number);
      this.#oracle.set(key, { ...row, list: [...row.list, number] });
    } else if (what === 'map') {
      keyed.getMapState(MAP).put(number % 5, text);
      this.#oracle.set(key, { ...row, map: { ...row.map, [number % 5]: text } });
    } else if (what === 'unmap') {
      keyed.getMapState(MAP).remove(number % 5);
      const { [number % 5]: _, ...map } = row.map;
      this.#oracle.set(key, { ...row, map });
    } else {
      keyed.getState(VALUE).clear();
      keyed.getListState(LIST).clear();
      keyed.getMapState(MAP).clear();
      this.#oracle.delete(key);
    }
    this.#played.writes++;
  }

  /** Takes a checkpoint; when `late`, it is ended only after the next one has begun. */
  async checkpoint(outcome: Outcome, late: boolean): Promise<void> {
    const id = ++this.#lastId;
    const oracle = new Map(this.#oracle);
    const job = this.#job;
    const checkpoint = await this.#storage.begin(id);
    const snapshots = job.keyeds.map((keyed) => keyed.snapshot(id, checkpoint));
    await Promise.all(snapshots.map(({ captured }) => captured));
    const before = this.#underWay;
    this.#underWay = async () => {
      if (outcome === 'aborted') {
        await checkpoint.abort();
        await Promise.allSettled(snapshots);
        job.keyeds.forEach((keyed) => {
          keyed.notifyCheckpointAborted(id);
        });
        this.#played.aborted++;
        return;
      }
      await checkpoint.complete(await Promise.all(snapshots));
      if (outcome === 'confirmed') {
        job.keyeds.forEach((keyed) => {
          keyed.notifyCheckpointComplete(id);
        });
      }
      this.#complete.set(id, oracle);
      this.#retain();
      this.#played.completed++;
    };
    if (before !== undefined) {
      this.#played.overlapped++;
      await before();
    }
    if (!late) {
      await this.#finish();
    }
  }

  async discard(which: number): Promise<void> {
    const ids = [...this.#complete.keys()];
    const id = ids[which % ids.length];
    if (id !== undefined) {
      await this.#storage.discard(id);
      this.#complete.delete(id);
      this.#played.discarded++;
      if (this.#underWay === undefined) {
        await this.#expectStored();
      }
    }
  }

  /** Goes on from a checkpoint, in another number of backends, perhaps with a new storage as after a crash. */
  async restore(which: number, parallelism: number, anew: boolean): Promise<void> {
    await this.#finish();
    const ids = [...this.#complete.keys()];
    const id = ids[which % ids.length];
    if (id === undefined) {
      return;
    }
    const { keyeds } = this.#job;
    await this.#job.close();
    if (anew) {
      this.#storage = this.#openStorage();
    }
    const checkpoint = await this.#storage.openCheckpoint(id);
    const { maxParallelism } = this.#settings;
    const from = { storage: this.#storage, checkpoint };
    const options = { keyType: Types.INT, maxParallelism, states: STATES };
    this.#job = await Job.open(this.#open, options, { parallelism, from });
    this.#oracle = new Map(this.#complete.get(id));
    this.#played.restored++;
    this.#played.rescaled += keyeds.length === parallelism ? 0 : 1;
    await this.#expectRows();
  }

  async #finish(): Promise<void> {
    const underWay = this.#underWay;
    this.#underWay = undefined;
    await underWay?.();
    await this.#expectStored();
  }

  #retain(): void {
    const ids = [...this.#complete.keys()].sort((a, b) => a - b);
    for (const id of ids.slice(0, -(this.#settings.retained ?? ids.length))) {
      this.#complete.delete(id);
    }
  }

  async #expectStored(): Promise<void> {
    expect(await this.#storage.list()).toEqual([...this.#complete.keys()].sort((a, b) => a - b));
    await expectOnlyNeeded(this.#storage);
  }

  async #expectRows(): Promise<void> {
    let rows = 0;
    for (let key = 0; key < KEYS; key++) {
      const keyed = this.#job.at(key);
      const { value, list, map } = this.#oracle.get(key) ?? NO_ROW;
      expect(keyed.getState(VALUE).value()).toBe(value);
      expect([...(keyed.getListState(LIST).get() ?? [])]).toEqual(list);
      expect(
        Object.fromEntries(Array.from(keyed.getMapState(MAP).entries(), (entry) => [entry.key, entry.value])),
      ).toEqual(map);
      rows += (value === undefined ? 0 : 1) + (list.length === 0 ? 0 : 1) + Object.keys(map).length;
    }
    const stored = await Promise.all(this.#job.keyeds.map((keyed) => keyed.numKeyValueStateEntries()));
    expect(stored.reduce((sum, each) => sum + each, 0)).toBe(rows);
  }

  #openStorage(): FileSystemCheckpointStorage {
    const { inlineThresholdBytes, retained } = this.#settings;
    return new FileSystemCheckpointStorage(this.#directory, { inlineThresholdBytes, retained });
  }
}
