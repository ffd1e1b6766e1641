/**
 * The build: `schemas/` to `generated/`, and everything to `dist/`.
 *
 * Each of the two folders carries a stamp with the hashes of what went into it; a step whose stamp is right does nothing, and
 * one that was interrupted has none, so that the next run repeats it. Files are written beside their place and moved there:
 * a program that runs from `dist` meanwhile reads whole files. One build at a time: the second waits and then finds everything
 * fresh.
 *
 * `dist` is made without type-checking (`npm run typecheck` and CI do that): each source is stripped of its types on its own,
 * only those that changed; declarations are written for what the package exports and what that refers to.
 *
 * `prepare.ts` is the only caller. The published package has no part of this: it comes built.
 */
export { compile, isCompiled } from './compile.ts';
export { generate, isGenerated } from './generate.ts';
export { withLock } from './lock.ts';
