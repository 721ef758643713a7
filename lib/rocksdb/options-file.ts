// The options that an open database really runs with, from the OPTIONS file that RocksDB writes.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The newest OPTIONS file of a database, as `name → value` per section, such as `DBOptions` or `CFOptions "default"`. */
export async function readOptionsFile(directory: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const names = (await readdir(directory)).filter((name) => /^OPTIONS-\d+$/.test(name)).sort();
  const lines = (await readFile(join(directory, names.at(-1) ?? 'OPTIONS'), 'utf8')).split('\n');
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of lines.map((each) => each.trim())) {
    const heading = /^\[(.*)\]$/.exec(line)?.[1];
    const [name, ...value] = line.split('=');
    if (heading !== undefined) {
      section = new Map();
      sections.set(heading.trim(), section);
    } else if (name && value.length > 0) {
      section.set(name, value.join('='));
    }
  }
  return sections;
}
