// Calls between threads: each side offers functions by name, and calls those of the other.
import type { MessagePort, Worker } from 'node:worker_threads';
import { CancelledError } from '../../errors.ts';

/** What a side offers. */
export type RpcHandlers = Readonly<Record<string, (...args: never[]) => unknown>>;

type RpcMessage =
  | { readonly call: string; readonly args: readonly unknown[]; readonly id?: number }
  | { readonly id: number; readonly result?: unknown; readonly error?: PlainError };

// An error keeps its class only within a thread: what tells errors apart is their name and code.
interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
}

export class MessageRpc {
  readonly #port: Pick<MessagePort | Worker, 'postMessage'>;
  readonly #handlers: RpcHandlers;
  readonly #pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #nextId = 1;
  #closed: { readonly reason: unknown } | undefined;

  constructor(port: MessagePort | Worker, handlers: RpcHandlers) {
    this.#port = port;
    this.#handlers = handlers;
    (port as MessagePort).on('message', (message: RpcMessage) => this.#receive(message));
  }

  /** Calls a function of the other side, and answers what it does. */
  call<T>(name: string, ...args: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed.reason);
        return;
      }
      const id = this.#nextId++;
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#port.postMessage({ call: name, args, id } satisfies RpcMessage);
    });
  }

  /** Calls a function of the other side without waiting for it. */
  notify(name: string, ...args: unknown[]): void {
    if (this.#closed === undefined) {
      this.#port.postMessage({ call: name, args } satisfies RpcMessage);
    }
  }

  /** Ends all calls that wait: the other side does not answer any more. */
  close(reason: unknown = new CancelledError('A call between threads', 'the other thread has ended')): void {
    this.#closed ??= { reason };
    for (const { reject } of this.#pending.values()) {
      reject(reason);
    }
    this.#pending.clear();
  }

  #receive(message: RpcMessage): void {
    if ('call' in message) {
      this.#serve(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) {
      pending?.resolve(message.result);
    } else {
      pending?.reject(errorOf(message.error));
    }
  }

  async #serve({ call, args, id }: Extract<RpcMessage, { call: string }>): Promise<void> {
    let answer: Omit<Extract<RpcMessage, { result?: unknown }>, 'id'>;
    try {
      const handler = this.#handlers[call];
      if (handler === undefined) {
        throw new Error(`The other thread offers no '${call}'.`);
      }
      answer = { result: await handler(...(args as never[])) };
    } catch (error) {
      answer = { error: plainError(error) };
    }
    if (id !== undefined && this.#closed === undefined) {
      this.#port.postMessage({ id, ...answer } satisfies RpcMessage);
    }
  }
}

/** An error as it can be sent. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error) };
  }
  const { name, message, stack, code } = error as Error & { readonly code?: string };
  return { name, message, stack, code };
}

/** An error as it was sent. */
export function errorOf({ name, message, stack, code }: PlainError): Error {
  const error = Object.assign(new Error(message), code === undefined ? {} : { code });
  Object.defineProperty(error, 'name', { value: name, configurable: true });
  if (stack !== undefined) {
    error.stack = stack;
  }
  return error;
}
