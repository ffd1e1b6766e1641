import {
  type ApiRequest,
  type ApiResponse,
  badRequest,
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
import { replicasPath, type Scale, scaled, scaleOf, withValue } from './scaling.ts';

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
      await change(core, kind, request, ({ object }) => ({ object: resized(kind, body, object) })),
    );
  },
  async patch(core, kind, request) {
    if (request.patchType === 'application/apply-patch+yaml') return applied(core, kind, request);
    return answer(
      kind,
      await change(core, kind, request, ({ object }) => ({
        object: resized(kind, patched(request, scaleOf(kind, object)), object),
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

function resized(kind: ServedKind, body: Scale, live: KubeObject): KubeObject {
  checkPreconditions(kind, { ...body, metadata: body.metadata ?? {} }, live);
  return scaled(kind, body, live);
}
