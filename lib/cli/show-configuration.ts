// `rockstate config`: what a configuration says, read as a backend would read it.
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../config/load-configuration.ts';
import { type DocumentedOption, OPTION_GROUPS, remarksOn } from '../options/all-options.ts';

const OPTIONS = {
  'conf-dir': { type: 'string' },
  all: { type: 'boolean', default: false },
} as const;

export async function showConfiguration(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: withoutProperties(args), options: OPTIONS });
  const config = await loadConfiguration({ directory: values['conf-dir'], args });
  let valid = true;
  const line = ({ option, row }: DocumentedOption): string[] => {
    try {
      const configured = config.getOptional(option);
      const value = configured ?? option.defaultValue;
      const shown = row.secret ? '******' : value;
      const text = value === undefined || value === null ? '(none)' : option.type.format(shown as NonNullable<unknown>);
      return configured !== undefined || values.all
        ? [`  ${option.key}: ${text}${configured === undefined ? '  (default)' : ''}`]
        : [];
    } catch (error) {
      valid = false;
      console.error((error as Error).message);
      return [];
    }
  };
  for (const { title, options } of OPTION_GROUPS) {
    const lines = options.flatMap(line);
    if (lines.length > 0) {
      console.log(`${title}\n${lines.join('\n')}`);
    }
  }
  if (valid) {
    for (const remark of remarksOn(config)) {
      console.error(remark);
    }
  }
  return valid ? 0 : 1;
}

function withoutProperties(args: readonly string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith('-D') && args[index - 1] !== '-D');
}
