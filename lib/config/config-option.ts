// One option: its key, the type of its value, default, older keys, and what it is for.
import { describe, rangeError, typeError } from '../errors.ts';
import {
  booleanType,
  doubleType,
  durationType,
  enumType,
  intType,
  listType,
  longType,
  mapType,
  memoryType,
  stringType,
  type ValueType,
} from './value-types.ts';

/** What else must hold for a value. */
export interface ValueCheck<T> {
  /** Completes "must be …". */
  readonly expected: string;
  accepts(value: T): boolean;
}

interface OptionParts<T> {
  readonly key: string;
  readonly type: ValueType<NonNullable<T>>;
  readonly defaultValue: T;
  readonly deprecatedKeys: readonly string[];
  readonly fallbackKeys: readonly string[];
  readonly description: string;
  readonly check: ValueCheck<NonNullable<T>> | undefined;
}

/** An option of a {@link Configuration}; made with {@link ConfigOptions}. `T` includes `undefined` without a default. */
export class ConfigOption<T> {
  readonly key: string;
  readonly type: ValueType<NonNullable<T>>;
  readonly defaultValue: T;
  /** Older names of the key; using one gives a warning. */
  readonly deprecatedKeys: readonly string[];
  /** Other keys whose value is taken when this one has none. */
  readonly fallbackKeys: readonly string[];
  readonly description: string;
  readonly #parts: OptionParts<T>;

  /** @internal */
  constructor(parts: OptionParts<T>) {
    this.#parts = parts;
    this.key = parts.key;
    this.type = parts.type;
    this.defaultValue = parts.defaultValue;
    this.deprecatedKeys = parts.deprecatedKeys;
    this.fallbackKeys = parts.fallbackKeys;
    this.description = parts.description;
  }

  withDeprecatedKeys(...deprecatedKeys: string[]): ConfigOption<T> {
    return new ConfigOption({ ...this.#parts, deprecatedKeys });
  }

  withFallbackKeys(...fallbackKeys: string[]): ConfigOption<T> {
    return new ConfigOption({ ...this.#parts, fallbackKeys });
  }

  withDescription(description: string): ConfigOption<T> {
    return new ConfigOption({ ...this.#parts, description });
  }

  /** Narrows what the type allows. */
  withCheck(expected: string, accepts: (value: NonNullable<T>) => boolean): ConfigOption<T> {
    return new ConfigOption({ ...this.#parts, check: { expected, accepts } });
  }

  /** What is allowed, for a message or documentation. */
  get expected(): string {
    const { check, type } = this.#parts;
    return check === undefined ? type.expected : `${type.expected}, ${check.expected}`;
  }

  /**
   * The value that `raw` stands for; `key` is the one it was found under.
   *
   * @throws TypeError or RangeError `ERR_INVALID_CONFIG_VALUE`, naming the key, the value and what is allowed.
   */
  parse(raw: unknown, key: string = this.key): NonNullable<T> {
    const { check, type } = this.#parts;
    const value = type.parse(raw);
    if (value === undefined) {
      throw typeError('ERR_INVALID_CONFIG_VALUE', this.#complaint(key, raw));
    }
    if (check?.accepts(value) === false) {
      throw rangeError('ERR_INVALID_CONFIG_VALUE', this.#complaint(key, raw));
    }
    return value;
  }

  #complaint(key: string, raw: unknown): string {
    return `Option '${key}' must be ${this.expected}; received ${describe(raw)}.`;
  }
}

/** Of an option whose key and type are known, and whose default is still to be said. */
export class TypedConfigOptionBuilder<T> {
  readonly #key: string;
  readonly #type: ValueType<T>;

  /** @internal */
  constructor(key: string, type: ValueType<T>) {
    this.#key = key;
    this.#type = type;
  }

  /** Elements separated by semicolons, or a sequence of YAML. */
  asList(): TypedConfigOptionBuilder<readonly T[]> {
    return new TypedConfigOptionBuilder(this.#key, listType(this.#type));
  }

  /** The default may be given as text: `memoryType().defaultValue('64mb')`. */
  defaultValue(value: T | string): ConfigOption<T> {
    const option = this.#build<T>(undefined as T);
    return this.#build<T>(option.parse(value));
  }

  noDefaultValue(): ConfigOption<T | undefined> {
    return this.#build<T | undefined>(undefined);
  }

  #build<D extends T | undefined>(defaultValue: D): ConfigOption<D> {
    return new ConfigOption<D>({
      key: this.#key,
      type: this.#type as unknown as ValueType<NonNullable<D>>,
      defaultValue,
      deprecatedKeys: [],
      fallbackKeys: [],
      description: '',
      check: undefined,
    });
  }
}

/** Of an option whose key is known, and whose type is still to be said. */
export class ConfigOptionBuilder {
  readonly #key: string;

  /** @internal */
  constructor(key: string) {
    this.#key = key;
  }

  stringType(): TypedConfigOptionBuilder<string> {
    return this.#typed(stringType);
  }

  booleanType(): TypedConfigOptionBuilder<boolean> {
    return this.#typed(booleanType);
  }

  /** An integer of 32 bits. */
  intType(): TypedConfigOptionBuilder<number> {
    return this.#typed(intType);
  }

  /** A safe integer. */
  longType(): TypedConfigOptionBuilder<number> {
    return this.#typed(longType);
  }

  floatType(): TypedConfigOptionBuilder<number> {
    return this.#typed(doubleType);
  }

  doubleType(): TypedConfigOptionBuilder<number> {
    return this.#typed(doubleType);
  }

  /** In bytes; as text with a unit: `64mb`. */
  memoryType(): TypedConfigOptionBuilder<number> {
    return this.#typed(memoryType);
  }

  /** In milliseconds; as text with a unit: `10 min`. */
  durationType(): TypedConfigOptionBuilder<number> {
    return this.#typed(durationType);
  }

  /** One of several names, in any case. */
  enumType<const T extends string>(values: readonly T[]): TypedConfigOptionBuilder<T> {
    return this.#typed(enumType(values));
  }

  mapType(): TypedConfigOptionBuilder<Readonly<Record<string, string>>> {
    return this.#typed(mapType);
  }

  #typed<T>(type: ValueType<T>): TypedConfigOptionBuilder<T> {
    return new TypedConfigOptionBuilder(this.#key, type);
  }
}

/**
 * Where options begin.
 *
 * @example
 * ```ts
 * const RESTART_INTERVAL = ConfigOptions.key('my.custom.rocksdb.block.restart-interval')
 *   .intType()
 *   .defaultValue(16)
 *   .withDescription('Keys between restart points of a block.');
 * ```
 */
export const ConfigOptions: { key(key: string): ConfigOptionBuilder } = {
  key: (key) => new ConfigOptionBuilder(key),
};
