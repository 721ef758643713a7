// Files of checkpoints as objects of a store that speaks the S3 protocol.
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { ListObjectsV2Output, S3 } from '@aws-sdk/client-s3';
import { CheckpointError } from '../errors.ts';
import { type FileSummary, summarizePieces, writeChecked } from './checked-copy.ts';
import type { FileEntry, FileStore, FileUpload } from './file-store.ts';
import { PartReader } from './part-reader.ts';
import type { S3Address } from './s3-address.ts';
import { s3Error } from './s3-error.ts';
import { type PartLimits, uploadParts } from './s3-multipart-upload.ts';
import { listUploads } from './s3-unfinished-uploads.ts';

// As many as one request takes.
const KEYS_OF_A_DELETION = 1000;

export class S3FileStore implements FileStore {
  readonly #address: S3Address;
  readonly #limits: PartLimits;
  readonly #connect: () => Promise<S3>;
  readonly #underWay = new Set<string>();
  #connected: Promise<S3> | undefined;

  constructor(address: S3Address, limits: PartLimits, connect: () => Promise<S3>) {
    this.#address = address;
    this.#limits = limits;
    this.#connect = connect;
  }

  address(path = ''): string {
    return `s3://${this.#address.bucket}/${this.#key(path)}`.replace(/\/$/, '');
  }

  async upload(localPath: string, path: string, { signal }: FileUpload = {}): Promise<FileSummary> {
    await using input = await open(localPath, 'r');
    const { size: sizeBytes } = await input.stat();
    const reader = new PartReader(input);
    const target = this.#object(path);
    this.#underWay.add(target.Key);
    try {
      await this.#call(`${this.address(path)} can not be stored`, signal, async (s3) => {
        if (sizeBytes > this.#limits.partSizeBytes) {
          return uploadParts(s3, { target, reader, sizeBytes, signal }, this.#limits);
        }
        const Body = await reader.next(Buffer.allocUnsafeSlow(sizeBytes));
        return s3.putObject({ ...target, Body }, callOptions(signal));
      });
    } finally {
      this.#underWay.delete(target.Key);
    }
    return reader.summary;
  }

  download(path: string, localPath: string, signal?: AbortSignal): Promise<FileSummary> {
    return this.#read(path, signal, (pieces) => writeChecked(pieces, localPath, { durable: false, signal }));
  }

  inspect(path: string): Promise<FileSummary> {
    return this.#read(path, undefined, (pieces) => summarizePieces(pieces));
  }

  readText(path: string): Promise<string> {
    return this.#read(path, undefined, (pieces) => text(pieces));
  }

  // An object is durable when its upload has been confirmed, and replaced as a whole: directories need nothing.
  async commitText(path: string, contents: string): Promise<void> {
    await this.#call(`${this.address(path)} can not be stored`, undefined, (s3) =>
      s3.putObject({ ...this.#object(path), Body: Buffer.from(contents) }),
    );
  }

  async names(directory: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { prefix, page } of this.#pages(directory, '/')) {
      names.push(...(page.CommonPrefixes ?? []).map((each) => (each.Prefix ?? '').slice(prefix.length, -1)));
      names.push(...(page.Contents ?? []).map((each) => (each.Key ?? '').slice(prefix.length)));
    }
    return names;
  }

  async files(directory: string): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for await (const { page } of this.#pages(directory)) {
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        entries.push({ path: this.#path(Key), sizeBytes: Size });
      }
    }
    return entries;
  }

  async remove(path: string): Promise<void> {
    const keys = [path, ...(await this.files(path)).map((file) => file.path)].map((each) => this.#key(each));
    for (let begin = 0; begin < keys.length; begin += KEYS_OF_A_DELETION) {
      const Objects = keys.slice(begin, begin + KEYS_OF_A_DELETION).map((Key) => ({ Key }));
      const { Errors = [] } = await this.#call(`${this.address(path)} can not be deleted`, undefined, (s3) =>
        s3.deleteObjects({ Bucket: this.#address.bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors;
      if (first !== undefined) {
        throw new CheckpointError(
          `s3://${this.#address.bucket}/${first.Key} can not be deleted: ${first.Message} (${first.Code}).`,
        );
      }
    }
  }

  async removeUnfinished(mayRemove: (path: string) => boolean): Promise<string[]> {
    const removed: string[] = [];
    const uploads = await this.#call(`${this.address()} can not be searched for uploads`, undefined, (s3) =>
      listUploads(s3, { Bucket: this.#address.bucket, Prefix: this.#prefix('') }),
    );
    for (const { Key = '', UploadId } of uploads) {
      const path = this.#path(Key);
      if (mayRemove(path) && !this.#underWay.has(Key)) {
        await this.#call(`An upload of ${this.address(path)} can not be ended`, undefined, (s3) =>
          s3.abortMultipartUpload({ Bucket: this.#address.bucket, Key, UploadId }),
        );
        removed.push(path);
      }
    }
    return removed;
  }

  async *#pages(directory: string, delimiter?: string): AsyncGenerator<{ prefix: string; page: ListObjectsV2Output }> {
    const prefix = this.#prefix(directory);
    const where = { Bucket: this.#address.bucket, Prefix: prefix, ...(delimiter && { Delimiter: delimiter }) };
    let token: string | undefined;
    do {
      const page: ListObjectsV2Output = await this.#call(
        `${this.address(directory)} can not be listed`,
        undefined,
        (s3) => s3.listObjectsV2({ ...where, ...(token && { ContinuationToken: token }) }),
      );
      yield { prefix, page };
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  #read<T>(
    path: string,
    signal: AbortSignal | undefined,
    take: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    return this.#call(`${this.address(path)} can not be read`, signal, async (s3) => {
      const { Body } = await s3.getObject(this.#object(path), callOptions(signal));
      return take(Body as AsyncIterable<Uint8Array>);
    });
  }

  async #call<T>(failure: string, signal: AbortSignal | undefined, call: (s3: S3) => Promise<T>): Promise<T> {
    this.#connected ??= this.#connect();
    const s3 = await this.#connected;
    signal?.throwIfAborted();
    try {
      return await call(s3);
    } catch (cause) {
      signal?.throwIfAborted();
      throw s3Error(failure, cause);
    }
  }

  #object(path: string): { Bucket: string; Key: string } {
    return { Bucket: this.#address.bucket, Key: this.#key(path) };
  }

  #key(path: string): string {
    return [this.#address.prefix, path].filter((each) => each !== '').join('/');
  }

  #prefix(directory: string): string {
    const key = this.#key(directory);
    return key === '' ? '' : `${key}/`;
  }

  #path(key: string): string {
    return key.slice(this.#prefix('').length);
  }
}

function callOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
