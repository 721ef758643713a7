// The histograms of one state's tracking, and which calls are measured.
import type { MetricGroup } from '../api/metrics.ts';
import type { TrackingSettings } from '../options/state-tracking-options.ts';
import { DescriptiveHistogram } from './descriptive-histogram.ts';

const STATE_NAME_VARIABLE = 'state_name';

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

  /** Says of each call whether to measure it: of the first, and then of one in as many as the sample interval. */
  sampler(): () => boolean {
    const { sampleInterval } = this.#settings;
    let calls = 0;
    return () => {
      const isSampled = calls === 0;
      calls = calls + 1 === sampleInterval ? 0 : calls + 1;
      return isSampled;
    };
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
