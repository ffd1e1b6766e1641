import { type ApiRequest, type ApiResponse, type KubeObject, notFound } from '../meta/index.ts';
import type { Core } from './core.ts';
import { about, type ServedKind } from './kind.ts';
import { matcherOf } from './selecting.ts';
import type { Derived } from './strategies/strategy.ts';

/** Whether objects of the kind are worked out when somebody reads them. */
export function isVirtual({ strategy }: ServedKind): boolean {
  return strategy.objects !== undefined || strategy.derived !== undefined;
}

/** Objects of a kind that is not stored, in the order of their names. */
function objectsOf({ strategy }: ServedKind, core: Core): readonly KubeObject[] {
  const objects = strategy.objects?.(core) ?? [];
  return [...objects].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
}

/** GET of one object of a kind that is not stored. */
export function getVirtual(core: Core, kind: ServedKind, request: ApiRequest): ApiResponse {
  const { derived } = kind.strategy;
  const { name = '', namespace } = request;
  if (derived) {
    const key = namespace ? `${namespace}/${name}` : name;
    const source = core.object(derived.of, key);
    const object = source && derived.from(core)(source);
    if (object) return { code: 200, object };
    throw notFound({ group: kind.descriptor.group, resource: derived.called, name: key });
  }
  const object = objectsOf(kind, core).find(({ metadata }) => metadata.name === name);
  if (!object) throw notFound(about(kind, name));
  return { code: 200, object };
}

/** GET of all of them, or those that the selectors choose, in one page. */
export function listVirtual(core: Core, kind: ServedKind, request: ApiRequest): ApiResponse {
  const matches = matcherOf(kind, request.options ?? {});
  const { derived } = kind.strategy;
  const candidates = derived ? sourcesOf(core, derived, request) : objectsOf(kind, core);
  const chosen = matches ? candidates.filter(matches) : candidates;
  const list = {
    kind: `${kind.descriptor.kind}List`,
    apiVersion: kind.apiVersion,
    metadata: {},
    items: derived ? madeFrom(core, derived, chosen) : chosen,
  };
  return { code: 200, object: list as unknown as KubeObject };
}

/** What they come from has their names and labels: who chooses among the sources works out no more than is asked for. */
function sourcesOf(core: Core, { of }: Derived, { namespace }: ApiRequest): readonly KubeObject[] {
  return core.kindById(of)?.cache.list(namespace) ?? [];
}

function madeFrom(
  core: Core,
  derived: Derived,
  sources: readonly KubeObject[],
): readonly KubeObject[] {
  const make = derived.from(core);
  return sources.flatMap((source) => make(source) ?? []);
}
