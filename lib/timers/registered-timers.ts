// Which timers were registered last and are still there, so that registering one again, as windows do with every element, need
// not make its bytes and look for them. A direct-mapped cache: each place has the timer that was registered for it last.
import type { TypeSerializer } from '../api/type-information.ts';
import { globalWindowSerializer } from '../bytes/global-window.ts';
import { byteSerializer, intSerializer, shortSerializer } from '../bytes/integer-serializers.ts';
import { longSerializer } from '../bytes/number-serializers.ts';
import { stringSerializer } from '../bytes/string-serializer.ts';
import { type TimeWindow, timeWindowSerializer } from '../bytes/time-window.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';

const PLACES = 4096;
const HASHED_UNITS = 8;

// Their values are the same exactly when their bytes are, and equal (===) exactly when they are the same.
const EXACT: ReadonlySet<unknown> = new Set<unknown>([
  ...[longSerializer, intSerializer, shortSerializer, byteSerializer, stringSerializer],
  ...[voidNamespaceSerializer, globalWindowSerializer],
]);

/** A timer, its namespace by value: windows are often made anew. */
interface Registered {
  timestamp: number;
  key: unknown;
  /** The start of a window, or what else the namespace is. */
  namespace: unknown;
  /** Of a window. */
  end: number;
}

export interface RegisteredTimers<K, N> {
  /** Whether a timer is certainly there. */
  has(timestamp: number, key: K, namespace: N): boolean;
  /** Remembers a timer, which is there from now on. */
  add(timestamp: number, key: K, namespace: N): void;
  /** Forgets a timer, in whatever namespace. To be called for each that is removed. */
  forget(timestamp: number, key: K): void;
}

/** Remembers nothing where keys or namespaces can't be compared by value. */
export function registeredTimers<K, N>(key: TypeSerializer<K>, namespace: TypeSerializer<N>): RegisteredTimers<K, N> {
  const isWindow = (namespace as unknown) === timeWindowSerializer;
  return EXACT.has(key) && (isWindow || EXACT.has(namespace)) ? new RecentTimers(isWindow) : NONE;
}

const NONE: RegisteredTimers<unknown, unknown> = {
  has: () => false,
  add() {},
  forget() {},
};

class RecentTimers<K, N> implements RegisteredTimers<K, N> {
  readonly #isWindow: boolean;
  // Filled with the first timer.
  readonly #places: Registered[] = [];

  constructor(isWindow: boolean) {
    this.#isWindow = isWindow;
  }

  has(timestamp: number, key: K, namespace: N): boolean {
    const known = this.#places[placeOf(timestamp, key)];
    if (known === undefined || known.timestamp !== timestamp || known.key !== key) {
      return false;
    }
    if (!this.#isWindow) {
      return known.namespace === namespace;
    }
    const window = namespace as TimeWindow | null | undefined;
    return known.namespace === window?.start && known.end === window?.end;
  }

  add(timestamp: number, key: K, namespace: N): void {
    const places = this.#places;
    if (places.length === 0) {
      for (let place = 0; place < PLACES; place++) {
        places.push({ timestamp: Number.NaN, key: undefined, namespace: undefined, end: 0 });
      }
    }
    const known = places[placeOf(timestamp, key)] as Registered;
    known.timestamp = timestamp;
    known.key = key;
    if (this.#isWindow) {
      const { start, end } = namespace as TimeWindow;
      known.namespace = start;
      known.end = end;
    } else {
      known.namespace = namespace;
    }
  }

  forget(timestamp: number, key: K): void {
    const known = this.#places[placeOf(timestamp, key)];
    if (known !== undefined) {
      known.timestamp = Number.NaN;
      known.key = undefined;
    }
  }
}

function placeOf(timestamp: number, key: unknown): number {
  const bits = typeof key === 'number' ? key | 0 : hashOfEnd(key as string);
  const hash = Math.imul(Math.imul(bits, 0x9e3779b1) ^ timestamp, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

// Keys of a kind differ at their ends.
function hashOfEnd(text: string): number {
  let hash = text.length;
  for (let i = Math.max(0, text.length - HASHED_UNITS); i < text.length; i++) {
    hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  }
  return hash;
}
