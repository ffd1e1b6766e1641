import { type ApiRequest, type ApiResponse, type KubeObject, notFound } from '../meta/index.ts';
import type { Core } from './core.ts';
import { about, type ServedKind } from './kind.ts';
import { matcherOf } from './selecting.ts';

/** Objects of a kind that is not stored, in the order of their names. */
function objectsOf({ strategy }: ServedKind, core: Core): readonly KubeObject[] {
  const objects = strategy.objects?.(core) ?? [];
  return [...objects].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
}

/** GET of one object of a kind that is not stored. */
export function getVirtual(core: Core, kind: ServedKind, { name }: ApiRequest): ApiResponse {
  const object = objectsOf(kind, core).find(({ metadata }) => metadata.name === name);
  if (!object) throw notFound(about(kind, name));
  return { code: 200, object };
}

/** GET of all of them, or those that the selectors choose. There are few: they come in one page. */
export function listVirtual(
  core: Core,
  kind: ServedKind,
  { options = {} }: ApiRequest,
): ApiResponse {
  const matches = matcherOf(kind, options);
  const all = objectsOf(kind, core);
  const list = {
    kind: `${kind.descriptor.kind}List`,
    apiVersion: kind.apiVersion,
    metadata: {},
    items: matches ? all.filter(matches) : all,
  };
  return { code: 200, object: list as unknown as KubeObject };
}
