// `-Dkey=value` arguments of a command line.
import { typeError } from '../errors.ts';
import { Configuration } from './configuration.ts';

/**
 * Reads the `-Dkey=value` and `-D key=value` arguments; `-Dkey` alone is `true`. Others are left alone.
 *
 * @throws TypeError `ERR_INVALID_CONFIGURATION` for one without a key.
 */
export function dynamicProperties(args: readonly string[]): Configuration {
  const config = new Configuration();
  const remaining = args[Symbol.iterator]();
  for (const arg of remaining) {
    if (arg.startsWith('-D')) {
      const property = arg === '-D' ? (remaining.next().value ?? '') : arg.slice(2);
      const [, key = '', value = 'true'] = /^([^=]*)(?:=(.*))?$/s.exec(property) ?? [];
      if (key.trim() === '') {
        throw typeError('ERR_INVALID_CONFIGURATION', `-D must be followed by key=value; received '${property}'.`);
      }
      config.setString(key.trim(), value);
    }
  }
  return config;
}
