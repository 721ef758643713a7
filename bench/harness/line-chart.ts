// Lines over a common axis, as an SVG image.

export interface Line {
  readonly name: string;
  readonly color: string;
  /** For a limit rather than a measurement. */
  readonly dashed?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A stretch of the x axis that has a name. */
export interface Stretch {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface LineChart {
  readonly title: string;
  readonly xTitle: string;
  /** For numbers of very different sizes, which are then all that is written at the axis. */
  readonly xIsLogarithmic?: boolean;
  readonly yTitle: string;
  readonly lines: readonly Line[];
  readonly stretches: readonly Stretch[];
}

const WIDTH = 920;
const HEIGHT = 420;
const PLOT = { left: 64, top: 44, right: 700, bottom: 368 };
const MOST_POINTS = 400;
const LABEL_HEIGHT = 18;
const STEPS = [1, 2, 5, 10];

export function toSvg(chart: LineChart): string {
  const points = chart.lines.flatMap((line) => line.points);
  const yTicks = ticks(Math.max(...points.map(([, y]) => y)));
  const yEnd = yTicks.at(-1) as number;
  const { toX, xTicks } = xAxis(
    points.map(([x]) => x),
    chart.xIsLogarithmic ?? false,
  );
  const toY = (y: number) => round(PLOT.bottom - (y / yEnd) * (PLOT.bottom - PLOT.top));
  const elements = [
    `<title>${escaped(chart.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(PLOT.left, 20, chart.title, 'font-weight="bold" font-size="14"'),
    ...yTicks.flatMap((y) => [
      `<path d="M${PLOT.left} ${toY(y)}H${PLOT.right}" stroke="#ddd"/>`,
      text(PLOT.left - 8, toY(y) + 4, String(y), 'text-anchor="end"'),
    ]),
    ...xTicks.map((x) => text(toX(x), PLOT.bottom + 18, String(x), 'text-anchor="middle"')),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 12, chart.xTitle, 'text-anchor="middle"'),
    text(
      0,
      0,
      chart.yTitle,
      `text-anchor="middle" transform="translate(16 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)"`,
    ),
    ...chart.stretches.flatMap(({ name, from, to }) => [
      `<path d="M${toX(from)} ${PLOT.top}V${PLOT.bottom}" stroke="#bbb" stroke-dasharray="2 3"/>`,
      text((toX(from) + toX(to)) / 2, PLOT.top - 6, name, 'text-anchor="middle" fill="#666"'),
    ]),
    ...chart.lines.map(({ points: all, color, dashed }) => {
      const path = thinned(all).map(([x, y]) => `${toX(x)} ${toY(y)}`);
      const dash = dashed ? ' stroke-dasharray="6 4"' : '';
      return `<path d="M${path.join('L')}" fill="none" stroke="${color}" stroke-width="1.5"${dash}/>`;
    }),
    ...labels(chart.lines, toY),
  ];
  const size = `viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`;
  const font = 'font-family="system-ui, sans-serif" font-size="12"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n${elements.join('\n')}\n</svg>\n`;
}

function xAxis(values: readonly number[], isLogarithmic: boolean) {
  const end = Math.max(...values);
  const start = isLogarithmic ? Math.min(...values) : 0;
  const place = isLogarithmic ? Math.log10 : Number;
  const length = place(end) - place(start) || 1;
  return {
    toX: (x: number) => round(PLOT.left + ((place(x) - place(start)) / length) * (PLOT.right - PLOT.left)),
    xTicks: isLogarithmic ? [...new Set(values)] : ticks(end).filter((x) => x <= end),
  };
}

// Behind the lines' ends, moved apart where they would cover each other.
function labels(lines: readonly Line[], toY: (y: number) => number): string[] {
  const ends = lines
    .map(({ name, color, points }) => ({ name, color, y: toY(points.at(-1)?.[1] ?? 0) + 4 }))
    .sort((a, b) => a.y - b.y);
  let least = Number.NEGATIVE_INFINITY;
  return ends.map(({ name, color, y }) => {
    least = Math.max(y, least + LABEL_HEIGHT);
    return text(PLOT.right + 8, least, name, `fill="${color}"`);
  });
}

// The highest point of every stretch, as peaks are what counts.
function thinned(points: Line['points']): Line['points'] {
  const size = Math.ceil(points.length / MOST_POINTS);
  const kept: Line['points'][number][] = [];
  for (let start = 0; start < points.length; start += size) {
    kept.push(points.slice(start, start + size).reduce((a, b) => (b[1] > a[1] ? b : a)));
  }
  return kept;
}

function ticks(end: number): number[] {
  const magnitude = 10 ** Math.floor(Math.log10(end / 5));
  const step = magnitude * (STEPS.find((each) => each * magnitude * 6 >= end) ?? 10);
  return Array.from({ length: Math.ceil(end / step) + 1 }, (_, index) => index * step);
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
