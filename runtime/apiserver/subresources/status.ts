import type { ApiRequest, KubeObject, ObjectMeta } from '../../meta/index.ts';
import { bodyOf } from '../create.ts';
import type { ServedKind } from '../kind.ts';
import { patch } from '../patch.ts';
import { get } from '../read.ts';
import { change, checkPreconditions } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

/** `status`: the stored object with the given status; of metadata only labels and annotations are taken over. */
export const status: SubresourceHandler = {
  get: (_, kind, request) => get(kind, request),
  update(core, kind, request: ApiRequest) {
    const body = bodyOf(kind, request);
    return change(core, kind, request, ({ object: live }) => ({
      object: withStatus(kind, body, live),
    }));
  },
  patch: (core, kind, request) => patch(core, kind, request, withStatus),
};

interface Stateful extends KubeObject {
  readonly status?: unknown;
}

export function withStatus(kind: ServedKind, body: KubeObject, live: KubeObject): KubeObject {
  checkPreconditions(kind, body, live);
  const { status: next } = body as Stateful;
  const metadata = metadataFor(body.metadata, live.metadata);
  if (next !== undefined) return { ...live, metadata, status: next } as Stateful;
  const { status: _, ...rest } = live as Stateful;
  return { ...rest, metadata };
}

function metadataFor(given: ObjectMeta, live: ObjectMeta): ObjectMeta {
  const { labels = live.labels, annotations = live.annotations } = given;
  if (labels === live.labels && annotations === live.annotations) return live;
  return { ...live, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
}
