import type { Binding, Pod, PodCondition } from '../../../generated/core/v1/types.ts';
import {
  badRequest,
  conflict,
  formatTime,
  isDeleting,
  type KubeObject,
  type ObjectMeta,
  type Status,
  unknownError,
  withCondition,
} from '../../meta/index.ts';
import { andThen } from '../../storage/index.ts';
import { connectionOf, validate } from '../admission/index.ts';
import type { Core } from '../core.ts';
import { about, type ServedKind } from '../kind.ts';
import { get } from '../read.ts';
import { notSupported, required } from '../strategies/problem.ts';
import { change } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

/** `binding` of a Pod: assigns it to a node, once. */
export const binding: SubresourceHandler = {
  create(core, kind, request) {
    const body = (request.body ?? {}) as Partial<Binding>;
    if (body.metadata?.name && body.metadata.name !== request.name)
      throw badRequest('name in URL does not match name in Binding object');
    checkTarget(body);
    if (request.exchange) {
      const pod = get(kind, request).object;
      validate(connectionOf(kind, request, pod), core);
    }
    const changed = change(core, kind, request, ({ object }) => ({
      object: bound(core, kind, object as KubeObject & Pod, body),
      trusted: true,
    }));
    return andThen(changed, () => ({ code: 201, object: CREATED }));
  },
};

const CREATED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code: 201,
} satisfies Status as unknown as KubeObject;

/** Upstream answers with an error that is none of the API's. */
function checkTarget({ target }: Partial<Binding>): void {
  const problems = [
    ...(target?.kind && target.kind !== 'Node'
      ? [notSupported('target.kind', target.kind, ['Node', '<empty>'])]
      : []),
    ...(target?.name ? [] : [required('target.name')]),
  ];
  if (problems.length > 0)
    throw unknownError(problems.map(({ field, message }) => `${field}: ${message}`).join(', '));
}

function bound(
  core: Core,
  kind: ServedKind,
  pod: KubeObject & Pod,
  body: Partial<Binding>,
): KubeObject {
  const { name = '', uid } = pod.metadata;
  const refuse = (why: string): never => {
    throw conflict({ ...about(kind, name), resource: 'pods/binding' }, why);
  };
  if (body.metadata?.uid && body.metadata.uid !== uid)
    refuse(
      `Precondition failed: UID in precondition: ${body.metadata.uid}, UID in object meta: ${uid}`,
    );
  if (isDeleting(pod)) refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName) refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec?.schedulingGates?.length) refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const scheduled: PodCondition = {
    type: 'PodScheduled',
    status: 'True',
    lastTransitionTime: formatTime(core.now()),
  };
  return {
    ...pod,
    metadata: withNotes(pod.metadata, body.metadata),
    spec: { ...pod.spec, nodeName: body.target?.name ?? '' },
    status: {
      ...withoutNomination(pod.status),
      conditions: withCondition(pod.status?.conditions, scheduled),
    },
  } as KubeObject;
}

/** A pod that has its node waits for none. */
function withoutNomination(status: Pod['status']): Pod['status'] {
  if (status?.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _, ...rest } = status;
  return rest;
}

/** With the annotations and labels that the scheduler sends along. */
function withNotes(metadata: ObjectMeta, { annotations, labels }: ObjectMeta = {}): ObjectMeta {
  if (!annotations && !labels) return metadata;
  return {
    ...metadata,
    ...(annotations ? { annotations: { ...metadata.annotations, ...annotations } } : {}),
    ...(labels ? { labels: { ...metadata.labels, ...labels } } : {}),
  };
}
