import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // The package's own entry points, from sources: manifests and their tests import them as every user does.
    alias: [
      { find: /^slipway\/testing$/, replacement: here('runtime/testing/index.ts') },
      { find: /^slipway\/([a-z.]+\/v[a-z0-9]+)$/, replacement: here('generated/$1/index.ts') },
    ],
  },
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
