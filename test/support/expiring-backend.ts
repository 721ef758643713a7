// A keyed backend whose states expire by a clock that the test sets.
import type { KeyedStateBackend, KeyedStateBackendOptions } from '../../lib/api/backend.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { ExpiringStates } from './expiring-states.ts';
import { HandSetClock } from './hand-set-clock.ts';
import { restored } from './restored.ts';
import type { Bench } from './with-backend.ts';

export class ExpiringBackend {
  readonly clock: HandSetClock;
  readonly options: KeyedStateBackendOptions<string>;
  readonly #bench: Bench;
  #keyed: KeyedStateBackend<string>;

  private constructor(bench: Bench, options: KeyedStateBackendOptions<string>, opened: KeyedStateBackend<string>) {
    this.clock = options.ttlTimeProvider as HandSetClock;
    this.options = options;
    this.#bench = bench;
    this.#keyed = opened;
  }

  /** With 'k' as the current key. */
  static async open(bench: Bench, options: Partial<KeyedStateBackendOptions<string>> = {}): Promise<ExpiringBackend> {
    const all = { keyType: Types.STRING, ttlTimeProvider: new HandSetClock(), ...options };
    const keyed = await bench.open(all);
    keyed.setCurrentKey('k');
    return new ExpiringBackend(bench, all, keyed);
  }

  get keyed(): KeyedStateBackend<string> {
    return this.#keyed;
  }

  /** States of every kind. */
  states(settings: TtlSettings): ExpiringStates {
    return new ExpiringStates(this.#keyed, settings);
  }

  /** Goes on with what a checkpoint of now, or `restore`, holds. */
  async restart(restore?: KeyedStateBackendOptions<string>['restore']): Promise<void> {
    this.#keyed =
      restore === undefined
        ? await restored(this.#bench, this.#keyed, this.options)
        : await this.#bench.open({ ...this.options, restore });
    this.#keyed.setCurrentKey('k');
  }

  rows(): Promise<number> {
    return this.#keyed.numKeyValueStateEntries();
  }
}
