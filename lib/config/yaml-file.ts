// `config.yaml`: YAML 1.2 with nested or flat keys.
import { typeError } from '../errors.ts';
import { Configuration, type ConfigurationEntries } from './configuration.ts';
import { parseYamlText, type YamlValue } from './yaml-text.ts';

/**
 * Reads YAML. Scalars keep their text: their option says what they mean.
 *
 * @param source names the text in errors: its file.
 * @throws TypeError `ERR_INVALID_CONFIGURATION` for text that is no YAML, or no mapping, or has keys without a value.
 */
export function parseYamlConfiguration(text: string, source: string): Configuration {
  const entries = parsed(text, source) ?? {};
  if (typeof entries !== 'object' || Array.isArray(entries)) {
    throw typeError(
      'ERR_INVALID_CONFIGURATION',
      `${source} must hold keys and values, such as 'state.backend.type: rocksdb'.`,
    );
  }
  return new Configuration(entries as ConfigurationEntries);
}

function parsed(text: string, source: string): YamlValue | undefined {
  try {
    return parseYamlText(text);
  } catch (cause) {
    const error = typeError('ERR_INVALID_CONFIGURATION', `${source} is no valid YAML: ${(cause as Error).message}`);
    throw Object.assign(error, { cause });
  }
}
