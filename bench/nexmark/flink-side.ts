// Flink's side: the queries as jobs of a released Flink on its local MiniCluster, in a Java process that is told what to run.
import { mkdir } from 'node:fs/promises';
import { JavaProgram, javaClassPath } from '../harness/java.ts';
import type { NexmarkSettings } from './generator/settings.ts';
import type { Ran, RunRequest, Side } from './side.ts';

// As in Flink's own scripts for Java 17.
const JAVA_OPTIONS = ['-Xmx2g', '--add-opens=java.base/java.util=ALL-UNNAMED'];

export class FlinkSide implements Side {
  readonly name = 'Flink';
  readonly #program: JavaProgram;
  readonly #settings: NexmarkSettings;

  private constructor(program: JavaProgram, settings: NexmarkSettings) {
    this.#program = program;
    this.#settings = settings;
  }

  static async start(directory: string, settings: NexmarkSettings): Promise<FlinkSide> {
    await mkdir(directory, { recursive: true });
    const options = [...JAVA_OPTIONS, `-Djava.io.tmpdir=${directory}`];
    const args = [...options, 'rockstate.bench.nexmark.Nexmark', directory];
    return new FlinkSide(new JavaProgram(args, await javaClassPath()), settings);
  }

  async checksumOfEvents(events: number): Promise<number> {
    const { checksum } = await this.#tell<{ checksum: number }>({ do: 'events', events });
    return checksum;
  }

  run(request: RunRequest): Promise<Ran> {
    return this.#tell({ do: 'run', ...request });
  }

  async end(): Promise<void> {
    await this.#program.end();
  }

  async #tell<T>(command: object): Promise<T> {
    const answer = JSON.parse(await this.#program.ask(JSON.stringify({ ...command, settings: this.#settings })));
    if (answer.error !== undefined) {
      throw new Error(`Flink: ${answer.error}\n${this.#program.errors}`);
    }
    return answer;
  }
}
