// Shows metrics to Prometheus through the library prom-client, which the user hands in.
import { type Instrument, Instruments } from './instruments.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** What is used of a gauge or counter of prom-client. */
export interface PrometheusMetric {
  reset(): void;
}

/** How a metric of prom-client is made. */
export interface PrometheusMetricConfiguration {
  name: string;
  help: string;
  labelNames: string[];
  // biome-ignore lint/suspicious/noExplicitAny: prom-client's own Registry has a type parameter that is nobody's business.
  registers: any[];
  collect(): void;
}

/** What is used of prom-client: `import * as promClient from 'prom-client'` fits. */
export interface PrometheusClient<Register extends PrometheusRegister> {
  readonly register: Register;
  readonly Gauge: new (
    configuration: PrometheusMetricConfiguration,
  ) => PrometheusMetric & { set(labels: Record<string, string>, value: number): void };
  readonly Counter: new (
    configuration: PrometheusMetricConfiguration,
  ) => PrometheusMetric & { inc(labels: Record<string, string>, value: number): void };
}

/** What is used of a registry of prom-client. */
export interface PrometheusRegister {
  removeSingleMetric(name: string): void;
}

/** How metrics are shown to Prometheus. */
export interface PrometheusReporterOptions<Register extends PrometheusRegister> {
  /** Where they are registered. Default: the client's global registry. */
  readonly register?: Register;
  /** What their names begin with. Default `rockstate_`. */
  readonly prefix?: string;
}

/**
 * Registers every metric of a registry with prom-client, as long as it is there. Names are those of groups and metric,
 * joined by underscores; variables are labels. What only grows is a counter, all else a gauge. A histogram is a gauge
 * with a label `quantile`, and two counters, of its count and its sum.
 *
 * @example
 * ```ts
 * import * as promClient from 'prom-client';
 *
 * const reporter = new PrometheusReporter(registry, promClient);
 * const text = await promClient.register.metrics();
 * ```
 */
export class PrometheusReporter<Register extends PrometheusRegister> {
  readonly #client: PrometheusClient<Register>;
  readonly #register: Register;
  readonly #prefix: string;
  readonly #registered = new Set<string>();
  readonly #stop: () => void;

  constructor(
    registry: MetricRegistry,
    client: PrometheusClient<Register>,
    options: PrometheusReporterOptions<Register> = {},
  ) {
    this.#client = client;
    this.#register = options.register ?? client.register;
    this.#prefix = options.prefix ?? 'rockstate_';
    this.#stop = registry.listen(
      new Instruments({
        nameOf: (parts) => legal(`${this.#prefix}${parts.join('_')}`),
        open: (instrument) => this.#open(instrument),
        close: ({ name }) => this.#close(name),
      }),
    );
  }

  /** Takes what it registered out again. Idempotent. */
  close(): void {
    this.#stop();
    for (const name of this.#registered) {
      this.#close(name);
    }
  }

  #open(instrument: Instrument): void {
    try {
      (instrument.isTotal ? this.#counter : this.#gauge).call(this, instrument);
      this.#registered.add(instrument.name);
    } catch (error) {
      // Whoever adds a metric can't help that its name is taken.
      process.emitWarning(`Metric '${instrument.name}' is not shown to Prometheus: ${error}`, {
        type: 'MetricWarning',
        code: 'ROCKSTATE_METRIC_NOT_REPORTED',
      });
    }
  }

  #close(name: string): void {
    if (this.#registered.delete(name)) {
      this.#register.removeSingleMetric(name);
    }
  }

  #gauge(instrument: Instrument): void {
    const gauge = new this.#client.Gauge(
      this.#configuration(instrument, () => {
        gauge.reset();
        for (const { labels, read } of instrument.series) {
          gauge.set(legalLabels(labels), read());
        }
      }),
    );
  }

  #counter(instrument: Instrument): void {
    const counter = new this.#client.Counter(
      this.#configuration(instrument, () => {
        counter.reset();
        for (const { labels, read } of instrument.series) {
          counter.inc(legalLabels(labels), read());
        }
      }),
    );
  }

  #configuration(instrument: Instrument, collect: () => void): PrometheusMetricConfiguration {
    const { name, description = name, unit, labelNames } = instrument;
    return {
      name,
      help: unit === undefined ? description : `${description} (${unit})`,
      labelNames: [...labelNames].map(legal),
      registers: [this.#register],
      collect,
    };
  }
}

function legal(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
}

function legalLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [legal(name), value]));
}
