import { randomBytes } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import {
  CheckpointError,
  EmbeddedRocksDBStateBackend,
  type KeyedStateBackend,
  RestoreError,
  S3CheckpointStorage,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { ACCESS, SERVERS, serverForTests, startS3rver } from '../support/s3-server.ts';
import { type Bench, BACKENDS as CREATE, withBackend } from '../support/with-backend.ts';
import { withDirectory } from '../support/with-db.ts';

const MIB = 1024 * 1024;
const TEXT = new ValueStateDescriptor('text', Types.STRING);
const rocksdb = () => new EmbeddedRocksDBStateBackend();
const BACKENDS = { ...CREATE, 'RocksDB, incrementally': () => new EmbeddedRocksDBStateBackend(true) };

let prefixes = 0;
const newPrefix = () => `jobs/${prefixes++}`;

function put(keyed: KeyedStateBackend<number>, key: number, text: string): void {
  keyed.setCurrentKey(key);
  keyed.getState(TEXT).update(text);
}

async function restoredText(bench: Bench, storage: S3CheckpointStorage, id: number): Promise<string | undefined> {
  const keyed = await bench.open({ keyType: Types.INT, restore: { storage, handle: await storage.open(id) } });
  keyed.setCurrentKey(7);
  return keyed.getState(TEXT).value();
}

describe.each(Object.entries(SERVERS))('checkpoints in an object store (%s)', (name, start) => {
  const withServer = serverForTests(name, start);

  test.for(Object.entries(BACKENDS))(
    'are listed, restored and discarded: %s',
    async ([, create], context) =>
      await withServer((server) =>
        withBackend(create, async (bench) => {
          const prefix = newPrefix();
          const storage = server.storage(prefix);
          const keyed = await bench.open({ keyType: Types.INT });
          expect(await storage.latest()).toBeUndefined();
          for (const id of [9, 10]) {
            put(keyed, 7, `as of ${id}`);
            await keyed.snapshot(id, storage);
          }
          const another = server.storage(prefix);
          expect(await another.list()).toEqual([9, 10]);
          expect(await storage.verify(10)).toEqual([]);
          expect((await another.latest())?.location).toBe(`s3://checkpoints/${prefix}/chk-10`);
          expect(await restoredText(bench, another, 9)).toBe('as of 9');
          expect(await restoredText(bench, another, 10)).toBe('as of 10');
          await expect(async () => keyed.snapshot(10, storage)).rejects.toThrow(/Checkpoint 10 exists already/);
          await storage.discard(9);
          await expect(storage.open(9)).rejects.toThrow(RestoreError);
          expect(await restoredText(bench, another, 10)).toBe('as of 10');
          await storage.discard(10);
          expect(await server.keys(prefix)).toEqual([]);
        }),
      )(context),
  );

  test(
    'share files, keep the newest, and leave nothing that is not referenced',
    withServer((server) =>
      withBackend(
        () => new EmbeddedRocksDBStateBackend(true),
        async (bench) => {
          const prefix = newPrefix();
          const storage = server.storage(prefix, { retained: 2 });
          const keyed = await bench.open({ keyType: Types.INT });
          let written = 0;
          for (const id of [1, 2, 3, 4]) {
            put(keyed, id, randomBytes(300_000).toString('base64'));
            written = (await keyed.snapshot(id, storage)).checkpointedSizeBytes;
          }
          const newest = await storage.open(4);
          expect(written).toBeLessThan(newest.sizeBytes / 2);
          expect(await storage.list()).toEqual([3, 4]);
          const handles = [await storage.open(3), newest];
          const referenced = handles.flatMap((handle) => handle.files.map((file) => file.path));
          const metadata = ['chk-3/_metadata', 'chk-4/_metadata'];
          expect(await server.keys(prefix)).toEqual([...new Set([...referenced, ...metadata])].sort());

          await server.client.putObject({ Bucket: 'checkpoints', Key: `${prefix}/chk-5/000001.sst`, Body: 'left' });
          await server.client.putObject({ Bucket: 'checkpoints', Key: `${prefix}/shared/x-000001.sst`, Body: 'by a' });
          await server.client.putObject({ Bucket: 'checkpoints', Key: `${prefix}/notes.txt`, Body: "somebody's" });
          const garbage = { files: ['chk-5/000001.sst', 'shared/x-000001.sst'], sizeBytes: 8 };
          expect(await storage.collectGarbage({ dryRun: true })).toEqual(garbage);
          expect(await storage.collectGarbage()).toEqual(garbage);
          expect(await server.keys(prefix)).toEqual([...new Set([...referenced, ...metadata, 'notes.txt'])].sort());
        },
      ),
    ),
  );

  test.for([
    ['several parts', 23 * MIB + 5],
    ['a whole number of parts', 15 * MIB],
    ['one part', 5 * MIB],
    ['nothing', 0],
  ] as const)('take a file of %s', async ([, sizeBytes], context) => {
    await withServer((server) =>
      withDirectory(async ({ directory }) => {
        const storage = server.storage(newPrefix(), { partSizeBytes: 5 * MIB, partsAtOnce: 3 });
        const bytes = randomBytes(sizeBytes);
        await writeFile(join(directory, 'source'), bytes);
        const writer = await storage.begin(1);
        const file = await writer.upload(join(directory, 'source'), { name: 'f', backendId: 'b', shared: false });
        expect(file).toEqual({ name: 'f', path: 'chk-1/f', shared: false, sizeBytes, crc32: crc32(bytes) });
        const handle = { checkpointId: 1, files: [file] } as never;
        await writer.complete([handle]);
        expect(await storage.verify(1)).toEqual([]);
        await storage.download(handle, file, join(directory, 'copy'));
        expect(bytes.equals(await readFile(join(directory, 'copy')))).toBe(true);
      }),
    )(context);
  });

  test(
    'are refused when a byte has changed, naming what was expected and found',
    withServer((server) =>
      withBackend(rocksdb, async (bench) => {
        const prefix = newPrefix();
        const storage = server.storage(prefix);
        const keyed = await bench.open({ keyType: Types.INT });
        put(keyed, 7, 'before');
        await keyed.snapshot(1, storage);
        const { files } = await keyed.snapshot(2, storage);
        const sst = files.find((file) => file.name.endsWith('.sst'));
        await server.change(`${prefix}/${sst?.path}`, (bytes) => bytes.fill((bytes[100] ?? 0) ^ 1, 100, 101));
        const restoring = restoredText(bench, storage, 2);
        await expect(restoring).rejects.toThrow(RestoreError);
        await expect(restoring).rejects.toThrow(
          new RegExp(
            `is damaged: expected ${sst?.sizeBytes} bytes with CRC-32 ${sst?.crc32}, ` +
              `found ${sst?.sizeBytes} bytes with \\d+ at s3://checkpoints/${prefix}/chk-2/.*` +
              'newest complete checkpoint before it is 1',
          ),
        );
        expect(await storage.verify(2)).toMatchObject([{ file: sst, problem: expect.stringContaining('expected') }]);
        expect(await restoredText(bench, storage, 1)).toBe('before');
      }),
    ),
  );

  test(
    'fail with what the store says',
    withServer((server) =>
      withBackend(rocksdb, async (bench) => {
        const keyed = await bench.open({ keyType: Types.INT });
        const options = { ...ACCESS, endpoint: server.endpoint };
        const snapshotFails = async (storage: S3CheckpointStorage, message: RegExp) => {
          const { completed } = keyed.snapshot(1, storage);
          await expect(completed).rejects.toThrow(CheckpointError);
          await expect(completed).rejects.toThrow(message);
          await expect(storage.latest()).rejects.toThrow(message);
        };
        await snapshotFails(
          new S3CheckpointStorage('s3://no-such-bucket/x', options),
          /s3:\/\/no-such-bucket\/x\S* can not be listed: The specified bucket does not exist \(NoSuchBucket, HTTP 404\)/,
        );
        await snapshotFails(
          new S3CheckpointStorage('s3://checkpoints', { ...options, endpoint: 'http://127.0.0.1:1' }),
          /s3:\/\/checkpoints\S* can not be listed: .*ECONNREFUSED/,
        );
        if (name === 's3rver') {
          const credentials = { accessKeyId: 'somebody', secretAccessKey: 'else' };
          await snapshotFails(
            new S3CheckpointStorage('s3://checkpoints', { ...options, credentials }),
            /s3:\/\/checkpoints\S* can not be listed: The AWS Access Key Id .* \(InvalidAccessKeyId, HTTP 403\)/,
          );
        }
      }),
    ),
  );
});

describe('an object store that is killed during an upload', () => {
  test('fails the checkpoint, and goes on with the next when it is back', async () => {
    const server = await startS3rver();
    try {
      await withBackend(rocksdb, async (bench) => {
        const storage = server.storage('job', { partSizeBytes: 5 * MIB, partsAtOnce: 1 });
        const keyed = await bench.open({ keyType: Types.INT });
        for (let key = 0; key < 30; key++) {
          put(keyed, key, randomBytes(MIB).toString('base64'));
        }
        put(keyed, 7, 'survives');
        const { completed } = keyed.snapshot(1, storage);
        const parts = async () =>
          (await readdir(server.directory, { recursive: true })).some((path) => /uploads.[^/]+.2$/.test(path));
        await vi.waitUntil(parts, { interval: 5, timeout: 30_000 });
        await server.kill();
        await expect(completed).rejects.toThrow(CheckpointError);
        await expect(completed).rejects.toThrow(
          /^Checkpoint 1 failed: s3:\/\/checkpoints\/job\/chk-1\/.* can not be stored/,
        );

        await server.start();
        expect(await storage.list()).toEqual([]);
        await keyed.snapshot(2, storage);
        await storage.collectGarbage();
        const { files } = await storage.open(2);
        expect(await server.keys('job')).toEqual([...files.map((file) => file.path), 'chk-2/_metadata'].sort());
        expect(await restoredText(bench, server.storage('job'), 2)).toBe('survives');
        // The id that failed may be used again.
        await (await storage.begin(1)).abort();
      });
    } finally {
      await server.close();
    }
  });
});

describe('an S3CheckpointStorage', () => {
  test.each(['s3://', 's3:///path', 's3://bucket//path', 'gs://bucket', 's3://user:secret@bucket', 'bucket/path'])(
    '%s is no address',
    (directory) => {
      expect(() => new S3CheckpointStorage(directory)).toThrow(
        expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_CHECKPOINT_DIRECTORY' }),
      );
    },
  );

  test.each(['s3://bucket/a/b', 's3a://bucket/a/b/', new URL('s3p://bucket/a/b')])('%s is an address', (directory) => {
    expect(new S3CheckpointStorage(directory).directory).toBe('s3://bucket/a/b');
  });

  test.each([
    [{ partSizeBytes: 5 * MIB - 1 }, 'ERR_INVALID_PART_SIZE'],
    [{ partsAtOnce: 0 }, 'ERR_INVALID_PARTS_AT_ONCE'],
  ])('%o can not be', (options, code) => {
    expect(() => new S3CheckpointStorage('s3://bucket', options)).toThrow(
      expect.objectContaining({ name: 'RangeError', code }),
    );
  });
});

describe('without the package of the client', () => {
  // Away from our own packages.
  const withPackage = (work: (directory: string) => Promise<void>) =>
    withDirectory(async ({ directory }) => {
      for (const part of ['dist', 'build/Release/rockstate.node', 'node_modules/node-gyp-build']) {
        await cp(new URL(`../../${part}`, import.meta.url), join(directory, part), { recursive: true });
      }
      await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
      await work(directory);
    });

  test('the error says what to install', () =>
    withPackage(async (directory) => {
      await writeFile(
        join(directory, 'program.js'),
        `import { S3CheckpointStorage } from './dist/storage/s3-checkpoint-storage.js';
         await new S3CheckpointStorage('s3://bucket').list().catch(({ name, message }) => console.log(name, message));`,
      );
      const { stdout } = await runProgram(pathToFileURL(join(directory, 'program.js')));
      expect(stdout).toMatch(
        /^CheckpointError .* needs the package @aws-sdk\/client-s3.*npm install @aws-sdk\/client-s3/,
      );
    }));

  test('programs compile', () =>
    withPackage(async (directory) => {
      await writeFile(join(directory, 'program.ts'), "import { S3CheckpointStorage } from './dist/index.js';\n");
      const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
      const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib'];
      const libraries = ['es2023,esnext.disposable', '--typeRoots', join(modules, '@types'), '--types', 'node'];
      const tsc = pathToFileURL(join(modules, 'typescript', 'bin', 'tsc'));
      const outcome = await runProgram(tsc, [...options, ...libraries, join(directory, 'program.ts')]);
      expect(outcome).toEqual(cleanOutcome(''));
    }));
});
