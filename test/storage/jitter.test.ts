import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { waitAtMost } from '../../lib/storage/jitter.ts';

const { signal } = new AbortController();

describe('a random wait', () => {
  it('is at most as long as was said, and takes as long as was chosen (T186)', async () => {
    const longestMs = 40;
    const chosen = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const startMs = performance.now();
        const waitMs = await waitAtMost(longestMs, new AbortController().signal);
        // A timer counts whole milliseconds.
        expect(performance.now() - startMs).toBeGreaterThanOrEqual(waitMs - 1);
        return waitMs;
      }),
    );
    expect(Math.max(...chosen)).toBeLessThanOrEqual(longestMs);
    expect(Math.min(...chosen)).toBeGreaterThanOrEqual(0);
    expect(new Set(chosen).size).toBeGreaterThan(10);
  });

  it('is none where none is wanted (T187)', async () => {
    expect(await Promise.race([waitAtMost(0, signal), setImmediate('a turn later')])).toBe(0);
  });

  it('may be longer than a timer takes, and ends with the reason of its signal', async () => {
    const cancellation = new AbortController();
    const waiting = waitAtMost(Number.MAX_SAFE_INTEGER, cancellation.signal);
    expect(await Promise.race([waiting, setImmediate('waits')])).toBe('waits');
    const reason = new Error('cancelled');
    cancellation.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(waitAtMost(10, cancellation.signal)).rejects.toBe(reason);
  });
});
