// What exporters register: one instrument per name, with all series of that name.
import type { RegisteredMetric } from './registered-metric.ts';
import type { MetricListener } from './registry-group.ts';
import { type Series, seriesOf } from './series.ts';

/** Series of one name. */
export interface Instrument {
  readonly name: string;
  readonly isTotal: boolean;
  readonly description: string | undefined;
  readonly unit: string | undefined;
  /** Of any of its series. */
  readonly labelNames: ReadonlySet<string>;
  readonly series: ReadonlySet<Series>;
}

/** Where instruments are registered. */
export interface InstrumentTarget {
  nameOf(parts: readonly string[]): string;
  /** Registers an instrument; its series may change until it is closed. */
  open(instrument: Instrument): void;
  close(instrument: Instrument): void;
}

interface OpenInstrument extends Instrument {
  readonly labelNames: Set<string>;
  readonly series: Set<Series>;
}

/** Keeps the instruments of a target as metrics come and go. */
export class Instruments implements MetricListener {
  readonly #target: InstrumentTarget;
  readonly #instruments = new Map<string, OpenInstrument>();
  readonly #ofMetric = new Map<RegisteredMetric, readonly Series[]>();

  constructor(target: InstrumentTarget) {
    this.#target = target;
  }

  added(metric: RegisteredMetric): void {
    const all = seriesOf(metric);
    this.#ofMetric.set(metric, all);
    for (const series of all) {
      this.#add(series);
    }
  }

  removed(metric: RegisteredMetric): void {
    for (const series of this.#ofMetric.get(metric) ?? []) {
      const instrument = this.#instruments.get(this.#target.nameOf(series.parts));
      if (instrument?.series.delete(series) && instrument.series.size === 0) {
        this.#instruments.delete(instrument.name);
        this.#target.close(instrument);
      }
    }
    this.#ofMetric.delete(metric);
  }

  #add(series: Series): void {
    const name = this.#target.nameOf(series.parts);
    const labelNames = Object.keys(series.labels);
    const known = this.#instruments.get(name);
    if (known === undefined) {
      const { isTotal, description, unit } = series;
      const added = { name, isTotal, description, unit, labelNames: new Set(labelNames), series: new Set([series]) };
      this.#instruments.set(name, added);
      this.#target.open(added);
      return;
    }
    known.series.add(series);
    if (labelNames.some((label) => !known.labelNames.has(label))) {
      // Label names are declared when an instrument is registered.
      this.#target.close(known);
      for (const label of labelNames) {
        known.labelNames.add(label);
      }
      this.#target.open(known);
    }
  }
}
