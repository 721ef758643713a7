// What all sides can do. Each is a program of its own for every item, so that what a virtual machine has learned of one item
// does not show in another, as JMH does it. It is given a request as arguments, and answers lines with lines.
import type { LineProgram } from '../harness/line-program.ts';

export type BackendName = 'rocksdb' | 'hashmap';

export interface StateRequest {
  readonly item: string;
  readonly backend: BackendName;
  readonly keys: number;
  /** `unmanaged`, as in Flink's own state benchmarks, or a size that RocksDB has for a slot. */
  readonly memory: string;
  readonly directory: string;
}

/** The same order in all programs. */
export function toArguments({ item, backend, keys, memory, directory }: StateRequest): string[] {
  return [item, backend, String(keys), memory, directory];
}

export interface Ran {
  readonly ms: number;
  readonly checksum: number;
}

export interface Side {
  readonly name: string;
  /** Whether it can do an item on a backend. */
  can(item: string, backend: BackendName): boolean;
  start(request: StateRequest): Promise<StateProgram>;
}

/** The argument behind the others by which values get a time to live. */
export const WITH_TTL = 'ttl';

/** One item on one side. */
export class StateProgram {
  readonly #program: LineProgram;

  constructor(program: LineProgram) {
    this.#program = program;
  }

  /** Begins an iteration: fills the state, where it isn't yet or where each iteration begins anew. */
  async begin(): Promise<void> {
    await this.#program.ask('begin');
  }

  /** Works so many times; calls are counted from `first` on. */
  async run(first: number, calls: number): Promise<Ran> {
    const [ms, checksum] = (await this.#program.ask(`run ${first} ${calls}`)).split(' ');
    return { ms: Number(ms), checksum: Number(checksum) };
  }

  /** Ends an iteration, and waits for what it has left to be done in the background. */
  async finish(): Promise<void> {
    await this.#program.ask('finish');
  }

  /** A checksum of what there is. */
  async digest(): Promise<number> {
    return Number(await this.#program.ask('digest'));
  }

  /** What the database was opened with, as arguments of the program in bench/floor. */
  async options(): Promise<string[]> {
    return JSON.parse(await this.#program.ask('options'));
  }

  async end(): Promise<void> {
    await this.#program.end();
  }
}
