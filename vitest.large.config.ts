// For `npm run test:large`: real sizes around the limits, one after another, as each takes gigabytes and minutes.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/large/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
