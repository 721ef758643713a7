// Options of RocksDB under way to a database: text by RocksDB's name, and where each value came from.
import type { EffectiveOption } from '../api/backend.ts';
import { describe, typeError } from '../errors.ts';
import { ENUMS, type EnumName } from './enums.ts';

/** Where a value came from. */
export type OptionSource = EffectiveOption['source'];

/** The type of an option's value, by name. */
export type NativeType = 'boolean' | 'integer' | 'number' | 'text' | 'CompressionTypes' | keyof typeof ENUMS;

/** What a setter takes. */
export type NativeValue<T> = T extends 'boolean'
  ? boolean
  : T extends 'integer' | 'number'
    ? number
    : T extends 'text'
      ? string
      : T extends 'CompressionTypes'
        ? readonly EnumName<'CompressionType'>[]
        : T extends keyof typeof ENUMS
          ? EnumName<T>
          : never;

/** `use_fsync` as `UseFsync`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Head>}${CamelCase<Tail>}`
  : Capitalize<S>;

/** A setter for every row: `use_fsync` becomes `setUseFsync`. */
export type Setters<Rows, Self> = {
  [N in keyof Rows & string as `set${CamelCase<N>}`]: (value: NativeValue<Rows[N]>) => Self;
};

/** A setter for every alias. */
export type AliasSetters<Aliases extends Readonly<Record<string, Alias>>, Self> = {
  [A in keyof Aliases]: (value: NativeValue<Aliases[A]['type']>) => Self;
};

/** An option behind a setter of another name. */
export interface Alias {
  readonly rocksdb: string;
  readonly type: NativeType;
}

/** Options of one kind by RocksDB's names. */
export class NativeOptions {
  readonly #values = new Map<string, EffectiveOption>();
  // What a factory sets is the factory's.
  #source: OptionSource = 'factory';

  /**
   * Sets any option that RocksDB knows, by the name that it has in RocksDB's `OPTIONS` file. A name that RocksDB does not
   * know fails when the database is opened, by that name.
   *
   * @throws TypeError `ERR_INVALID_OPTION` for a value that is no text, number or boolean.
   */
  set(name: string, value: string | number | boolean): this {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw typeError(
        'ERR_INVALID_OPTION',
        `Option '${name}' must be a string, number or boolean; received ${describe(value)}.`,
      );
    }
    this.#values.set(name, { value: String(value), source: this.#source });
    return this;
  }

  /** What was set, as text, or `undefined`. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.value;
  }

  /** @internal Sets options whose values come from elsewhere than a factory. */
  assign(values: Readonly<Record<string, string | number | boolean>>, source: OptionSource): this {
    this.#source = source;
    for (const [name, value] of Object.entries(values)) {
      this.set(name, value);
    }
    this.#source = 'factory';
    return this;
  }

  /** @internal */
  unset(name: string): this {
    this.#values.delete(name);
    return this;
  }

  /** @internal */
  get sourced(): ReadonlyMap<string, EffectiveOption> {
    return this.#values;
  }

  /** @internal As native takes them. */
  toOptionMap(): Record<string, string> {
    return Object.fromEntries(Array.from(this.#values, ([name, { value }]) => [name, value]));
  }
}

/** Adds the setters of tables to a class; their types are {@link Setters} and {@link AliasSetters}. */
export function defineSetters(
  options: typeof NativeOptions,
  rows: Readonly<Record<string, NativeType>>,
  aliases: Readonly<Record<string, Alias>> = {},
): void {
  for (const [name, type] of Object.entries(rows)) {
    defineSetter(options, setterName(name), { rocksdb: name, type });
  }
  for (const [setter, alias] of Object.entries(aliases)) {
    defineSetter(options, setter, alias);
  }
}

/** `setUseFsync` for `use_fsync`; its type is {@link CamelCase}. */
export function setterName(name: string): string {
  const parts = name.split('_').map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `set${parts.join('')}`;
}

function defineSetter(options: typeof NativeOptions, setter: string, { rocksdb, type }: Alias): void {
  Object.defineProperty(options.prototype, setter, {
    value(this: NativeOptions, value: unknown) {
      return this.set(rocksdb, toNativeText(setter, type, value));
    },
  });
}

const ACCEPTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  text: (value) => typeof value === 'string',
};

function toNativeText(setter: string, type: NativeType, value: unknown): string {
  if (type === 'CompressionTypes' && Array.isArray(value)) {
    return value.map((each) => toNativeText(setter, 'CompressionType', each)).join(':');
  }
  const words: Readonly<Record<string, string>> | undefined =
    type in ENUMS ? ENUMS[type as 'CompactionStyle'] : undefined;
  const word = Object.hasOwn(words ?? {}, String(value)) ? words?.[String(value)] : undefined;
  const text = words === undefined ? (ACCEPTS[type]?.(value) === true ? String(value) : undefined) : word;
  if (text === undefined) {
    const expected = words === undefined ? `a value of type ${type}` : `one of ${Object.keys(words).join(', ')}`;
    throw typeError('ERR_INVALID_OPTION', `${setter} takes ${expected}; received ${describe(value)}.`);
  }
  return text;
}
