// Options as data, and where their values are read from.
import { describe, typeError } from '../errors.ts';

/** One option. */
export interface OptionRow<T extends boolean | number = boolean | number> {
  readonly key: string;
  readonly type: T extends boolean ? 'boolean' : 'int';
  readonly defaultValue: T;
  /** Keys that earlier releases of Flink knew it by. */
  readonly deprecatedKeys: readonly string[];
  readonly description: string;
}

/** Answers the value of an option, which is its default where nothing was configured. */
export interface OptionSource {
  get<T extends boolean | number>(option: OptionRow<T>): T;
}

/** Nothing is configured. */
export const NOTHING_CONFIGURED: OptionSource = { get: (option) => option.defaultValue };

/** Values by the keys of their options; for those that are missing, the default. */
export function optionValues(values: Readonly<Record<string, boolean | number>>): OptionSource {
  return {
    get<T extends boolean | number>(option: OptionRow<T>): T {
      const value = values[option.key] ?? option.defaultValue;
      const wanted = option.type === 'int' ? 'number' : 'boolean';
      if (typeof value !== wanted) {
        throw typeError('ERR_INVALID_OPTION', `${option.key} must be a ${wanted}; received ${describe(value)}.`);
      }
      return value as T;
    },
  };
}
