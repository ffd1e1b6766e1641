import { defineConfig } from 'vitest/config';

/** Tests that need a program from the system, or the built package; each says what it missed when it cannot run. */
export default defineConfig({
  test: {
    include: ['runtime/**/*.system.test.{ts,tsx}', 'generator/**/*.system.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
