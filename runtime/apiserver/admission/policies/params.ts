import type { ParamKind, ParamRef } from '../../../../generated/admissionregistration/v1/types.ts';
import { type KubeObject, matchesLabelSelector } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import type { ServedKind } from '../../kind.ts';

/** Parameters of one evaluation; undefined where the policy, or the binding, has none. */
export type Params = KubeObject | undefined;

/**
 * The objects that a binding names as parameters of a request in `namespace`; the policy is evaluated once for each. Throws where
 * they cannot be looked up, or must be there and are not.
 */
export function paramsOf(
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
  namespace: string | undefined,
  core: Core,
): readonly Params[] {
  if (!kind || !ref) return [undefined];
  const served = servedKind(kind, core);
  const found = lookUp(served, ref, namespaceFor(served, ref, namespace));
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny')
    throw new Error('no params found for policy binding with `Deny` parameterNotFoundAction');
  return found;
}

function servedKind({ apiVersion = '', kind = '' }: ParamKind, core: Core): ServedKind {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const found = core.schemas.kinds.find(
    (each) => each.kind === kind && each.version === version && each.group === group,
  );
  if (!found) throw new Error(`paramKind kind \`${apiVersion}, Kind=${kind}\` not known`);
  return core.kindOf({ group, version, resource: found.plural });
}

function namespaceFor(
  { descriptor }: ServedKind,
  ref: ParamRef,
  namespace: string | undefined,
): string | undefined {
  if (!descriptor.namespaced) {
    if (!ref.namespace) return undefined;
    throw new Error('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  }
  const found = ref.namespace || namespace;
  if (found) return found;
  throw new Error(
    'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
  );
}

function lookUp(
  { cache }: ServedKind,
  { name, selector }: ParamRef,
  namespace: string | undefined,
): readonly KubeObject[] {
  if (name) {
    const found = cache.row(namespace ? `${namespace}/${name}` : name)?.object;
    return found ? [found] : [];
  }
  if (!selector) throw new Error('one of name or selector must be provided');
  return cache
    .list(namespace)
    .filter(({ metadata }) => matchesLabelSelector(selector, metadata.labels));
}
