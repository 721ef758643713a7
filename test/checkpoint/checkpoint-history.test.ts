import { describe, expect, it } from 'vitest';
import type { KeyedStateHandle, StoredFile } from '../../lib/api/checkpoint.ts';
import { CheckpointHistory } from '../../lib/checkpoint/checkpoint-history.ts';

function file(name: string): StoredFile {
  return { name, path: `shared/${name}`, shared: true, sizeBytes: 1, crc32: 0 };
}

function baseOf(history: CheckpointHistory): string[] {
  return [...history.base.keys()];
}

describe('the history of checkpoints', () => {
  it('builds upon the tables of the newest confirmed checkpoint only (T255)', () => {
    const history = new CheckpointHistory();
    history.record(1, [file('1.sst'), file('CURRENT')]);
    expect(baseOf(history)).toEqual([]);
    history.confirm(1);
    expect(baseOf(history)).toEqual(['1.sst']);
    history.record(2, [file('2.sst')]);
    expect(baseOf(history)).toEqual(['1.sst']);
    history.confirm(2);
    expect(baseOf(history)).toEqual(['2.sst']);
  });

  it('goes on with the last confirmed one after an aborted or unknown checkpoint (T192)', () => {
    const history = new CheckpointHistory();
    history.record(1, [file('1.sst')]);
    history.confirm(1);
    history.record(2, [file('2.sst')]);
    history.abort(2);
    history.confirm(2);
    history.confirm(7);
    history.abort(1);
    expect(baseOf(history)).toEqual(['1.sst']);
  });

  it('does not go back to a checkpoint that a newer one has overtaken', () => {
    const history = new CheckpointHistory();
    history.record(2, [file('2.sst')]);
    history.confirm(2);
    history.record(1, [file('1.sst')]);
    history.confirm(1);
    expect(baseOf(history)).toEqual(['2.sst']);
  });

  it('begins with the checkpoint that was restored', () => {
    const files = [file('5.sst'), file('MANIFEST')];
    const history = CheckpointHistory.after({ checkpointId: 5, files } as unknown as KeyedStateHandle);
    expect(baseOf(history)).toEqual(['5.sst']);
  });
});
