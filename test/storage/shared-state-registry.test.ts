import { describe, expect, it } from 'vitest';
import { SharedStateRegistry } from '../../lib/storage/shared-state-registry.ts';

const A = { path: 'shared/a' };
const B = { path: 'shared/b' };

describe('the registry of shared files', () => {
  it('gives back what nothing uses below a checkpoint, and forgets it (T193)', () => {
    const registry = new SharedStateRegistry();
    expect([registry.register(A, 0), registry.register(B, 0)]).toEqual([A, B]);
    expect(registry.releaseBelow(0)).toEqual([]);
    expect(registry.releaseBelow(1)).toEqual([A, B]);
    expect([registry.size, registry.has(A.path)]).toEqual([0, false]);
    expect(registry.releaseBelow(1)).toEqual([]);
  });

  it.each([-1, Number.MAX_SAFE_INTEGER])('has nothing to give back below %s when it is empty (T194)', (id) => {
    expect(new SharedStateRegistry().releaseBelow(id)).toEqual([]);
  });

  it('keeps a file while one of its checkpoints is there, in whatever order they go (T195, T197)', () => {
    const registry = new SharedStateRegistry();
    registry.register(A, 1);
    registry.register(A, 2);
    expect(registry.releaseBelow(2)).toEqual([]);
    registry.reuse(A.path, 3);
    expect(registry.release(3)).toEqual([]);
    expect(registry.release(3)).toEqual([]);
    expect(registry.release(2)).toEqual([A]);
  });

  it('lets an older checkpoint outlive newer ones (T196)', () => {
    const registry = new SharedStateRegistry();
    registry.register(A, 1);
    registry.reuse(A.path, 2);
    registry.reuse(A.path, 3);
    registry.register(B, 4);
    expect([registry.release(2), registry.release(3)]).toEqual([[], []]);
    expect(registry.release(4)).toEqual([B]);
    expect(registry.paths).toEqual([A.path]);
  });

  it('refuses a file that it does not know, or not any more (T199)', () => {
    const registry = new SharedStateRegistry();
    expect(registry.reuse(A.path, 1)).toBeUndefined();
    expect(registry.size).toBe(0);
    registry.register(A, 1);
    registry.release(1);
    expect(registry.reuse(A.path, 2)).toBeUndefined();
  });

  it('answers the file that it had first when another is registered under its path (T200)', () => {
    const registry = new SharedStateRegistry();
    registry.register(A, 1);
    expect(registry.register({ path: A.path }, 2)).toBe(A);
    expect(registry.release(1)).toEqual([]);
    expect(registry.release(2)[0]).toBe(A);
  });

  it('drops a file that a newer checkpoint has replaced when the last with it goes (T201)', () => {
    const registry = new SharedStateRegistry();
    registry.register(A, 41);
    registry.reuse(A.path, 42);
    registry.register(B, 43);
    expect(registry.releaseBelow(42)).toEqual([]);
    expect(registry.releaseBelow(43)).toEqual([A]);
    expect(registry.has(B.path)).toBe(true);
  });
});
