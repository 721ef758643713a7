// Merges small files now and then, so that checkpoints do not consist of thousands of them.
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { type CompactionTask, compactionTasks, type ManualCompactionSettings } from './compaction-tasks.ts';

const LAST_LEVEL = 6;

export class ManualCompaction {
  readonly #db: RocksDB;
  readonly #settings: ManualCompactionSettings;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #stopped = false;

  private constructor(db: RocksDB, settings: ManualCompactionSettings) {
    this.#db = db;
    this.#settings = settings;
  }

  /** Begins to scan every interval; `undefined` when that is off. */
  static start(db: RocksDB, settings: ManualCompactionSettings): ManualCompaction | undefined {
    if (settings.minIntervalMs <= 0) {
      return undefined;
    }
    const compaction = new ManualCompaction(db, settings);
    compaction.#schedule();
    return compaction;
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  // One round after the other, however long it takes: the next interval begins when all of a round have ended.
  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#round = this.#compact().finally(() => {
        if (!this.#stopped) {
          this.#schedule();
        }
      });
    }, this.#settings.minIntervalMs);
    // It keeps no process alive.
    this.#timer.unref();
  }

  async #compact(): Promise<void> {
    try {
      const tasks = compactionTasks(await this.#db.liveFiles(), this.#settings);
      await Promise.all(tasks.map((task) => this.#run(task)));
    } catch (error) {
      this.#report(error);
    }
  }

  async #run({ columnFamily: name, files, level }: CompactionTask): Promise<void> {
    const columnFamily = this.#db.columnFamilies.find((family) => family.name === name);
    if (columnFamily === undefined || this.#stopped) {
      return;
    }
    const running = Number(await this.#db.property('rocksdb.num-running-compactions', { columnFamily }));
    if (running < this.#settings.maxAutoCompactions) {
      const maxOutputFileBytes = this.#settings.maxOutputFileSizeBytes;
      const outputLevel = Math.min(level + 1, LAST_LEVEL);
      await this.#db.compactFiles(files, { columnFamily, outputLevel, maxOutputFileBytes }).catch((error) => {
        this.#report(error);
      });
    }
  }

  // RocksDB may have begun to compact a file itself meanwhile, or the database is being closed.
  #report(error: unknown): void {
    if (!this.#stopped && (error as { code?: string }).code !== 'ERR_ROCKSDB_ABORTED') {
      process.emitWarning(`A manual compaction failed: ${(error as Error).message}`, {
        type: 'RockstateWarning',
        code: 'ROCKSTATE_MANUAL_COMPACTION',
      });
    }
  }
}
