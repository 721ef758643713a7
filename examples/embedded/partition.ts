// One partition of a log: a file to which events are appended as lines of JSON. It stands for a partition of Kafka, or a stream
// of NATS: what it needs of them is that reading can begin again at a position.
import { type FileHandle, open } from 'node:fs/promises';

const READ_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** Somebody has opened a page. */
export interface Click {
  readonly user: string;
  readonly timeMs: number;
}

/** Some events, and the position behind them: bytes from the partition's beginning. */
export interface Batch {
  readonly clicks: readonly Click[];
  readonly next: number;
}

export class Partition {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.alloc(READ_BYTES);

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<Partition> {
    return new Partition(await open(path, 'r'));
  }

  /** Events from a position on; none where nothing was written behind it yet. */
  async read(position: number): Promise<Batch> {
    const { bytesRead } = await this.#file.read(this.#buffer, 0, READ_BYTES, position);
    // The last line may not be whole yet.
    const end = this.#buffer.subarray(0, bytesRead).lastIndexOf(LINE_FEED) + 1;
    if (end === 0 && bytesRead === READ_BYTES) {
      throw new Error(`The event at byte ${position} is longer than ${READ_BYTES} bytes.`);
    }
    const lines = this.#buffer.toString('utf8', 0, end).split('\n').slice(0, -1);
    return { clicks: lines.map((line) => JSON.parse(line) as Click), next: position + end };
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
