/** Subresources by name. A kind has those that its schema lists; each works for any kind that has it. */
import { approval } from './approval.ts';
import { binding } from './binding.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import { eviction } from './eviction/index.ts';
import { finalize } from './finalize.ts';
import type { SubresourceHandler } from './handler.ts';
import { log } from './log.ts';
import { resize } from './resize.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import { token } from './token.ts';

export type { SubresourceHandler } from './handler.ts';

export const SUBRESOURCES: Readonly<Record<string, SubresourceHandler>> = {
  approval,
  binding,
  ephemeralcontainers: ephemeralContainers,
  eviction,
  finalize,
  log,
  resize,
  scale,
  status,
  token,
};
