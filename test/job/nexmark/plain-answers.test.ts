import { expect, test } from 'vitest';
import { ResultSum } from '../../../bench/nexmark/checksum.ts';
import { EVENTS } from './events.ts';
import { PLAIN_ANSWERS } from './plain-answers.ts';

// What bench/flink's program Nexmark answered for these events, with watermarks 200 ms behind; on both of its backends.
test.each([
  { query: 'q0', count: 18_400, checksum: -995_118_066 },
  { query: 'q2', count: 77, checksum: 433_691_365 },
  { query: 'q3', count: 72, checksum: 1_164_177_231 },
  { query: 'q4', count: 1112, checksum: 1_886_205_994 },
  { query: 'q5', count: 24, checksum: 841_168_379 },
  { query: 'q6', count: 1116, checksum: 1_795_247_236 },
  { query: 'q7', count: 4, checksum: -1_287_473_444 },
  { query: 'q8', count: 92, checksum: 1_944_730_821 },
  { query: 'q11', count: 399, checksum: 1_506_284_838 },
])('the plain answers to $query are those of a real Flink', ({ query, count, checksum }) => {
  const sum = new ResultSum();
  for (const result of PLAIN_ANSWERS[query]?.(EVENTS, {}) ?? []) {
    sum.add(result);
  }
  expect({ count: sum.count, checksum: sum.checksum }).toEqual({ count, checksum });
});
