// Runs a test's program in a process of its own, for what would end or bend this one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with arguments; `nodeOptions` go before it, `node` is the binary to run it with. */
export async function runProgram(
  program: URL,
  args: readonly string[] = [],
  nodeOptions: readonly string[] = [],
  node: string = process.execPath,
): Promise<Outcome> {
  const child = spawn(node, [...nodeOptions, fileURLToPath(program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [status, signal] = await once(child, 'close');
  return { status, signal, stdout, stderr };
}

/** What a program that ends well with nothing to complain of gives. */
export function cleanOutcome(stdout: string): Outcome {
  return { status: 0, signal: null, stdout, stderr: '' };
}
