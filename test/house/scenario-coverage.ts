// The table of scenarios and their tests, and what is wrong with a row of it.

export type Coverage =
  | { readonly scenario: string; readonly file: string; readonly name: string }
  | { readonly scenario: string; readonly reason: string };

const TESTED = /^\| (T\d{3}) \| `([^`]+)`: (.*) \|$/;
const UNTESTED = /^\| (T\d{3}) \| —(.*) \|$/;

/** The rows of a table in Markdown. */
export function coverageIn(markdown: string): Coverage[] {
  return markdown.split('\n').flatMap((line): Coverage[] => {
    const [, scenario, file, name] = TESTED.exec(line) ?? [];
    if (scenario !== undefined && file !== undefined && name !== undefined) {
      return [{ scenario, file, name }];
    }
    const [, untested, reason] = UNTESTED.exec(line) ?? [];
    return untested === undefined || reason === undefined ? [] : [{ scenario: untested, reason: reason.trim() }];
  });
}

/** @param sources - of all tests, by path. */
export function complaints(row: Coverage, sources: ReadonlyMap<string, string>): string[] {
  const { scenario } = row;
  if ('reason' in row) {
    const tested = [...sources].filter(([, source]) => source.includes(scenario)).map(([file]) => file);
    return [
      ...(row.reason === '' ? [`${scenario} has neither a test nor a reason`] : []),
      ...(tested.length > 0 ? [`${scenario} is said to have no test, but is tested in ${tested.join(', ')}`] : []),
    ];
  }
  const source = sources.get(row.file);
  if (source === undefined) {
    return [`${scenario}: there is no file ${row.file}`];
  }
  return [
    ...(source.includes(scenario) ? [] : [`${scenario}: ${row.file} does not name ${scenario}`]),
    ...(source.includes(`'${row.name}'`) ? [] : [`${scenario}: ${row.file} has no test '${row.name}'`]),
  ];
}
