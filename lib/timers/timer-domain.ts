// The timers of one service in one time domain, under the current key of the backend.
import type { InternalTimer } from '../api/timers.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { accessFailure } from '../bytes/access-failure.ts';
import { timeWindowSerializer } from '../bytes/time-window.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { describe, typeError } from '../errors.ts';
import type { QueuedTimer } from './queued-timer.ts';
import { type RegisteredTimers, registeredTimers } from './registered-timers.ts';
import type { TimerAccess } from './timer-access.ts';
import { TimerCodec, type WrittenTimer } from './timer-codec.ts';
import type { TimerQueue } from './timer-queue.ts';
import { checkTimestamp } from './timestamps.ts';

export class TimerDomain<K, N> {
  /** As in snapshots. */
  readonly stateName: string;
  readonly #access: TimerAccess<K>;
  readonly #queue: TimerQueue;
  readonly #codec: TimerCodec<K, N>;
  readonly #isVoid: boolean;
  readonly #hasWindows: boolean;
  readonly #registered: RegisteredTimers<K, N>;

  constructor(stateName: string, queue: TimerQueue, access: TimerAccess<K>, namespaceSerializer: TypeSerializer<N>) {
    this.stateName = stateName;
    this.#access = access;
    this.#queue = queue;
    this.#codec = new TimerCodec(access.keySerializer, namespaceSerializer);
    this.#isVoid = namespaceSerializer.id === voidNamespaceSerializer.id;
    this.#hasWindows = (namespaceSerializer as unknown) === timeWindowSerializer;
    this.#registered = registeredTimers(access.keySerializer, namespaceSerializer);
  }

  register(namespace: N, timestamp: number): void {
    this.#access.checkWritable();
    const key = this.#access.key();
    if (!this.#registered.has(timestamp, key, namespace)) {
      const timer = this.#write(timestamp, key, namespace);
      const isKept = isFixed(key) && (isFixed(namespace) || (this.#hasWindows && Object.isFrozen(namespace)));
      this.#queue.add(this.#access.keyGroup(), timer, isKept ? key : undefined, isKept ? namespace : undefined);
      this.#registered.add(timestamp, key, namespace);
    }
  }

  delete(namespace: N, timestamp: number): void {
    this.#access.checkWritable();
    const key = this.#access.key();
    const timer = this.#write(timestamp, key, namespace);
    this.#registered.forget(timestamp, key);
    this.#queue.remove(this.#access.keyGroup(), timer);
  }

  /** When the first is due. */
  get next(): number | undefined {
    this.#access.checkOpen();
    return this.#queue.peek()?.timestamp;
  }

  /** Reads some of the timers that may be due at a time; answers whether there were some to read. */
  load(time: number): boolean {
    return this.#queue.load(time);
  }

  /**
   * Removes the first timer that is due at or before a time, and makes its key the current one.
   *
   * @throws SerializationError when key or namespace can't be read; the timer stays then.
   */
  take(time: number): InternalTimer<K, N> | undefined {
    const queued = this.#queue.due(time);
    if (queued === undefined) {
      return undefined;
    }
    this.#access.checkWritable();
    const timer = this.#read(queued);
    this.#access.setCurrentKey(timer.key);
    this.#registered.forget(timer.timestamp, timer.key);
    this.#queue.removeFirst();
    return timer;
  }

  forEach(visit: (namespace: N, timestamp: number) => void): void {
    this.#access.checkOpen();
    for (const queued of this.#queue.all()) {
      const { key, namespace, timestamp } = this.#read(queued);
      this.#access.setCurrentKey(key);
      visit(namespace, timestamp);
    }
  }

  count(namespace: N | undefined): number {
    this.#access.checkOpen();
    if (namespace === undefined) {
      return this.#queue.count();
    }
    const suffix = this.#codec.suffixOf(this.#access.key(), namespace);
    let count = 0;
    for (const { id } of this.#queue.ofKeyGroup(this.#access.keyGroup())) {
      // Nothing but the timestamp is before the suffix, whose parts tell themselves where they end.
      count += id.endsWith(suffix) && id.length === suffix.length + 8 ? 1 : 0;
    }
    return count;
  }

  #write(timestamp: number, key: K, namespace: N): WrittenTimer {
    checkTimestamp(timestamp);
    if ((namespace === undefined || namespace === null) && !this.#isVoid) {
      throw typeError('ERR_INVALID_NAMESPACE', `Timers here need a namespace; received ${describe(namespace)}.`);
    }
    try {
      return this.#codec.write(timestamp, key, namespace);
    } catch (cause) {
      const given = ['namespace', namespace] as const;
      throw accessFailure({ state: this.stateName, action: 'accessed', key: () => key, given, cause });
    }
  }

  #read({ timestamp, id, key, namespace }: QueuedTimer): InternalTimer<K, N> {
    if (key !== undefined) {
      return { timestamp, key: key as K, namespace: namespace as N };
    }
    try {
      const parts = this.#codec.partsOf(id);
      return { timestamp, key: parts.key, namespace: parts.namespace };
    } catch (cause) {
      throw accessFailure({ state: this.stateName, action: 'read', key: () => this.#codec.keyOf(id), cause });
    }
  }
}

// What could be changed is not kept: it is read back from the bytes when the timer is due.
function isFixed(part: unknown): boolean {
  return typeof part !== 'object';
}
