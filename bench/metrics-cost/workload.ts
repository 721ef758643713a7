// A keyed backend with a value state that is read and updated, key by key.
import { setImmediate } from 'node:timers/promises';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { ValueState } from '../../lib/api/state.ts';
import { EmbeddedRocksDBStateBackend, MetricRegistry, Types, ValueStateDescriptor } from '../../lib/index.ts';

const STRETCH = 1000;
const COUNT = new ValueStateDescriptor('count', Types.LONG);

export class Workload {
  readonly #keyed: KeyedStateBackend<string>;
  readonly #count: ValueState<number>;
  readonly #keys: readonly string[];

  private constructor(keyed: KeyedStateBackend<string>, keyCount: number) {
    this.#keyed = keyed;
    this.#count = keyed.getState(COUNT);
    this.#keys = Array.from({ length: keyCount }, (_, i) => `key-${i}`);
  }

  static async open(
    config: Readonly<Record<string, unknown>>,
    { localDir, keyCount }: { readonly localDir: string; readonly keyCount: number },
  ): Promise<Workload> {
    const backend = new EmbeddedRocksDBStateBackend().configure(config);
    const metricGroup = new MetricRegistry().root;
    const keyed = await backend.createKeyedStateBackend({
      keyType: Types.STRING,
      states: [COUNT],
      localDir,
      metricGroup,
    });
    const workload = new Workload(keyed, keyCount);
    await workload.run(keyCount);
    return workload;
  }

  async run(operations: number): Promise<void> {
    for (let i = 0; i < operations; i++) {
      if (i % STRETCH === 0) {
        // Lets the timer of native metrics come to its turn.
        await setImmediate();
      }
      this.#keyed.setCurrentKey(this.#keys[i % this.#keys.length] as string);
      this.#count.update((this.#count.value() ?? 0) + 1);
    }
  }

  close(): Promise<void> {
    return this.#keyed.close();
  }
}
