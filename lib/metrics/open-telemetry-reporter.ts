// Shows metrics to OpenTelemetry through a meter, which the user hands in.
import { type Instrument, Instruments } from './instruments.ts';
import type { MetricRegistry } from './metric-registry.ts';
import type { RegisteredMetric } from './registered-metric.ts';
import type { MetricListener } from './registry-group.ts';

/** What OpenTelemetry hands to a callback. */
export interface OpenTelemetryResult {
  observe(value: number, attributes?: Record<string, string>): void;
}

/** What is used of an observable instrument of OpenTelemetry. */
export interface OpenTelemetryObservable {
  addCallback(callback: (result: OpenTelemetryResult) => void): void;
  removeCallback(callback: (result: OpenTelemetryResult) => void): void;
}

/** How an instrument of OpenTelemetry is described. */
export interface OpenTelemetryDescription {
  description?: string;
  unit?: string;
}

/** What is used of a meter: one of `@opentelemetry/api` fits. */
export interface OpenTelemetryMeter {
  createObservableGauge(name: string, options: OpenTelemetryDescription): OpenTelemetryObservable;
  createObservableCounter(name: string, options: OpenTelemetryDescription): OpenTelemetryObservable;
  createHistogram(
    name: string,
    options: OpenTelemetryDescription,
  ): { record(value: number, attributes?: Record<string, string>): void };
}

/** How metrics are shown to OpenTelemetry. */
export interface OpenTelemetryReporterOptions {
  /** What their names begin with. Default `rockstate.`. */
  readonly prefix?: string;
}

/** In UCUM, as OpenTelemetry wants them. */
const UNITS: Readonly<Record<string, string>> = { bytes: 'By', 'bytes/s': 'By/s', us: 'us', ns: 'ns', s: 's' };

/**
 * Shows every metric of a registry through a meter, as long as it is there. Names are those of groups and metric, joined
 * by dots; variables are attributes. What only grows is an observable counter, all else an observable gauge. A histogram
 * that is told its numbers one by one passes them on to a histogram of OpenTelemetry; one of RocksDB's is a gauge with an
 * attribute `quantile`, and two counters, of its count and its sum.
 *
 * @example
 * ```ts
 * import { metrics } from '@opentelemetry/api';
 *
 * const reporter = new OpenTelemetryReporter(registry, metrics.getMeter('my-job'));
 * ```
 */
export class OpenTelemetryReporter {
  readonly #meter: OpenTelemetryMeter;
  readonly #prefix: string;
  readonly #stop: () => void;
  // Instruments can't be taken back, so that they are kept for when their name comes again.
  readonly #observables = new Map<string, OpenTelemetryObservable>();
  readonly #callbacks = new Map<Instrument, (result: OpenTelemetryResult) => void>();
  readonly #forwarded = new Map<RegisteredMetric, () => void>();

  constructor(registry: MetricRegistry, meter: OpenTelemetryMeter, options: OpenTelemetryReporterOptions = {}) {
    this.#meter = meter;
    this.#prefix = options.prefix ?? 'rockstate.';
    const instruments = new Instruments({
      nameOf: (parts) => this.#nameOf(parts),
      open: (instrument) => this.#open(instrument),
      close: (instrument) => this.#close(instrument),
    });
    this.#stop = registry.listen(this.#forwarding(instruments));
  }

  /** Shows nothing any more. Idempotent. */
  close(): void {
    this.#stop();
    for (const instrument of [...this.#callbacks.keys()]) {
      this.#close(instrument);
    }
    for (const stop of this.#forwarded.values()) {
      stop();
    }
    this.#forwarded.clear();
  }

  #forwarding(instruments: Instruments): MetricListener {
    return {
      added: (metric) => {
        if (!this.#forward(metric)) {
          instruments.added(metric);
        }
      },
      removed: (metric) => {
        this.#forwarded.get(metric)?.();
        this.#forwarded.delete(metric);
        instruments.removed(metric);
      },
    };
  }

  /** Answers whether the metric passes its numbers on itself. */
  #forward(metric: RegisteredMetric): boolean {
    if (metric.kind !== 'histogram' || metric.metric.onUpdate === undefined) {
      return false;
    }
    const name = this.#nameOf([...metric.logicalScope, metric.name]);
    const histogram = this.#meter.createHistogram(name, describing(metric.description));
    const attributes = { ...metric.variables };
    this.#forwarded.set(
      metric,
      metric.metric.onUpdate((value) => histogram.record(value, attributes)),
    );
    return true;
  }

  #open(instrument: Instrument): void {
    const callback = (result: OpenTelemetryResult) => {
      for (const { labels, read } of instrument.series) {
        result.observe(read(), { ...labels });
      }
    };
    let observable = this.#observables.get(instrument.name);
    if (observable === undefined) {
      const description = describing(instrument);
      observable = instrument.isTotal
        ? this.#meter.createObservableCounter(instrument.name, description)
        : this.#meter.createObservableGauge(instrument.name, description);
      this.#observables.set(instrument.name, observable);
    }
    observable.addCallback(callback);
    this.#callbacks.set(instrument, callback);
  }

  #close(instrument: Instrument): void {
    const callback = this.#callbacks.get(instrument);
    if (callback !== undefined) {
      this.#observables.get(instrument.name)?.removeCallback(callback);
      this.#callbacks.delete(instrument);
    }
  }

  #nameOf(parts: readonly string[]): string {
    return `${this.#prefix}${parts.join('.')}`.replace(/[^A-Za-z0-9_./-]/g, '_');
  }
}

function describing(metric: {
  readonly description?: string | undefined;
  readonly unit?: string | undefined;
}): OpenTelemetryDescription {
  const { description, unit } = metric;
  return {
    ...(description !== undefined && { description }),
    ...(unit !== undefined && { unit: UNITS[unit] ?? unit }),
  };
}
