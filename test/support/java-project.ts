// Runs the Java programs of a Maven project among the fixtures, with the classes of a released Flink. Maven finds (and
// fetches) the jars.
import { type ExecFileOptions, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { TestContext } from 'vitest';

const run = promisify(execFile);

const MIN_JAVA = 17;
const FETCH_TIMEOUT_MS = 150_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Enough for Maven to fetch Flink, into an empty repository. */
export const FLINK_TIMEOUT_MS: number = FETCH_TIMEOUT_MS + 60_000;

/** Runs one of the programs, and answers what it printed. */
export type FlinkProgram = (...args: readonly string[]) => Promise<string>;

export interface JavaProjectOptions {
  /** The directory of the project in test/fixtures. */
  readonly directory: string;
  readonly packageName: string;
  /** Another release than the project's own. */
  readonly release?: string;
  readonly javaOptions?: readonly string[];
}

export class JavaProject {
  readonly #options: JavaProjectOptions;
  readonly #directory: string;
  readonly #work: string;
  readonly #compiled: Record<string, Promise<unknown>> = {};
  #classPath: Promise<string> | undefined;

  constructor(options: JavaProjectOptions) {
    const { directory, release } = options;
    this.#options = options;
    this.#directory = fileURLToPath(new URL(`../fixtures/${directory}`, import.meta.url));
    const work = release === undefined ? directory : `${directory}-${release}`;
    this.#work = fileURLToPath(new URL(`../../build/${work}`, import.meta.url));
  }

  /**
   * Makes a program ready to run. Where there is no JDK, or Flink's jars can't be had, the test is skipped and says why;
   * in `npm run test:flink` it fails.
   */
  async program(name: string, context: TestContext): Promise<FlinkProgram> {
    this.#classPath ??= this.#findClassPath();
    const classPath = await this.#classPath.catch((error: Error) => {
      if (process.env.ROCKSTATE_REQUIRE_FLINK !== undefined) {
        throw error;
      }
      console.warn(`Skipped: ${context.task.fullTestName}, as ${error.message}`);
      return context.skip(error.message);
    });
    const { packageName, javaOptions = [] } = this.#options;
    const classes = join(this.#work, name);
    const sources = join(this.#directory, 'src', 'main', 'java');
    const main = join(sources, ...packageName.split('.'), `${name}.java`);
    this.#compiled[name] ??= run('javac', ['-d', classes, '-sourcepath', sources, main], withClassPath(classPath));
    await this.#compiled[name];
    const options = withClassPath([classes, classPath].join(delimiter));
    return (...args) => runJava([...javaOptions, `${packageName}.${name}`, ...args], options);
  }

  /** @throws Error that says in half a sentence what is missing. */
  async #findClassPath(): Promise<string> {
    await requireJava();
    const pom = join(this.#directory, 'pom.xml');
    const cache = join(this.#work, 'class-path.json');
    const cached = JSON.parse(await readFile(cache, 'utf8').catch(() => '{}'));
    const wanted = await readFile(pom, 'utf8');
    if (cached.pom === wanted && cached.classPath.split(delimiter).every(existsSync)) {
      return cached.classPath;
    }
    await mkdir(this.#work, { recursive: true });
    const { release } = this.#options;
    const options = ['-f', pom, ...(release === undefined ? [] : [`-Dflink.version=${release}`])];
    const classPath = await resolveWithMaven(options, join(this.#work, `class-path.${process.pid}.txt`));
    await writeFile(cache, JSON.stringify({ pom: wanted, classPath }));
    return classPath;
  }
}

// Not an argument, as those are repeated in errors.
function withClassPath(classPath: string): ExecFileOptions {
  return { env: { ...process.env, CLASSPATH: classPath }, maxBuffer: MAX_OUTPUT_BYTES };
}

async function runJava(args: readonly string[], options: ExecFileOptions): Promise<string> {
  // Flink leaves directories behind.
  const temporary = await mkdtemp(join(tmpdir(), 'rockstate-flink-'));
  try {
    const { stdout } = await run('java', [`-Djava.io.tmpdir=${temporary}`, ...args], { ...options, encoding: 'utf8' });
    return stdout;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function requireJava(): Promise<void> {
  const { stdout } = await run('javac', ['-version']).catch(() => {
    throw new Error(`there is no JDK: 'javac' can not be run`);
  });
  const version = Number(/\d+/.exec(stdout)?.[0]);
  if (!(version >= MIN_JAVA)) {
    throw new Error(`Java ${MIN_JAVA} or newer is needed; javac says '${stdout.trim()}'`);
  }
}

async function resolveWithMaven(project: readonly string[], output: string): Promise<string> {
  // What an executable prints goes to a file, so that no further plugin is needed.
  const print = ['exec:exec', '-Dexec.executable=echo', '-Dexec.args=%classpath', `-Dexec.outputFile=${output}`];
  const maven = async (...options: readonly string[]): Promise<string> => {
    await run('mvn', ['-q', '-B', ...project, ...options, ...print], { timeout: FETCH_TIMEOUT_MS });
    const entries = (await readFile(output, 'utf8')).trim().split(delimiter);
    await rm(output);
    // Maven's own directory of compiled classes is among them.
    return entries.filter((entry) => entry.endsWith('.jar')).join(delimiter);
  };
  return maven('-o')
    .catch(() => {
      console.log(`Fetching Flink's jars with Maven, about 180 MB with its plugins`);
      return maven();
    })
    .catch((error: Error & { readonly stdout?: string }) => {
      const reason =
        /\[ERROR\].*/.exec(stripVTControlCharacters(error.stdout ?? ''))?.[0] ?? error.message.split('\n')[0];
      throw new Error(`Maven can not find Flink's jars: ${reason}`);
    });
}
