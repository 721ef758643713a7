import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { CheckpointError } from '../../lib/errors.ts';
import { HeldStorage } from '../support/held-storage.ts';
import { withBackend } from '../support/with-backend.ts';

interface Box {
  readonly n: number;
}

const BOX = new ValueStateDescriptor('box', Types.JSON<Box>());

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  for (let tries = 0; tries < 20 && reference.deref() !== undefined; tries++) {
    await setTimeout(5);
    collectGarbage();
  }
  return reference.deref() === undefined;
}

describe('a snapshot that somebody keeps', () => {
  it.each(['completed', 'failed'])('does not keep the values that it saw, once it has %s', (how) =>
    withBackend(
      () => new HashMapStateBackend(),
      async ({ open, storage }) => {
        const keyed = await open({ keyType: Types.STRING });
        const state = keyed.getState(BOX);
        keyed.setCurrentKey('k');
        state.update({ n: 0 });
        if (how === 'failed') {
          await keyed.snapshot(1, storage);
        }
        const held = new HeldStorage(storage);
        const [old, snapshot] = (() => {
          const box = { n: 1 };
          state.update(box);
          return [new WeakRef(box), keyed.snapshot(1, held)] as const;
        })();
        await snapshot.captured;
        state.update({ n: 2 });
        expect(await isCollected(old)).toBe(false);
        held.release();
        const outcome = await snapshot.completed.catch((error) => error);
        expect(outcome instanceof CheckpointError ? 'failed' : 'completed').toBe(how);
        expect(await isCollected(old)).toBe(true);
        expect(snapshot.completed).toBeInstanceOf(Promise);
      },
    ),
  );
});
