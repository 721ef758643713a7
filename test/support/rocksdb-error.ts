// The one way in which tests ask how something failed.
import { RocksDBError } from '../../lib/rocksdb.ts';

/** The RocksDBError that an action fails with, thrown or rejected; the test fails when it does not. */
export async function rocksDBErrorOf(action: () => unknown): Promise<RocksDBError> {
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    if (error instanceof RocksDBError) {
      return error;
    }
    throw error;
  }
  throw new Error(`A RocksDBError was expected, but the action succeeded with ${String(result)}.`);
}

/** Its code. */
export async function codeOf(action: () => unknown): Promise<string> {
  return (await rocksDBErrorOf(action)).code;
}
