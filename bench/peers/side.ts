// The other end of a store's process.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineProgram } from '../harness/line-program.ts';
import { ITEMS, type Item } from './items.ts';
import type { Ran } from './loaded-store.ts';
import { storeNamed } from './stores.ts';

const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url));

export interface SideRequest {
  readonly keys: number;
  readonly valueBytes: number;
  readonly directory: string;
}

export class Side {
  readonly name: string;
  readonly #program: LineProgram;
  readonly #directory: string;

  private constructor(name: string, program: LineProgram, directory: string) {
    this.name = name;
    this.#program = program;
    this.#directory = directory;
  }

  /** Opens a store. @throws Error when it is not installed, or has no binary for this machine. */
  static async open(name: string, { keys, valueBytes, directory }: SideRequest): Promise<Side> {
    const own = join(directory, name);
    await mkdir(own);
    const program = new LineProgram(process.execPath, ['--expose-gc', PROGRAM, name, `${keys}`, `${valueBytes}`, own]);
    const side = new Side(name, program, own);
    try {
      await side.#program.ask('open');
    } catch (error) {
      await side.end();
      throw error;
    }
    return side;
  }

  can(item: string): boolean {
    return (ITEMS[item] as Item).call in storeNamed(this.name).forms;
  }

  /** Stores all rows; answers the milliseconds that it took. */
  async load(): Promise<number> {
    return Number(await this.#program.ask('load'));
  }

  async run(item: string, first: number, operations: number): Promise<Ran> {
    const [ms, checksum] = (await this.#program.ask(`run ${first} ${operations} ${item}`)).split(' ');
    return { ms: Number(ms), checksum: Number(checksum) };
  }

  /** Waits until it does nothing in the background any more. */
  async settle(): Promise<void> {
    await this.#program.ask('settle');
  }

  async rssBytes(): Promise<number> {
    return Number(await this.#program.ask('memory'));
  }

  async end(): Promise<void> {
    await this.#program.end();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
