// A program that answers each line with a line, or with one that begins with `error `.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const ERROR_PREFIX = 'error ';
const MAX_ERROR_CHARACTERS = 4000;

export class LineProgram {
  readonly #command: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  /** @param environment - what there is beside this process's own. */
  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#command = command;
    this.#process = spawn(command, args, { env: { ...process.env, ...environment } });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-MAX_ERROR_CHARACTERS);
    });
  }

  /** @throws Error with the error it answers, or, when it ends instead, with what it wrote to its error stream. */
  async ask(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error(`${this.#command} has ended: ${this.#errors}`);
    }
    if (value.startsWith(ERROR_PREFIX)) {
      throw new Error(`${value.slice(ERROR_PREFIX.length)}\n${this.#errors}`);
    }
    return value;
  }

  /** What it last wrote to its error stream. */
  get errors(): string {
    return this.#errors;
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.end();
    await ended;
  }
}
