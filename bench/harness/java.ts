// Java programs of a Maven project, by default that in bench/flink: Maven compiles them and finds (or fetches) their jars.
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LineProgram } from './line-program.ts';

const run = promisify(execFile);
const PROJECT = join('bench', 'flink');

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
export class JavaProgram extends LineProgram {
  constructor(args: readonly string[], classPath: string) {
    // Not an argument, as those are shown in lists of processes.
    super('java', args, { CLASSPATH: classPath });
  }
}
