import { createRequire } from 'node:module';
import type ts from 'typescript';

export type TypeScript = typeof ts;

let loaded: TypeScript | undefined;

/**
 * The compiler, loaded when first needed: commands that check nothing do not pay for it. By `require`, because `import`
 * would parse its nine megabytes once more to find out that they are CommonJS.
 */
export function typescript(): TypeScript {
  loaded ??= createRequire(import.meta.url)('typescript') as TypeScript;
  return loaded;
}
