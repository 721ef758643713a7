// Lists and maps as text, with quotes around what contains a delimiter: `a;'b;c'`, `x:1,y:"2,3"`.

interface Part {
  readonly text: string;
  readonly isQuoted: boolean;
}

/**
 * Splits text at a delimiter, as Flink does: parts in single or double quotes may contain the delimiter, and a doubled
 * quote within them is one. A delimiter at the beginning or the end counts for nothing. Answers `undefined` when a quote is
 * left open, or something stands behind the closing one.
 */
export function splitStructured(text: string, delimiter: string): string[] | undefined {
  const parts: Part[] = [];
  const plainPart = `(?!['"])[^${delimiter}]*`;
  const pattern = new RegExp(`\\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(${plainPart}))\\s*(${delimiter}|$)`, 'y');
  for (;;) {
    const found = pattern.exec(text);
    if (found === null) {
      return undefined;
    }
    const [, single, double, plain, end] = found;
    const quoted = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"');
    parts.push({ text: quoted ?? plain?.trim() ?? '', isQuoted: quoted !== undefined });
    if (end === '') {
      return withoutOuter(parts).map((part) => part.text);
    }
  }
}

/** Without the nothing before a delimiter at the beginning, and that behind one at the end. */
function withoutOuter(parts: readonly Part[]): readonly Part[] {
  const isNothing = (part: Part | undefined) => part?.text === '' && !part.isQuoted;
  const rest = isNothing(parts[0]) ? parts.slice(1) : parts;
  return isNothing(rest.at(-1)) ? rest.slice(0, -1) : rest;
}

/** Joins parts so that {@link splitStructured} gives them back. */
export function joinStructured(parts: readonly string[], delimiter: string): string {
  return parts.map((part) => (needsQuotes(part, delimiter) ? `'${part.replaceAll("'", "''")}'` : part)).join(delimiter);
}

function needsQuotes(part: string, delimiter: string): boolean {
  // What looks like YAML would be read as such.
  return part === '' || part.includes(delimiter) || /['"\n]|^[[{]|^- |: /.test(part) || part !== part.trim();
}
