// Lists and maps as text, with quotes around what contains a delimiter: `a;'b;c'`, `x:1,y:"2,3"`.

/**
 * Splits text at a delimiter, as Flink does: parts in single or double quotes may contain the delimiter, and a doubled
 * quote within them is one. Answers `undefined` when a quote is left open or stands within a part.
 */
export function splitStructured(text: string, delimiter: string): string[] | undefined {
  const parts: string[] = [];
  const pattern = new RegExp(`\\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([^'"${delimiter}]*))\\s*(${delimiter}|$)`, 'y');
  for (;;) {
    const found = pattern.exec(text);
    if (found === null) {
      return undefined;
    }
    const [, single, double, plain = '', end] = found;
    parts.push(single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? plain.trim());
    if (end === '') {
      return parts.filter((part) => part !== '');
    }
  }
}

/** Joins parts so that {@link splitStructured} gives them back. */
export function joinStructured(parts: readonly string[], delimiter: string): string {
  return parts
    .map((part) =>
      part.includes(delimiter) || /['"]/.test(part) || part !== part.trim() ? `'${part.replaceAll("'", "''")}'` : part,
    )
    .join(delimiter);
}
