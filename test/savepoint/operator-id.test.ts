import { expect, it } from 'vitest';
import { operatorIdOf } from '../../lib/savepoint/operator-id.ts';

it.each([
  ['', '00000000000000000000000000000000'],
  ['hello', '029bbd41b3a7d8cb191dae486a901e5b'],
  ['uid-1', 'c49f9afd6c708fcc3cdcba1bd00469ba'],
  ['my-operator', '7d711bbc5b4963725a4372048e77bbd7'],
])('the operator with uid %j has the id that Flink gives it', (uid, id) => {
  expect(operatorIdOf(uid)).toBe(id);
});
