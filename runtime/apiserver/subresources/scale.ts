import type { LabelSelector } from '../../../generated/meta/v1/types.ts';
import {
  type ApiRequest,
  type ApiResponse,
  badRequest,
  formatSelector,
  jsonPatch,
  type KubeObject,
  mergePatch,
  valueAt,
} from '../../meta/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';
import { applyTo } from '../patch.ts';
import { get } from '../read.ts';
import { change, checkPreconditions } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

/** `scale` (autoscaling/v1): the wanted and the present number of any kind whose schema says where they are. */
export const scale: SubresourceHandler = {
  columns: [
    { name: 'Name', type: 'string', format: 'name', path: '.metadata.name' },
    { name: 'Desired', type: 'integer', path: '.spec.replicas' },
    { name: 'Available', type: 'integer', path: '.status.replicas' },
    { name: 'Age', type: 'string', value: 'age' },
  ],
  get(_, kind, request) {
    return { code: 200, object: scaleOf(kind, get(kind, request).object) };
  },
  async update(core, kind, request) {
    const body = (request.body ?? {}) as Scale;
    return answer(
      kind,
      await change(core, kind, request, ({ object }) => ({ object: scaled(kind, body, object) })),
    );
  },
  async patch(core, kind, request) {
    if (request.patchType === 'application/apply-patch+yaml') return applied(core, kind, request);
    return answer(
      kind,
      await change(core, kind, request, ({ object }) => ({
        object: scaled(kind, patched(request, scaleOf(kind, object)), object),
      })),
    );
  },
};

/** Apply to the scale is apply to the object of nothing but the number. */
async function applied(core: Core, kind: ServedKind, request: ApiRequest): Promise<ApiResponse> {
  const body = (request.body ?? {}) as Scale;
  if (body.apiVersion !== 'autoscaling/v1' || body.kind !== 'Scale')
    throw badRequest(`invalid object type: ${body.apiVersion ?? ''}, Kind=${body.kind ?? ''}`);
  const { apiVersion, descriptor } = kind;
  const named = { apiVersion, kind: descriptor.kind, metadata: body.metadata ?? {} };
  const path = replicasPath(kind);
  const config = withValue(named, path, body.spec?.replicas ?? 0) as KubeObject;
  const replace = (_: ServedKind, merged: KubeObject, live: KubeObject): KubeObject =>
    withValue(live, path, valueAt(merged, path.join('.'))) as KubeObject;
  return answer(kind, await applyTo(core, kind, request, { config, replace }));
}

function answer(kind: ServedKind, response: { code: number; object: KubeObject }) {
  return { ...response, object: scaleOf(kind, response.object) };
}

function patched({ patchType, body }: ApiRequest, current: Scale): Scale {
  const result =
    patchType === 'application/json-patch+json'
      ? jsonPatch(current, body)
      : mergePatch(current, body);
  return result as Scale;
}

function pathsOf(kind: ServedKind): NonNullable<ServedKind['descriptor']['subresources']['scale']> {
  return kind.descriptor.subresources.scale!;
}

function scaleOf(kind: ServedKind, object: KubeObject): Scale {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = pathsOf(kind);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = labelSelectorPath ? valueAt(object, labelSelectorPath) : undefined;
  const text = selector && typeof selector === 'object' ? formatSelector(selectorOf(selector)) : '';
  const replicas = Number(valueAt(object, specReplicasPath) ?? 0);
  const status = {
    replicas: Number(valueAt(object, statusReplicasPath) ?? 0),
    ...(text ? { selector: text } : {}),
  };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
    },
    spec: replicas === 0 ? {} : { replicas },
    status,
  } as Scale;
}

function scaled(kind: ServedKind, body: Scale, live: KubeObject): KubeObject {
  checkPreconditions(kind, { ...body, metadata: body.metadata ?? {} }, live);
  const replicas = body.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0)
    throw badRequest(
      `spec.replicas must be a whole number from 0 on; got ${JSON.stringify(replicas)}`,
    );
  return withValue(live, replicasPath(kind), replicas) as KubeObject;
}

function replicasPath(kind: ServedKind): readonly string[] {
  return pathsOf(kind).specReplicasPath.replace(/^\./, '').split('.');
}

function withValue(object: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const base = (object ?? {}) as Record<string, unknown>;
  return { ...base, [step]: withValue(base[step], rest, value) };
}

/** A selector of either form: of requirements, or the plain pairs of older kinds. */
function selectorOf(selector: object): LabelSelector {
  const isStructured = 'matchLabels' in selector || 'matchExpressions' in selector;
  return (isStructured ? selector : { matchLabels: selector }) as LabelSelector;
}
