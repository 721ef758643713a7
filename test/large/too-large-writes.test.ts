import { describe, it } from 'vitest';
import { expectUnwritten } from '../support/expect-unwritten.ts';
import { TOO_LARGE_WRITES } from '../support/too-large-writes.ts';

describe('a write of 2^31 bytes fails, and nothing is written', () => {
  it.each(Object.entries(TOO_LARGE_WRITES))('%s', (_what, write) => expectUnwritten(write));
});
