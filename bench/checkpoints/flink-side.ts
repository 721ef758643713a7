// Flink's side of the comparison: its released RocksDB state backend, in a Java process that is told what to do.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { JavaProgram, javaClassPath } from '../harness/java.ts';
import type { Rows } from './rows.ts';
import type { Change, Opened, OpenRequest, Side, Taken, Written } from './side.ts';

const HEAP = '-Xmx2g';

export class FlinkSide implements Side {
  readonly name = 'Flink';
  readonly #program: JavaProgram;
  readonly #directories = new Map<string, string>();

  private constructor(program: JavaProgram) {
    this.#program = program;
  }

  static async start(directory: string, rows: Rows): Promise<FlinkSide> {
    const temporary = join(directory, 'tmp');
    await mkdir(temporary, { recursive: true });
    const args = [directory, String(rows.keyCount), String(rows.valueBytes)];
    const options = [HEAP, `-Djava.io.tmpdir=${temporary}`];
    return new FlinkSide(new JavaProgram([...options, 'rockstate.bench.Main', ...args], await javaClassPath()));
  }

  async open({ range, ...request }: OpenRequest): Promise<Opened> {
    const opened = await this.#tell<Opened>({ do: 'open', ...request, ...range });
    this.#directories.set(request.name, opened.directory);
    return opened;
  }

  write(change: Change): Promise<Written> {
    return this.#tell({ do: change.share === undefined ? 'fill' : 'change', ...change });
  }

  checkpoint(checkpoint: number, names: readonly string[]): Promise<Taken> {
    return this.#tell({ do: 'checkpoint', checkpoint, names });
  }

  async discard(checkpoint: number): Promise<void> {
    await this.#tell({ do: 'discard', checkpoint });
  }

  async close(names: readonly string[]): Promise<{ readonly ms: number }> {
    const closed = await this.#tell<{ ms: number }>({ do: 'close', names });
    for (const name of names) {
      await rm(this.#directories.get(name) ?? '', { recursive: true, force: true });
      this.#directories.delete(name);
    }
    return closed;
  }

  async end(): Promise<void> {
    await this.#program.end();
  }

  async #tell<T>(command: object): Promise<T> {
    const answer = JSON.parse(await this.#program.ask(JSON.stringify(command)));
    if (answer.error !== undefined) {
      throw new Error(`Flink: ${answer.error}\n${this.#program.errors}`);
    }
    return answer;
  }
}
