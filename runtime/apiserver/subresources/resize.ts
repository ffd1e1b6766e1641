import type { Container, Pod, PodSpec } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { bodyOf } from '../create.ts';
import type { ServedKind } from '../kind.ts';
import { patch } from '../patch.ts';
import { get } from '../read.ts';
import { completePodSpec } from '../strategies/pod-spec/index.ts';
import { podDefaults } from '../strategies/pods/defaults.ts';
import { change, checkName, checkPreconditions } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

type StoredPod = Pod & KubeObject;

/** `resize` of a Pod: how much of its node it and its containers want from now on. */
export const resize: SubresourceHandler = {
  get: (_, kind, request) => get(kind, request),
  update(core, kind, request) {
    const body = bodyOf(kind, request);
    checkName(body, request);
    return change(core, kind, request, ({ object: live }) => ({
      object: withSize(kind, body, live),
    }));
  },
  patch: (core, kind, request) => patch(core, kind, request, withSize),
};

/** Nothing but sizes is taken over, unless other containers are named, which is to be refused. */
function withSize(kind: ServedKind, body: KubeObject, live: KubeObject): KubeObject {
  checkPreconditions(kind, body, live);
  const [given, { spec }] = [(body as StoredPod).spec, live as StoredPod];
  if (!given || !spec) return live;
  const initContainers = sized(given.initContainers, spec.initContainers);
  const { resources: _, ...rest } = spec;
  const next = {
    ...rest,
    ...(given.resources ? { resources: given.resources } : {}),
    containers: sized(given.containers, spec.containers),
    ...(initContainers ? { initContainers } : {}),
  } as PodSpec;
  return { ...live, spec: podDefaults(completePodSpec(next)) } as KubeObject;
}

function sized(
  given: readonly Container[] | undefined,
  live: readonly Container[] | undefined,
): readonly Container[] | undefined {
  const isSame =
    given?.length === live?.length && given?.every(({ name }, at) => name === live?.[at]?.name);
  if (!isSame || !live) return given;
  return live.map((container, at) => {
    const { resources: _, resizePolicy: __, ...rest } = container;
    const { resources, resizePolicy } = given![at]!;
    return {
      ...rest,
      ...(resources ? { resources } : {}),
      ...(resizePolicy ? { resizePolicy } : {}),
    };
  });
}
