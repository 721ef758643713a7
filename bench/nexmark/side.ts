// What both sides of the comparison can do: rockstate in this process, and Flink in one of Java.

export type BackendName = 'hashmap' | 'rocksdb';

export interface RunRequest {
  readonly query: string;
  readonly backend: BackendName;
  /** How many events there are. */
  readonly events: number;
  /** After how many events there is a watermark. */
  readonly watermarkEvery: number;
  /** By how much an event may come later than one that happened after it. */
  readonly watermarkDelayMs: number;
  /** For RocksDB, such as `512m`. */
  readonly managedMemory: string;
}

/** What a run came to. */
export interface Ran {
  /** From the first event until all results had come. */
  readonly seconds: number;
  /** Of the results; the checksum does not depend on their order. */
  readonly count: number;
  readonly checksum: number;
}

export interface Side {
  readonly name: string;
  /** Of all fields, in order. */
  checksumOfEvents(events: number): number | Promise<number>;
  run(request: RunRequest): Promise<Ran>;
  end(): Promise<void>;
}
