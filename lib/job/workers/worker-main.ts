// The program of a worker: loads the job's module, and runs the subtasks that are the worker's.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Configuration, type ConfigurationEntries } from '../../config/configuration.ts';
import { JobError } from '../../errors.ts';
import { setAmbient, type WorkerJob } from '../ambient.ts';
import { MessageRpc } from './message-rpc.ts';
import type { WorkerStart } from './worker-protocol.ts';
import { WorkerSubtasks } from './worker-subtasks.ts';

const start = workerData as WorkerStart;
const port = parentPort as MessagePort;
const subtasks = new WorkerSubtasks(start, () => rpc);
const rpc: MessageRpc = new MessageRpc(port, subtasks.handlers());

let hasJoined = false;
setAmbient({
  configuration: new Configuration(start.workers.configuration as ConfigurationEntries),
  started() {},
  join(job: WorkerJob) {
    if (!hasJoined) {
      hasJoined = true;
      subtasks.join(job);
      rpc.notify('joined');
    }
  },
});
await import(start.workers.module);
if (!hasJoined) {
  throw new JobError(`worker ${start.index}`, `module ${start.workers.module} executes no job`);
}
