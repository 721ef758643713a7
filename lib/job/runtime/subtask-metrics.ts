// The metrics of a subtask, by Flink's names.
import type { MetricGroup } from '../../api/metrics.ts';
import type { Task } from '../graph/job-graph.ts';

/** What a subtask counts. */
export interface SubtaskReadings {
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** By its source; 0 without one. */
  readonly recordsRead: number;
  /** `NaN` for a source. */
  readonly watermark: number;
  /** Elements that wait to be read. */
  readonly queued: number;
  readonly isBackPressured: boolean;
}

export function subtaskMetrics(
  job: MetricGroup,
  subtask: SubtaskReadings,
  { task, index }: { readonly task: Task; readonly index: number },
): MetricGroup {
  const group = job.addGroup('task', task.head.uid).addGroup('subtask', String(index));
  group.gauge('numRecordsIn', () => subtask.recordsIn, {
    description: 'Records from other subtasks.',
    cumulative: true,
  });
  group.gauge('numRecordsOut', () => subtask.recordsOut, { description: 'Records put out.', cumulative: true });
  group.gauge('currentInputWatermark', () => subtask.watermark, { description: 'How far event time is.' });
  group.gauge('inputQueueLength', () => subtask.queued, { description: 'Elements that wait to be read.' });
  group.gauge('isBackPressured', () => (subtask.isBackPressured ? 1 : 0), {
    description: '1 while the subtask waits for slower ones.',
  });
  if (task.head.node.work.kind === 'source') {
    group.gauge('numRecordsRead', () => subtask.recordsRead, {
      description: 'Records that the source has read.',
      cumulative: true,
    });
  }
  return group;
}
