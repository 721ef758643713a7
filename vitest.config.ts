import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/large/**'],
    // Native code is loaded per process; a crash must not take other files' results with it.
    pool: 'forks',
    // Many tests wait for files and processes: no processor is left out, as would be by default.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
