import { describe, it } from 'vitest';
import { expectUnwritten } from '../support/expect-unwritten.ts';
import { TOO_LARGE_WRITES } from '../support/too-large-writes.ts';

// The others, which take gigabytes and seconds each, are in test/large/.
const AFFORDABLE = ['value.asyncUpdate', 'list.asyncAdd', 'map.asyncPutAll', 'reducing.asyncAdd'];

describe('a write of 2^31 bytes fails, and nothing is written', () => {
  it.each(AFFORDABLE)('%s', (what) => expectUnwritten(TOO_LARGE_WRITES[what] as (typeof TOO_LARGE_WRITES)[string]));
});
