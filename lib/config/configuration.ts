// Values of options by key, from wherever they came.
import { typeError } from '../errors.ts';
import type { ConfigOption } from './config-option.ts';
import { mapType } from './value-types.ts';

/** A configuration to read from. */
export interface ReadableConfig {
  /**
   * The option's value, else its default.
   *
   * @throws TypeError or RangeError `ERR_INVALID_CONFIG_VALUE` when what is configured can't be read as the option's type.
   */
  get<T>(option: ConfigOption<T>): T;
  /** As {@link get}, with `undefined` instead of the default. */
  getOptional<T>(option: ConfigOption<T>): NonNullable<T> | undefined;
}

/** Raw values by key: text, numbers, booleans, lists, or objects, whose keys are appended with a dot. */
export type ConfigurationEntries = { readonly [key: string]: unknown };

// Warned of once in a process: reading an option is frequent.
const warned = new Set<string>();

/**
 * Options and their values. An option with several keys is looked up by its own, then by its deprecated ones (with a
 * `DeprecationWarning`), then by its fallback keys.
 *
 * @example
 * ```ts
 * const config = new Configuration({ 'state.backend.type': 'rocksdb', 'state.backend.rocksdb.thread.num': 4 });
 * config.set(StateBackendOptions.STATE_BACKEND, 'hashmap');
 * ```
 */
export class Configuration implements ReadableConfig {
  readonly #values: Map<string, unknown>;

  /** @throws TypeError `ERR_INVALID_CONFIGURATION` for entries that are no object. */
  constructor(entries: ConfigurationEntries | Configuration = {}) {
    this.#values = new Map(entries instanceof Configuration ? entries.#values : flatten(entries));
  }

  get<T>(option: ConfigOption<T>): T {
    return this.getOptional(option) ?? option.defaultValue;
  }

  getOptional<T>(option: ConfigOption<T>): NonNullable<T> | undefined {
    const key = this.#keyOf(option);
    if (key === undefined) {
      return this.#mapBelow(option);
    }
    if (option.deprecatedKeys.includes(key)) {
      warnOnce(`Option '${key}' is deprecated; use '${option.key}'.`);
    }
    return option.parse(this.#values.get(key), key);
  }

  /** Whether the option has a value, under any of its keys; a map also under keys that begin with its own. */
  contains<T>(option: ConfigOption<T>): boolean {
    return this.#keyOf(option) !== undefined || this.#keysBelow(option).length > 0;
  }

  /**
   * Gives an option a value, or the text of one.
   *
   * @throws TypeError or RangeError `ERR_INVALID_CONFIG_VALUE` when it is not allowed.
   */
  set<T>(option: ConfigOption<T>, value: NonNullable<T> | string): this {
    this.#values.set(option.key, option.parse(value));
    return this;
  }

  /** Gives a key a text; it is read as the option's type when the option is asked for. */
  setString(key: string, value: string): this {
    this.#values.set(key, value);
    return this;
  }

  /** Takes over every value of another configuration. */
  addAll(other: Configuration): this {
    for (const [key, value] of other.#values) {
      this.#values.set(key, value);
    }
    return this;
  }

  /** Removes an option, under all of its keys. Answers whether it was there. */
  remove<T>(option: ConfigOption<T>): boolean {
    return [...keysOf(option), ...this.#keysBelow(option)].map((key) => this.#values.delete(key)).includes(true);
  }

  /** All keys that have a value. */
  keys(): string[] {
    return [...this.#values.keys()];
  }

  /** The raw values by key. */
  toObject(): Record<string, unknown> {
    return Object.fromEntries(this.#values);
  }

  // A nested mapping of YAML was flattened: it is under keys that begin with the option's.
  #keysBelow<T>({ key, type }: ConfigOption<T>): string[] {
    return type.name === mapType.name ? this.keys().filter((each) => each.startsWith(`${key}.`)) : [];
  }

  #mapBelow<T>(option: ConfigOption<T>): NonNullable<T> | undefined {
    const below = this.#keysBelow(option).map((key) => [key.slice(option.key.length + 1), this.#values.get(key)]);
    return below.length === 0 ? undefined : option.parse(Object.fromEntries(below));
  }

  #keyOf<T>(option: ConfigOption<T>): string | undefined {
    return keysOf(option).find((key) => this.#values.has(key));
  }
}

function keysOf<T>({ key, deprecatedKeys, fallbackKeys }: ConfigOption<T>): string[] {
  return [key, ...deprecatedKeys, ...fallbackKeys];
}

function warnOnce(message: string): void {
  if (!warned.has(message)) {
    warned.add(message);
    process.emitWarning(message, { type: 'DeprecationWarning', code: 'ROCKSTATE_DEPRECATED_OPTION' });
  }
}

function flatten(entries: unknown, prefix = ''): [string, unknown][] {
  if (!isPlainObject(entries)) {
    throw typeError('ERR_INVALID_CONFIGURATION', `A configuration is keys and values; received ${typeof entries}.`);
  }
  return Object.entries(entries).flatMap(([name, value]): [string, unknown][] => {
    const key = `${prefix}${name}`;
    if (value === undefined || value === null) {
      return [];
    }
    return isPlainObject(value) ? flatten(value, `${key}.`) : [[key, value]];
  });
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
