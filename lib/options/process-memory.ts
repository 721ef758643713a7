// How much memory the databases of a slot may take when nobody says it.
import { totalmem } from 'node:os';
import type { ReadableConfig } from '../config/configuration.ts';
import { TaskManagerOptions } from './process-memory-options.ts';

/** Share of a machine's memory that a process takes to be its own, as the JVM does for its heap. */
const SHARE_OF_MACHINE = 1 / 4;

/** What the operating system says of memory, in bytes. */
export interface MemoryOfMachine {
  readonly totalBytes: number;
  /** The limit of the process's control group (version 1 or 2); 0 or more than there is when it has none. */
  readonly constrainedBytes: number;
}

/** The machine's memory, and the limit of the container, if any. */
export function memoryOfMachine(): MemoryOfMachine {
  return { totalBytes: totalmem(), constrainedBytes: process.constrainedMemory() };
}

/**
 * The managed memory of one slot, in bytes: `taskmanager.memory.managed.size` if given, else a fraction (0.4) of the
 * process's memory, divided by the number of slots. A process has its container's limit for itself; without a container
 * it takes a quarter of the machine.
 */
export function managedMemoryOfSlot(config: ReadableConfig, machine: MemoryOfMachine = memoryOfMachine()): number {
  const total =
    config.get(TaskManagerOptions.MANAGED_MEMORY_SIZE) ??
    processMemory(config, machine) * config.get(TaskManagerOptions.MANAGED_MEMORY_FRACTION);
  return Math.floor(total / config.get(TaskManagerOptions.NUM_TASK_SLOTS));
}

function processMemory(config: ReadableConfig, { totalBytes, constrainedBytes }: MemoryOfMachine): number {
  const isConstrained = constrainedBytes > 0 && constrainedBytes < totalBytes;
  return (
    config.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY) ??
    (isConstrained ? constrainedBytes : totalBytes * SHARE_OF_MACHINE)
  );
}
