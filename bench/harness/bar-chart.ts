// Bars of several sides, in groups one below the other, as an SVG image.

export interface BarGroup {
  readonly name: string;
  /** One for each side; NaN where a side has none. */
  readonly values: readonly number[];
  /** Written behind the name's bars. */
  readonly note: string;
}

export interface BarChart {
  readonly title: string;
  readonly sides: readonly { readonly name: string; readonly color: string }[];
  readonly groups: readonly BarGroup[];
}

const WIDTH = 920;
const PLOT = { left: 160, top: 56, right: 760 };
const BAR_HEIGHT = 9;
const GROUP_GAP = 8;
const LEGEND_STEP = 110;

export function toSvg({ title, sides, groups }: BarChart): string {
  const most = Math.max(...groups.flatMap(({ values }) => values.filter((value) => !Number.isNaN(value))));
  const groupHeight = sides.length * BAR_HEIGHT + GROUP_GAP;
  const height = PLOT.top + groups.length * groupHeight + GROUP_GAP;
  const elements = [
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(12, 20, title, 'font-weight="bold" font-size="14"'),
    ...sides.flatMap(({ name, color }, index) => [
      bar(PLOT.left + index * LEGEND_STEP, 32, 10, color),
      text(PLOT.left + index * LEGEND_STEP + 16, 41, name, ''),
    ]),
    ...groups.flatMap(({ name, values, note }, place) => {
      const top = PLOT.top + place * groupHeight;
      const middle = top + (sides.length * BAR_HEIGHT) / 2 + 4;
      return [
        text(PLOT.left - 8, middle, name, 'text-anchor="end"'),
        ...values.flatMap((value, index) => valueBar(value, most, top + index * BAR_HEIGHT, sides[index]?.color ?? '')),
        text(WIDTH - 12, middle, note, 'text-anchor="end"'),
      ];
    }),
  ];
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  const font = 'font-family="system-ui, sans-serif" font-size="12"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n${elements.join('\n')}\n</svg>\n`;
}

function valueBar(value: number, most: number, top: number, color: string): string[] {
  if (Number.isNaN(value)) {
    return [];
  }
  const width = Math.max(1, ((PLOT.right - PLOT.left) * value) / most);
  const label = value < 10 ? value.toFixed(1) : String(Math.round(value));
  return [bar(PLOT.left, top, width, color), text(PLOT.left + width + 4, top + 8, label, 'font-size="9" fill="#666"')];
}

function bar(x: number, y: number, width: number, color: string): string {
  return `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 1}" fill="${color}"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
