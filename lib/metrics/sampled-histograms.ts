// The histograms of one state's tracking, and which calls are measured.
import type { MetricGroup } from '../api/metrics.ts';
import type { TrackingSettings } from '../options/state-tracking-options.ts';
import { DescriptiveHistogram } from './descriptive-histogram.ts';

const STATE_NAME_VARIABLE = 'state_name';

/** Says which calls to measure: the first, and then one in as many as the interval. */
export class Sampler {
  readonly #interval: number;
  #calls = 0;

  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Counts a call. */
  take(): boolean {
    const isSampled = this.#calls === 0;
    this.#calls = this.#calls + 1 === this.#interval ? 0 : this.#calls + 1;
    return isSampled;
  }
}

export class SampledHistograms {
  readonly #group: MetricGroup;
  readonly #settings: TrackingSettings;
  readonly #unit: string;
  readonly #histograms = new Map<string, DescriptiveHistogram>();

  constructor(operatorGroup: MetricGroup, stateName: string, settings: TrackingSettings & { readonly unit: string }) {
    this.#group = settings.stateNameAsVariable
      ? operatorGroup.addGroup(STATE_NAME_VARIABLE, stateName)
      : operatorGroup.addGroup(stateName);
    this.#settings = settings;
    this.#unit = settings.unit;
  }

  /** For one operation. */
  sampler(): Sampler {
    return new Sampler(this.#settings.sampleInterval);
  }

  /** The histogram appears with its first number. */
  update(name: string, value: number): void {
    let histogram = this.#histograms.get(name);
    if (histogram === undefined) {
      histogram = new DescriptiveHistogram(this.#settings.historySize);
      this.#group.histogram(name, histogram, { unit: this.#unit });
      this.#histograms.set(name, histogram);
    }
    histogram.update(value);
  }
}
