// The table of the states that Flink's goldens have, and of the formats in which each was read and written, made of the
// goldens' `expected.json`. The tests go through the same files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './set-up.mjs';

const GOLDENS = join(root, 'test/fixtures/flink-jobs/goldens');
const KINDS = ['VALUE', 'LIST', 'MAP', 'REDUCING', 'AGGREGATING', 'TIMERS'];
const NAMESPACES = { TIME_WINDOW: ' per time window', GLOBAL_WINDOW: ' per global window' };
// As far as Kryo's values are concerned; see the tests.
const NOT_READ = 'heap, native';

export function statesOfFlink() {
  const releases = readdirSync(GOLDENS).sort().reverse();
  const rows = new Map();
  for (const release of releases) {
    for (const name of readdirSync(join(GOLDENS, release)).sort()) {
      const golden = JSON.parse(readFileSync(join(GOLDENS, release, name, 'expected.json'), 'utf8'));
      addStates(rows, release, golden);
    }
  }
  const lines = [...rows.values()]
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.title < b.title ? -1 : 1))
    .map(({ title, formats }) => {
      const read = releases.map((release) => [...(formats[release] ?? [])].sort().join('; '));
      return `| ${title} | ${read.join(' | ')} | ${writingOf(title)} |`;
    });
  const head = ['state', ...releases.map((release) => `read from Flink ${release}`), 'goes on in Flink'];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
}

// Changing windows would set them at odds with their timers.
function writingOf(title) {
  if (/Kryo/.test(title)) {
    return 'carried along';
  }
  if (title === 'timers') {
    return 'built, carried along';
  }
  return /window/i.test(title) ? 'built, carried along' : 'built, carried along, changed';
}

function addStates(rows, release, { backend, kind, operators, timers }) {
  for (const { keyType, states, uid } of operators) {
    const keyed =
      keyType === null ? [] : states.filter((state) => KINDS.includes(state.kind) && state.kind !== 'TIMERS');
    const hasTimers = timers.some(([of]) => of === uid);
    for (const state of [...keyed, ...(hasTimers ? [{ kind: 'TIMERS' }] : [])]) {
      const title = titleOf(state);
      const format = formatOf(backend, kind);
      const row = rows.get(title) ?? { title, kind: state.kind, formats: {} };
      rows.set(title, row);
      row.formats[release] ??= new Set();
      if (!(title.includes('Kryo') && format === NOT_READ)) {
        row.formats[release].add(format);
      }
    }
  }
}

function formatOf(backend, kind) {
  const timers = backend === 'rocksdb-heap-timers' ? ' with timers in memory' : '';
  const from = backend === 'heap' ? 'heap' : `RocksDB${timers}`;
  return kind === 'CANONICAL' ? 'canonical' : `${from}, ${kind === 'INCREMENTAL' ? 'incremental' : 'native'}`;
}

function titleOf({ kind, namespaceType, valueType }) {
  if (kind === 'TIMERS') {
    return 'timers';
  }
  const elements = kind === 'LIST' || kind === 'MAP' ? valueType.slice(1) : [valueType];
  return `${kind} of ${elements.map(typeName).join(' to ')}${NAMESPACES[namespaceType] ?? ''}`;
}

function typeName(type) {
  if (typeof type === 'string') {
    return type;
  }
  const [name, ...parts] = type;
  switch (name) {
    case 'ENUM':
      return 'ENUM';
    case 'POJO':
      return `Pojo \`${parts[0].split('$').at(-1)}\``;
    case 'GENERIC':
      return 'what Kryo wrote';
    case 'TTL':
      return `${typeName(parts[0])} with a time to live`;
    case 'STREAM_RECORD':
      return `records of ${typeName(parts[0])}`;
    default:
      return `${name}(${parts.map(typeName).join(', ')})`;
  }
}
