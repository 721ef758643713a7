// The C++ program of bench/floor: CMake builds it against the same RocksDB as the addon.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BUILD = join('build', 'floor');

/** Builds the program, and answers its path. */
export async function floorProgram(): Promise<string> {
  const run = promisify(execFile);
  await run('cmake', ['-S', '.', '-B', BUILD, '-DCMAKE_BUILD_TYPE=Release']);
  await run('cmake', ['--build', BUILD, '--parallel', '2', '--target', 'state_floor']);
  return join(BUILD, 'bench', 'floor', 'state_floor');
}
