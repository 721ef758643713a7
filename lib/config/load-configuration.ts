// The configuration of a process: a file, then the environment, then the command line; later ones win.
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { typeError } from '../errors.ts';
import { Configuration } from './configuration.ts';
import { dynamicProperties } from './dynamic-properties.ts';
import { parseFlatLines } from './flat-lines.ts';
import { parseYamlConfiguration } from './yaml-file.ts';

/** Where {@link loadConfiguration} looks. */
export interface LoadConfigurationOptions {
  /** The directory of `config.yaml` or `flink-conf.yaml`. Default: the variable `FLINK_CONF_DIR`; without it no file. */
  readonly directory?: string | undefined;
  /** A file, instead of one in a directory: YAML, but for `flink-conf.yaml` and names that end in `.conf`. */
  readonly file?: string | undefined;
  /** Variables of the environment. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Command-line arguments, of which `-Dkey=value` count. Default: none. */
  readonly args?: readonly string[];
}

const STANDARD_FILE = 'config.yaml';
const LEGACY_FILE = 'flink-conf.yaml';

/**
 * Loads `config.yaml` (YAML 1.2), or the legacy `flink-conf.yaml` when that is all there is; then the lines of the
 * variable `FLINK_PROPERTIES`, as in Flink's container images; then `-Dkey=value` arguments.
 *
 * @throws TypeError `ERR_INVALID_CONFIGURATION` for a file or line that can't be read, naming it.
 */
export async function loadConfiguration(options: LoadConfigurationOptions = {}): Promise<Configuration> {
  const { env = process.env, args = [], directory = env.FLINK_CONF_DIR, file } = options;
  const config = file === undefined ? await loadDirectory(directory) : await loadFile(file);
  return config.addAll(parseFlatLines(env.FLINK_PROPERTIES ?? '', 'FLINK_PROPERTIES')).addAll(dynamicProperties(args));
}

async function loadFile(path: string): Promise<Configuration> {
  const text = await read(path);
  if (text === undefined) {
    throw typeError('ERR_INVALID_CONFIGURATION', `The configuration ${path} does not exist.`);
  }
  const isFlat = basename(path) === LEGACY_FILE || path.endsWith('.conf');
  return isFlat ? parseFlatLines(text, path) : parseYamlConfiguration(text, path);
}

async function loadDirectory(directory: string | undefined): Promise<Configuration> {
  if (directory === undefined) {
    return new Configuration();
  }
  const standard = await read(join(directory, STANDARD_FILE));
  if (standard !== undefined) {
    return parseYamlConfiguration(standard, join(directory, STANDARD_FILE));
  }
  const legacy = await read(join(directory, LEGACY_FILE));
  if (legacy !== undefined) {
    return parseFlatLines(legacy, join(directory, LEGACY_FILE));
  }
  const found = await stat(directory).then(
    (stats) => (stats.isDirectory() ? `holds neither ${STANDARD_FILE} nor ${LEGACY_FILE}` : 'is no directory'),
    () => 'does not exist',
  );
  throw typeError('ERR_INVALID_CONFIGURATION', `The configuration directory ${directory} ${found}.`);
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return undefined;
    }
    throw typeError('ERR_INVALID_CONFIGURATION', `The configuration ${path} can't be read: ${error.message}`);
  });
}
