// The rule that imports go downward, as a function over source text.

/** Folders of lib/ by rank: a file imports from a lower rank, its own folder, or errors.ts. */
export const RANKS: Readonly<Record<string, number>> = {
  api: 0,
  bytes: 1,
  config: 1,
  binding: 1,
  keys: 2,
  ttl: 2,
  options: 2,
  rocksdb: 2,
  state: 3,
  heap: 3,
  storage: 3,
  savepoint: 3,
  checkpoint: 4,
  restore: 4,
  metrics: 4,
  migration: 4,
  timers: 4,
  backend: 5,
  inspect: 5,
  convert: 6,
  job: 6,
  cli: 7,
};

// What the package offers: they import from everywhere, and nothing imports them.
const ENTRIES = ['index.ts', 'rocksdb.ts'];
const ERRORS = 'errors.ts';

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/g;

/** What is wrong with the relative imports of one file; `path` is relative to lib/, with slashes. */
export function violations(path: string, source: string): string[] {
  const found: string[] = [];
  for (const [, from, dynamic] of source.matchAll(IMPORT)) {
    const specifier = from ?? dynamic ?? '';
    if (specifier.startsWith('.')) {
      const target = new URL(specifier, `file:///lib/${path}`).pathname.replace(/^\/lib\//, '');
      const reason = complaint(path, target);
      if (reason !== undefined) {
        found.push(`${path} imports ${target}: ${reason}`);
      }
    }
  }
  return found;
}

function complaint(path: string, target: string): string | undefined {
  if (path === ERRORS) {
    return 'errors.ts imports nothing';
  }
  if (ENTRIES.includes(path) || target === ERRORS) {
    return undefined;
  }
  const own = folderOf(path);
  const other = folderOf(target);
  if (own === other && own !== '') {
    return undefined;
  }
  const rank = RANKS[own];
  const otherRank = RANKS[other];
  if (rank === undefined || otherRank === undefined) {
    return `'${rank === undefined ? own : other}' is no folder with a rank`;
  }
  if (otherRank === rank) {
    return `sideways, both are of rank ${rank}`;
  }
  return otherRank > rank ? `upward, from rank ${rank} to ${otherRank}` : undefined;
}

function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '';
}
