// States with a time to live, of every kind, each written and read in every way that there is. All go through the same
// times side by side: one difference between two of them shows at once.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { StateDescriptor } from '../../lib/api/descriptors.ts';
import type { State } from '../../lib/api/state.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig, type StateTtlConfigBuilder } from '../../lib/config/state-ttl-config.ts';
import { type Contents, WAYS, type Way } from './ways-of-use.ts';

export const TTL_MS = 100;
/** That of all states here, unless a test says another one. */
export const NAMESPACE = 'namespace';

/** What lives {@link TTL_MS}, cleaned up only by being used unless `build` says more. */
export function ttlOf(
  build: (builder: StateTtlConfigBuilder) => StateTtlConfigBuilder = (builder) => builder,
  ttlMs: number = TTL_MS,
): TtlSettings {
  return build(StateTtlConfig.newBuilder(ttlMs).disableCleanupInBackground()).build();
}

/** Rows that all states need for one key and namespace. */
export const EXPIRING_ROWS: number = WAYS.length;

/** What all states show of these contents, by the way in which they are read; without contents, what shows nothing. */
export function shown(contents?: Contents): Record<string, unknown> {
  return Object.fromEntries(
    WAYS.map((each) => [each.name, contents === undefined ? each.nothing : each.shows(contents)]),
  );
}

/** What all states show when it is but this number. */
export function shownAlone(value: number): Record<string, unknown> {
  return shown({ last: value, elements: [value], folded: [value] });
}

/** One state for each way, in one backend. Written and read under its current key. */
export class ExpiringStates {
  readonly #keyed: KeyedStateBackend<string>;
  readonly #descriptors: ReadonlyMap<Way, StateDescriptor<unknown>>;

  constructor(keyed: KeyedStateBackend<string>, settings: TtlSettings) {
    this.#keyed = keyed;
    this.#descriptors = new Map(WAYS.map((each) => [each, each.describe(each.name).enableTimeToLive(settings)]));
  }

  async write(value: number, namespace: string = NAMESPACE): Promise<void> {
    const writes = WAYS.map((each) => each.write(this.#state(each, namespace), value));
    await Promise.all(writes);
  }

  /** Each write and each read by itself. */
  attempts(value: number, namespace: string = NAMESPACE): Promise<unknown>[] {
    return WAYS.flatMap((each) => [
      attempt(() => each.write(this.#state(each, namespace), value)),
      attempt(() => each.read(this.#state(each, namespace))),
    ]);
  }

  /** What each shows, by way. */
  async read(namespace: string = NAMESPACE): Promise<Record<string, unknown>> {
    const found: [string, unknown][] = [];
    for (const each of WAYS) {
      found.push([each.name, await each.read(this.#state(each, namespace))]);
    }
    return Object.fromEntries(found);
  }

  /** As {@link read}, of the ways that are synchronous. */
  readNow(): Record<string, unknown> {
    const ways = WAYS.filter(({ isAsync }) => !isAsync);
    return Object.fromEntries(ways.map((each) => [each.name, each.read(this.#state(each, NAMESPACE))]));
  }

  /** As {@link read}, of the ways that are asynchronous, all at once. */
  async readTogether(): Promise<Record<string, unknown>> {
    const reads = WAYS.filter(({ isAsync }) => isAsync).map(async (each) => {
      return [each.name, await each.read(this.#state(each, NAMESPACE))] as const;
    });
    return Object.fromEntries(await Promise.all(reads));
  }

  #state(each: Way, namespace: string): State {
    const descriptor = this.#descriptors.get(each) as StateDescriptor<State>;
    return this.#keyed.getPartitionedState(descriptor, { namespace, namespaceType: Types.STRING });
  }
}

async function attempt(work: () => unknown): Promise<unknown> {
  return work();
}
