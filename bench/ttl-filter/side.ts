// What both sides can do. Each is a program of its own for every kind of state, and answers lines with lines.
import { fileURLToPath } from 'node:url';
import { JavaProgram, javaClassPath } from '../harness/java.ts';
import { LineProgram } from '../harness/line-program.ts';

const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url));

/** How much of the entries has expired; `off`: nothing, and there is no filter. */
export type Expired = 'off' | 'none' | 'half' | 'all';

export interface Request {
  readonly kind: string;
  readonly entries: number;
  readonly directory: string;
}

export interface Side {
  readonly name: string;
  start(request: Request): CompactionProgram;
}

export class CompactionProgram {
  readonly #program: LineProgram;

  constructor(program: LineProgram) {
    this.#program = program;
  }

  /** Fills a new database. */
  async fill(expired: Expired): Promise<void> {
    await this.#program.ask(`fill ${expired}`);
  }

  /** Compacts everything. Answers milliseconds. */
  async compact(): Promise<number> {
    return Number(await this.#program.ask('compact'));
  }

  /** How many rows there are, and the bytes of their values. */
  async left(): Promise<string> {
    return this.#program.ask('left');
  }

  /** Closes the database. */
  async clear(): Promise<void> {
    await this.#program.ask('clear');
  }

  async end(): Promise<void> {
    await this.#program.end();
  }
}

export const ROCKSTATE: Side = {
  name: 'rockstate',
  start: (request) => new CompactionProgram(new LineProgram(process.execPath, [PROGRAM, ...toArguments(request)])),
};

export async function flinkSide(): Promise<Side> {
  const classPath = await javaClassPath();
  return {
    name: 'Flink',
    start(request) {
      const options = ['-Xmx2g', `-Djava.io.tmpdir=${request.directory}`];
      const args = [...options, 'rockstate.bench.state.TtlFilter', ...toArguments(request)];
      return new CompactionProgram(new JavaProgram(args, classPath));
    },
  };
}

/** The same order in both programs. */
function toArguments({ kind, entries, directory }: Request): string[] {
  return [kind, String(entries), directory];
}
