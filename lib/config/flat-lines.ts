// `key: value` lines: the legacy `flink-conf.yaml`, which only looks like YAML, and the variable FLINK_PROPERTIES.
import { typeError } from '../errors.ts';
import { Configuration } from './configuration.ts';

/**
 * Reads one `key: value` a line. A `#` at the beginning or behind a space begins a comment. Later lines win.
 *
 * @param source names the text in errors: its file.
 * @throws TypeError `ERR_INVALID_CONFIGURATION` for a line without `: ` between a key and a value, naming the line.
 */
export function parseFlatLines(text: string, source: string): Configuration {
  const config = new Configuration();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [content = ''] = line.split(/^#|\s#/);
    if (content.trim() !== '') {
      const [, key, value] = /^\s*(\S.*?)\s*:\s+(\S.*?)\s*$/.exec(content) ?? [];
      if (key === undefined || value === undefined) {
        throw typeError(
          'ERR_INVALID_CONFIGURATION',
          `Line ${index + 1} of ${source} must be 'key: value'; received '${line.trim()}'.`,
        );
      }
      config.setString(key, value);
    }
  }
  return config;
}
