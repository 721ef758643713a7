// Servers that speak the S3 protocol, as processes of their own on the loopback interface.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from 'vitest';
import { S3CheckpointStorage, type S3CheckpointStorageOptions } from '../../lib/index.ts';

const run = promisify(execFile);
const MOTO = '5.2.5';
const MOTO_PACKAGES = [`moto[s3]==${MOTO}`, 'flask', 'flask-cors'];
const BUCKET = 'checkpoints';

/** What both servers take. */
export const ACCESS = { credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }, pathStyleAccess: true };

/** A server that can be killed and started again. */
export class S3Server {
  readonly #command: (port: number) => readonly [string, readonly string[]];
  readonly #directory: string;
  #process: ChildProcess | undefined;
  #port = 0;

  constructor(directory: string, command: (port: number) => readonly [string, readonly string[]]) {
    this.#directory = directory;
    this.#command = command;
  }

  /** Where the server keeps its data, if it does. */
  get directory(): string {
    return this.#directory;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A client for tests to look at, or change, what is stored. */
  get client(): S3 {
    return new S3({ ...ACCESS, forcePathStyle: true, endpoint: this.endpoint, region: 'us-east-1' });
  }

  /** Starts it, on the port that it had before. */
  async start(): Promise<void> {
    const [file, args] = this.#command(this.#port);
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    const ended = once(child, 'exit').then(([status]) => {
      throw new Error(`${file} ended with ${status} before it listened: ${said}`);
    });
    const listening = (stream: NodeJS.ReadableStream) =>
      new Promise<number>((resolve) => {
        createInterface(stream).on('line', (line) => {
          said += `${line}\n`;
          const port = /^(\d+)$|Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
          if (port !== null) {
            resolve(Number(port[1] ?? port[2]));
          }
        });
      });
    this.#port = await Promise.race([listening(child.stdout), listening(child.stderr), ended]);
    ended.catch(() => {});
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }

  storage(prefix: string, options: S3CheckpointStorageOptions = {}): S3CheckpointStorage {
    return new S3CheckpointStorage(`s3://${BUCKET}/${prefix}`, { ...ACCESS, endpoint: this.endpoint, ...options });
  }

  /** Keys of all objects below a prefix, without it. */
  async keys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.client.listObjectsV2({ Bucket: BUCKET, Prefix: `${prefix}/` });
    return Contents.map(({ Key = '' }) => Key.slice(prefix.length + 1)).sort();
  }

  /** Keys of all uploads in parts that are neither finished nor ended. */
  async unfinished(prefix: string): Promise<string[]> {
    const { Uploads = [] } = await this.client.listMultipartUploads({ Bucket: BUCKET, Prefix: `${prefix}/` });
    return Uploads.map(({ Key = '' }) => Key.slice(prefix.length + 1)).sort();
  }

  /** Replaces the bytes of an object. */
  async change(key: string, change: (bytes: Buffer) => Buffer): Promise<void> {
    const { Body } = await this.client.getObject({ Bucket: BUCKET, Key: key });
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    await this.client.putObject({ Bucket: BUCKET, Key: key, Body: change(bytes) });
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** s3rver, of npm: keeps its data in a directory, but knows nothing of ending or listing uploads in parts. */
export async function startS3rver(): Promise<S3Server> {
  const program = fileURLToPath(new URL('./s3rver-process.mjs', import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-s3-'));
  const server = new S3Server(directory, (port) => [process.execPath, [program, directory, String(port)]]);
  await server.start();
  return server;
}

/**
 * moto, of PyPI: knows the whole protocol, but keeps its data in memory. Installed into the cache when it is not there.
 *
 * @throws Error where there is no Python, or moto can't be had.
 */
export async function startMoto(): Promise<S3Server> {
  const PYTHONPATH = await motoPackages();
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-s3-'));
  const server = new S3Server(directory, (port) => [
    'env',
    [`PYTHONPATH=${PYTHONPATH}`, 'python3', '-u', '-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
  ]);
  await server.start();
  await server.client.createBucket({ Bucket: BUCKET });
  return server;
}

async function motoPackages(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rockstate');
  const directory = join(cache, `moto-${MOTO}`);
  if (!existsSync(directory)) {
    // Under a name of its own first, as several test files may do this at once.
    const unfinished = `${directory}.${process.pid}`;
    try {
      await mkdir(cache, { recursive: true });
      await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', unfinished, ...MOTO_PACKAGES]);
      await rename(unfinished, directory).catch(() => {});
    } catch (error) {
      throw new Error(`moto ${MOTO} can not be installed: ${(error as Error).message.split('\n')[0]}`);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  return directory;
}

/** Both, by name. */
export const SERVERS: Readonly<Record<string, () => Promise<S3Server>>> = { s3rver: startS3rver, moto: startMoto };

/**
 * Starts a server for the tests of a block. Tests are wrapped in what this answers: they are skipped, and say why, where moto
 * can't be had; s3rver is wherever the tests are.
 */
export function serverForTests(
  name: string,
  start: () => Promise<S3Server>,
): (work: (server: S3Server) => Promise<void>) => (context: { skip(note: string): never }) => Promise<void> {
  let server: S3Server | undefined;
  let missing = '';
  beforeAll(async () => {
    try {
      server = await start();
    } catch (error) {
      missing = (error as Error).message;
      expect(name, missing).toBe('moto');
      console.warn(`Skipped: the tests with moto, as ${missing}`);
    }
  }, 300_000);
  afterAll(() => server?.close());
  return (work) => async (context) => work(server ?? context.skip(missing));
}
