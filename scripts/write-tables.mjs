// `npm run tables`: writes the tables of the guide that are made from the rows of lib/options/, between their markers.
// `test/house/tables.test.ts` holds the pages to them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, setUp } from './set-up.mjs';
import { statesOfFlink } from './states-of-flink.mjs';

/** A table: the page it is in, its name in the markers, and how its text is made of the compiled library. */
export const TABLES = [
  { page: 'docs/metrics.md', name: 'native metrics', write: nativeMetrics },
  { page: 'docs/options.md', name: 'options', write: options },
  { page: 'docs/savepoints.md', name: 'states of Flink', write: statesOfFlink },
];

const KINDS = [
  ['property', 'Of each state, from its column family'],
  ['ticker', 'Of the database, counted since it was opened'],
  ['histogram', 'Of the database, distributions since it was opened'],
  ['memory', 'Of the memory that databases share'],
];

async function nativeMetrics() {
  const { NATIVE_METRICS } = await import('../dist/options/native-metric.js');
  return KINDS.map(([kind, title]) => {
    const rows = NATIVE_METRICS.filter((metric) => metric.kind === kind).map(({ key, names, unit, doc, own }) => {
      const [first, last] = [names[0].metric, names.at(-1).metric];
      const metric = first === last ? `\`${first}\`` : `\`${first}\` … \`${last.slice(-1)}\``;
      return `| \`${key}\`${own ? ' †' : ''} | ${metric} | ${unit ?? ''} | ${doc} |`;
    });
    return [`### ${title}`, '', '| key | metric | unit | what |', '|---|---|---|---|', ...rows].join('\n');
  }).join('\n\n');
}

async function options() {
  const { OPTION_GROUPS } = await import('../dist/options/all-options.js');
  return OPTION_GROUPS.map(({ title, options: ofGroup }) => {
    const rows = ofGroup.map(({ option, row }) => {
      const { key, type, defaultValue, deprecatedKeys, expected, description } = option;
      const shown = defaultValue === undefined ? '' : `\`${type.format(defaultValue)}\``;
      const older =
        deprecatedKeys.length === 0 ? '' : ` Older: ${deprecatedKeys.map((each) => `\`${each}\``).join(', ')}.`;
      const native = row.rocksdb === undefined ? '' : ` RocksDB: \`${row.rocksdb}\`.`;
      const unused = row.unused === undefined ? '' : ` **No effect:** ${row.unused}.`;
      return `| \`${key}\` | ${shown} | ${expected.replaceAll('|', '\\|')} | ${description}${native}${older}${unused} |`;
    });
    return [`## ${title}`, '', '| key | default | value | what |', '|---|---|---|---|', ...rows].join('\n');
  }).join('\n\n');
}

/** The page with the table in its place. */
export function withTable(page, name, table) {
  const begin = `<!-- ${name}: written by \`npm run tables\` -->`;
  const end = `<!-- end of ${name} -->`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`The page has no place for the table, between ${begin} and ${end}.`);
  }
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  for (const { page, name, write } of TABLES) {
    const path = join(root, page);
    writeFileSync(path, withTable(readFileSync(path, 'utf8'), name, await write()));
    console.log(`Written: ${name} in ${page}`);
  }
}
