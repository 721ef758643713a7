// One state of rockstate, which an item works on.
import { setImmediate } from 'node:timers/promises';
import type { ConfigurationEntries } from '../../lib/index.ts';
import { kindOf } from './items.ts';
import type { Access, Item, Kind } from './kind.ts';
import { openKeyed } from './open-keyed.ts';
import { OpenedDatabase } from './opened-database.ts';
import type { Ran, StateRequest } from './side.ts';
import { Work } from './work.ts';

// Calls between which the event loop turns, as it does in a program that is given records.
const CALLS_PER_TURN = 1000;
const DIGESTED_KEYS = 10_000;

export class OpenState {
  readonly #item: Item<unknown>;
  readonly #kind: Kind<unknown>;
  readonly #access: Access<unknown>;
  readonly database: OpenedDatabase | undefined;
  #isFilled = false;

  private constructor(item: string, access: Access<unknown>, database: OpenedDatabase | undefined) {
    this.#kind = kindOf(item);
    this.#item = this.#kind.items[item] as Item<unknown>;
    this.#access = access;
    this.database = database;
  }

  /** @param config - options of the backend beside the request's. */
  static async open({ item, keys, ...where }: StateRequest, config: ConfigurationEntries = {}): Promise<OpenState> {
    const { descriptor, open } = kindOf(item);
    const [keyed, database] = await OpenedDatabase.within(descriptor.name, () =>
      openKeyed(descriptor, { ...where, config }),
    );
    return new OpenState(item, { keyed, state: open(keyed), work: new Work(keys) }, database);
  }

  /** Begins an iteration. */
  async begin(): Promise<void> {
    if (!this.#isFilled || this.#kind.isRenewed) {
      this.#isFilled = true;
      await this.#forEachKey((key) => this.#kind.store(this.#access, key));
      if (this.#kind.isRenewed) {
        await this.database?.compact();
      }
    }
    await this.database?.settle();
  }

  async run(first: number, calls: number): Promise<Ran> {
    const item = this.#item;
    const access = this.#access;
    const end = first + calls;
    let checksum = 0;
    const start = performance.now();
    for (let index = first; index < end; ) {
      for (const last = Math.min(index + CALLS_PER_TURN, end); index < last; index++) {
        checksum = (checksum + item(access, index)) | 0;
      }
      await setImmediate();
    }
    return { ms: performance.now() - start, checksum };
  }

  /** Ends an iteration. */
  async end(): Promise<void> {
    if (this.#kind.isRenewed) {
      this.#access.keyed.applyToAllKeys(this.#kind.descriptor, (_key, state) => (state as { clear(): void }).clear());
      await this.database?.compact();
      globalThis.gc?.();
    }
    await this.database?.settle();
  }

  /** A checksum of what some of the keys have, those of the set-up and new ones. */
  digest(): number {
    const { keyed, state, work } = this.#access;
    let checksum = 0;
    for (let index = 0; index < Math.min(work.keyCount, DIGESTED_KEYS); index++) {
      for (const key of [work.setUpKey(index), work.newKey(index)]) {
        keyed.setCurrentKey(key);
        checksum = (Math.imul(checksum, 31) + this.#kind.digest(state)) | 0;
      }
    }
    return checksum;
  }

  async close(): Promise<void> {
    await this.#access.keyed.close();
  }

  async #forEachKey(visit: (key: number) => void): Promise<void> {
    const { keyed, work } = this.#access;
    for (let key = 0; key < work.keyCount; key++) {
      keyed.setCurrentKey(key);
      visit(key);
      if (key % CALLS_PER_TURN === 0) {
        await setImmediate();
      }
    }
  }
}
