// How much memory state may take: Flink's options of a task manager, which is this process.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const PROCESS_MEMORY_ROWS = {
  NUM_TASK_SLOTS: {
    key: 'taskmanager.numberOfTaskSlots',
    type: 'int',
    default: 1,
    check: 'positive',
    doc: 'Slots that share the managed memory of the process.',
  },
  MANAGED_MEMORY_SIZE: {
    key: 'taskmanager.memory.managed.size',
    type: 'memory',
    doc: 'Memory of all slots for RocksDB. Without it: a fraction of the memory of the process.',
  },
  MANAGED_MEMORY_FRACTION: {
    key: 'taskmanager.memory.managed.fraction',
    type: 'double',
    default: 0.4,
    check: 'openFraction',
    doc: 'Share of the memory of the process that RocksDB gets, where its size is not given.',
  },
  TOTAL_PROCESS_MEMORY: {
    key: 'taskmanager.memory.process.size',
    type: 'memory',
    check: 'positive',
    doc: "Memory of the process. Without it: the container's limit, or a quarter of the machine's memory.",
  },
} as const;

/** Of Flink's `TaskManagerOptions`, those about memory for state. */
export const TaskManagerOptions: OptionsOf<typeof PROCESS_MEMORY_ROWS> = toConfigOptions(PROCESS_MEMORY_ROWS);
