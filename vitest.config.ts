import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'generator/**/*.test.{ts,tsx}',
      'runtime/**/*.test.{ts,tsx}',
      'manifests/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'dist/**', '**/*.system.test.ts'],
    env: { NO_COLOR: '1' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
