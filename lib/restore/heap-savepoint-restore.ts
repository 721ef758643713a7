// stub
import type { CopyOnWriteTable } from '../heap/copy-on-write-table.ts';
import type { SavepointState } from './savepoint-state.ts';
export async function restoreHeapSavepoint(_state: SavepointState, _tableOf: (name: string) => CopyOnWriteTable<unknown>, _maxParallelism: number): Promise<void> {
  throw new Error('later');
}
