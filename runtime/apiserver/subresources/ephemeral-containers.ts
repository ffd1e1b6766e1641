import type { Pod } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { bodyOf } from '../create.ts';
import type { ServedKind } from '../kind.ts';
import { patch } from '../patch.ts';
import { get } from '../read.ts';
import { completePodSpec } from '../strategies/pod-spec/index.ts';
import { change, checkName, checkPreconditions } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

type StoredPod = Pod & KubeObject;

/** `ephemeralcontainers` of a Pod: containers that are put into it while it runs. They can be added, and stay. */
export const ephemeralContainers: SubresourceHandler = {
  get: (_, kind, request) => get(kind, request),
  update(core, kind, request) {
    const body = bodyOf(kind, request);
    checkName(body, request);
    return change(core, kind, request, ({ object: live }) => ({
      object: withContainers(kind, body, live),
    }));
  },
  patch: (core, kind, request) => patch(core, kind, request, withContainers),
};

function withContainers(kind: ServedKind, body: KubeObject, live: KubeObject): KubeObject {
  checkPreconditions(kind, body, live);
  const { spec } = live as StoredPod;
  const containers = (body as StoredPod).spec?.ephemeralContainers;
  if (!spec || containers === spec.ephemeralContainers) return live;
  const { ephemeralContainers: _, ...rest } = spec;
  const next = containers ? { ...rest, ephemeralContainers: containers } : rest;
  return { ...live, spec: completePodSpec(next) } as KubeObject;
}
