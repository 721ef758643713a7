// Stands before a server, and stops to answer in the middle of what a test chooses, as a network does now and then.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class StallingProxy implements AsyncDisposable {
  /** Whether the answer to a request is held up: that of a GET after its first bytes, any other as a whole. */
  stalls: (method: string, path: string) => boolean = () => false;
  /** Told of every answer that is held up. */
  onStall: () => void = () => {};
  readonly #server: Server;

  private constructor(target: string) {
    this.#server = createServer((incoming, answer) =>
      this.#pass(new URL(incoming.url ?? '', target), incoming, answer),
    );
  }

  static async start(target: string): Promise<StallingProxy> {
    const proxy = new StallingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(url: URL, incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = '', headers } = incoming;
    const isStalled = this.stalls(method, url.pathname);
    if (isStalled && method !== 'GET') {
      incoming.resume();
      this.onStall();
      return;
    }
    const onward = request(url, { method, headers }, (found) => {
      answer.writeHead(found.statusCode ?? 500, found.headers);
      if (isStalled) {
        found.once('data', (bytes: Buffer) => {
          found.destroy();
          answer.write(bytes.subarray(0, 1), () => this.onStall());
        });
      } else {
        found.pipe(answer);
      }
    });
    incoming.pipe(onward);
    onward.on('error', () => answer.destroy());
  }
}
