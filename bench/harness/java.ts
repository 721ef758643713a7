// Java programs of a Maven project, by default that in bench/flink: Maven compiles them and finds (or fetches) their jars.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT = join('bench', 'flink');
const MAX_ERROR_CHARACTERS = 4000;

/** Compiles the project, and answers its class path. Asks registries only for what is not on this machine. */
export async function javaClassPath(project: string = PROJECT): Promise<string> {
  // What an executable prints goes to a file, so that no further plugin is needed.
  const output = join(tmpdir(), `rockstate-bench-class-path-${process.pid}.txt`);
  const print = ['exec:exec', '-Dexec.executable=echo', '-Dexec.args=%classpath', `-Dexec.outputFile=${output}`];
  const maven = (...options: readonly string[]) =>
    run('mvn', ['-q', '-B', '-f', join(project, 'pom.xml'), ...options, 'compile', ...print]);
  try {
    await maven('-o').catch(() => {
      console.log(`Fetching Flink's jars with Maven, about 180 MB with its plugins`);
      return maven();
    });
    return (await readFile(output, 'utf8')).trim();
  } finally {
    await rm(output, { force: true });
  }
}

/** A Java program that answers each line with a line. */
export class JavaProgram {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  constructor(args: readonly string[], classPath: string) {
    // Not an argument, as those are shown in lists of processes.
    this.#process = spawn('java', args, { env: { ...process.env, CLASSPATH: classPath } });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-MAX_ERROR_CHARACTERS);
    });
  }

  /** @throws Error with what the program wrote to its error stream, when it ends instead. */
  async ask(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error(`Java has ended: ${this.#errors}`);
    }
    return value;
  }

  /** What it last wrote to its error stream. */
  get errors(): string {
    return this.#errors;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.end();
    await ended;
  }
}
