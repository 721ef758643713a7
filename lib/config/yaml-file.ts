// `config.yaml`: YAML 1.2 with nested or flat keys.
import { parseDocument } from 'yaml';
import { typeError } from '../errors.ts';
import { Configuration, type ConfigurationEntries } from './configuration.ts';

/**
 * Reads YAML. Scalars keep their text: their option says what they mean.
 *
 * @param source names the text in errors: its file.
 * @throws TypeError `ERR_INVALID_CONFIGURATION` for text that is no YAML, or no mapping.
 */
export function parseYamlConfiguration(text: string, source: string): Configuration {
  const document = parseDocument(text, { schema: 'failsafe' });
  const [error] = document.errors;
  if (error !== undefined) {
    throw typeError('ERR_INVALID_CONFIGURATION', `${source} is no valid YAML: ${error.message}`);
  }
  const entries: unknown = document.toJS() ?? {};
  // A document with comments alone is an empty scalar.
  return entries === '' ? new Configuration() : checkedConfiguration(entries, source);
}

function checkedConfiguration(entries: unknown, source: string): Configuration {
  if (typeof entries !== 'object' || Array.isArray(entries)) {
    throw typeError(
      'ERR_INVALID_CONFIGURATION',
      `${source} must hold keys and values, such as 'state.backend.type: rocksdb'.`,
    );
  }
  return new Configuration(entries as ConfigurationEntries);
}
