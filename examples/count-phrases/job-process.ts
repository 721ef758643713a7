// The job as a process of its own, to be killed: options come as JSON, events and the result go to the supervisor.
import { readWords } from './book.ts';
import { type JobEvent, type JobOptions, type JobResult, runJob } from './job.ts';

export interface ProcessOptions extends Pick<JobOptions, 'directory' | 'start' | 'intervalMs'> {
  readonly tokens: number;
}

export type ProcessMessage =
  | JobEvent
  | { readonly type: 'result'; readonly result: JobResult }
  | { readonly type: 'failed'; readonly message: string };

function tell(message: ProcessMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

// A terminal sends Ctrl-C to all its processes; the supervisor ends this one.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

try {
  const { tokens, ...options } = JSON.parse(process.argv[2] as string) as ProcessOptions;
  const signal = new AbortController().signal;
  const result = await runJob({ ...options, words: readWords(tokens), signal, report: (event) => void tell(event) });
  await tell({ type: 'result', result });
} catch (error) {
  await tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
}
process.disconnect?.();
