/** Subresources by name. A kind has those that its schema lists; each works for any kind that has it. */
import { approval } from './approval.ts';
import { binding } from './binding.ts';
import { connect } from './connect.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import { eviction } from './eviction/index.ts';
import { finalize } from './finalize.ts';
import type { SubresourceHandler } from './handler.ts';
import { log } from './log.ts';
import { proxy } from './proxy.ts';
import { resize } from './resize.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import { token } from './token.ts';

export { type Connection, connectionOf, type WantedStreams } from './connect.ts';
export type { SubresourceHandler } from './handler.ts';

export const SUBRESOURCES: Readonly<Record<string, SubresourceHandler>> = {
  approval,
  attach: connect,
  binding,
  ephemeralcontainers: ephemeralContainers,
  eviction,
  exec: connect,
  finalize,
  log,
  portforward: connect,
  proxy,
  resize,
  scale,
  status,
  token,
};
