// The gauges and histograms that show the native metrics of a database.
import type { MetricDescription, MetricGroup } from '../api/metrics.ts';
import type { NativeMetric, NativeMetricKind } from '../options/native-metric.ts';
import type { RocksDBNativeMetricOptions } from '../options/native-metric-options.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { MetricReading, MetricRequest } from '../rocksdb/metric-reading.ts';
import type { SharedMemory } from '../rocksdb/shared-memory.ts';
import { NativeGauge } from './native-gauge.ts';
import { NativeHistogram } from './native-histogram.ts';

/** A gauge, and how it takes its number out of a reading; `undefined` when it is not there. */
interface Shown {
  readonly identifier: string;
  readonly gauge: NativeGauge;
  read(reading: MetricReading): number | undefined;
}

interface ShownFamily {
  readonly family: ColumnFamily;
  readonly gauges: readonly (Shown & { readonly property: string })[];
}

/** What one reading is about: families may be added while it is under way. */
export interface Round {
  readonly request: MetricRequest;
  readonly gauges: readonly Shown[];
}

const COLUMN_FAMILY_VARIABLE = 'column_family';

export class NativeMetricGauges {
  readonly #options: RocksDBNativeMetricOptions;
  readonly #group: MetricGroup;
  readonly #families = new Map<number, ShownFamily>();
  readonly #tickers = new Map<string, Shown>();
  readonly #memory: Shown[] = [];
  readonly #histograms = new Map<string, NativeHistogram>();

  /** Shows what is the database's, and its shared memory's if it has one. */
  constructor(options: RocksDBNativeMetricOptions, group: MetricGroup, memory?: SharedMemory) {
    this.#options = options;
    this.#group = group;
    this.#eachName('ticker', (rocksdb, name, metric) => {
      const description = { ...describing(metric), cumulative: true };
      this.#tickers.set(
        rocksdb,
        shown(group, name, description, (reading) => reading.ticker(rocksdb)),
      );
    });
    this.#eachName('histogram', (rocksdb, name, metric) => {
      this.#histograms.set(rocksdb, group.histogram(name, new NativeHistogram(), describing(metric)));
    });
    if (memory !== undefined) {
      this.#eachName('memory', (field, name, metric) => {
        const read = () => memory.usage()[field as keyof ReturnType<SharedMemory['usage']>];
        this.#memory.push(shown(group, name, describing(metric), read));
      });
    }
  }

  /** Shows what is a column family's. */
  addFamily(family: ColumnFamily): void {
    if (this.#families.has(family.number)) {
      return;
    }
    const group = this.#options.columnFamilyAsVariable
      ? this.#group.addGroup(COLUMN_FAMILY_VARIABLE, family.name)
      : this.#group.addGroup(family.name);
    const gauges = this.#eachName('property', (rocksdb, name, metric) => ({
      property: rocksdb,
      ...shown(group, name, describing(metric), (reading) => reading.property(rocksdb, family)),
    }));
    this.#families.set(family.number, { family, gauges });
  }

  /** Closes the gauges of families that are not open any more. */
  retainFamilies(open: readonly ColumnFamily[]): void {
    const numbers = new Set(open.map(({ number }) => number));
    for (const [number, { gauges }] of this.#families) {
      if (!numbers.has(number)) {
        this.#families.delete(number);
        for (const { gauge } of gauges) {
          gauge.close();
        }
      }
    }
  }

  /** What is to be read now. */
  nextRound(): Round {
    const families = [...this.#families.values()];
    const open = families.flatMap(({ gauges }) => gauges.filter(({ gauge }) => !gauge.isClosed));
    const request = {
      columnFamilies: families.map(({ family }) => family),
      properties: open.map(({ property }) => property),
      tickers: [...this.#tickers.keys()],
      histograms: [...this.#histograms.keys()],
    };
    return { request, gauges: [...open, ...this.#tickers.values(), ...this.#memory] };
  }

  /** Takes what was read. Closes the gauges whose numbers are missing, and answers their identifiers. */
  update({ gauges }: Round, reading: MetricReading): string[] {
    const unreadable: string[] = [];
    for (const { identifier, gauge, read } of gauges) {
      const value = read(reading);
      if (value === undefined) {
        gauge.close();
        unreadable.push(identifier);
      } else {
        gauge.update(value);
      }
    }
    for (const [name, histogram] of this.#histograms) {
      const distribution = reading.histogram(name);
      if (distribution !== undefined) {
        histogram.update(distribution);
      }
    }
    return unreadable;
  }

  /** No gauge changes any more. */
  close(): void {
    for (const { gauge } of this.nextRound().gauges) {
      gauge.close();
    }
  }

  #eachName<R>(kind: NativeMetricKind, use: (rocksdb: string, name: string, metric: NativeMetric) => R): R[] {
    const metrics = this.#options.enabled.filter((metric) => metric.kind === kind);
    return metrics.flatMap((metric) => metric.names.map((name) => use(name.rocksdb, name.metric, metric)));
  }
}

function shown(
  group: MetricGroup,
  name: string,
  description: MetricDescription,
  read: (reading: MetricReading) => number | undefined,
): Shown {
  const gauge = new NativeGauge();
  group.gauge(name, () => gauge.value, description);
  return { identifier: [...group.scope, name].join('.'), gauge, read };
}

function describing({ doc, unit }: NativeMetric): MetricDescription {
  return { description: doc, ...(unit !== undefined && { unit }) };
}
