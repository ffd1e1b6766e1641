import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, generate, isCompiled, isGenerated, withLock } from './build/index.ts';

/**
 * Brings `generated/` and `dist/` up to date, and does nothing when they are. `--generate-only` stops after the first,
 * `--force` builds in any case, `--root` names another checkout.
 */
async function main(options: readonly string[]): Promise<void> {
  const at = options.indexOf('--root');
  const root = at < 0 ? fileURLToPath(new URL('../', import.meta.url)) : options[at + 1]!;
  const force = options.includes('--force');
  const compiles = !options.includes('--generate-only');
  const isFresh = (): boolean => !force && isGenerated(root) && (!compiles || isCompiled(root));
  if (isFresh()) return;
  await withLock(join(root, '.cache/prepare.lock'), async () => {
    if (force || !isGenerated(root)) await generate(root);
    if (compiles && (force || !isCompiled(root))) await compile(root, force);
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
