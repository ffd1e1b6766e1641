import type { Binding, Pod, PodCondition } from '../../../generated/core/v1/types.ts';
import { notSupported, required } from '../../../generator/model/index.ts';
import {
  conflict,
  formatTime,
  isDeleting,
  type KubeObject,
  type Status,
  withCondition,
} from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { about, type ServedKind } from '../kind.ts';
import { throwInvalid } from '../problems.ts';
import { change } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

/** `binding` of a Pod: assigns it to a node, once. */
export const binding: SubresourceHandler = {
  async create(core, kind, request) {
    const body = (request.body ?? {}) as Partial<Binding>;
    checkTarget(kind, body, request.name ?? '');
    await change(core, kind, request, ({ object }) => ({
      object: bound(core, kind, object as KubeObject & Pod, body),
      trusted: true,
    }));
    return { code: 201, object: CREATED };
  },
};

const CREATED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code: 201,
} satisfies Status as unknown as KubeObject;

function checkTarget(kind: ServedKind, { target }: Partial<Binding>, name: string): void {
  if (target?.kind && target.kind !== 'Node')
    throwInvalid(kind, name, [notSupported('target.kind', target.kind, ['Node', '<empty>'])]);
  if (!target?.name) throwInvalid(kind, name, [required('target.name')]);
}

function bound(core: Core, kind: ServedKind, pod: KubeObject & Pod, body: Partial<Binding>): KubeObject {
  const { name = '', uid } = pod.metadata;
  const refuse = (why: string): never => {
    throw conflict({ ...about(kind, name), resource: 'pods/binding' }, why);
  };
  if (body.metadata?.uid && body.metadata.uid !== uid)
    refuse(`Precondition failed: UID in precondition: ${body.metadata.uid}, UID in object meta: ${uid}`);
  if (isDeleting(pod)) refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName) refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec?.schedulingGates?.length) refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const scheduled: PodCondition = {
    type: 'PodScheduled',
    status: 'True',
    lastTransitionTime: formatTime(core.now()),
  };
  const annotations = body.metadata?.annotations;
  return {
    ...pod,
    ...(annotations
      ? {
          metadata: {
            ...pod.metadata,
            annotations: { ...pod.metadata.annotations, ...annotations },
          },
        }
      : {}),
    spec: { ...pod.spec, nodeName: body.target?.name ?? '' },
    status: {
      ...pod.status,
      conditions: withCondition(pod.status?.conditions, scheduled),
    },
  } as KubeObject;
}
