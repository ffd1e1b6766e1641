import type {
  MatchCondition,
  Variable,
} from '../../../../generated/admissionregistration/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { seenAs } from '../../conversion/index.ts';
import type { Core } from '../../core.ts';
import { AuthorizerValue, evaluate, type Scope, toCel } from '../../expressions/index.ts';
import type { AdmissionAttributes } from '../plugin.ts';
import { namespaceOf } from './matching.ts';
import type { Params } from './params.ts';

/** What expressions of one policy see of a request; values are worked out when they are first asked for. */
export function scopeOf(
  attributes: AdmissionAttributes,
  params: Params,
  variables: readonly Variable[],
  core: Core,
  show = (each: KubeObject): KubeObject => seenAs(attributes.kind, each),
): Scope {
  const { operation, object, old, user } = attributes;
  const seen = (each: KubeObject | undefined): unknown => (each ? toCel(show(each)) : null);
  const isDeletion = operation === 'DELETE';
  const asked = new AuthorizerValue({ authorizer: core.authorizer, user });
  const scope = {};
  lazy(scope, 'object', () => (isDeletion ? null : seen(object)));
  lazy(scope, 'oldObject', () => seen(isDeletion ? object : old));
  lazy(scope, 'request', () => toCel(requestOf(attributes)));
  lazy(scope, 'params', () => toCel(params ?? null));
  lazy(scope, 'namespaceObject', () => toCel(namespaceOf(attributes, core) ?? null));
  lazy(scope, 'authorizer', () => asked);
  const computed = {};
  for (const { name, expression } of variables)
    lazy(computed, name, () => evaluate(expression, scope));
  lazy(scope, 'variables', () => computed);
  return scope;
}

/** A field that is computed once, when it is first read. */
function lazy(target: object, name: string, compute: () => unknown): void {
  let value: { readonly of: unknown } | undefined;
  const get = (): unknown => {
    value ??= { of: compute() };
    return value.of;
  };
  Object.defineProperty(target, name, { get, enumerable: true, configurable: true });
}

function requestOf(attributes: AdmissionAttributes): object {
  const { kind, namespace = '', name, subresource = '', operation, user, dryRun } = attributes;
  const { group, version, kind: kindName, plural } = (kind.version?.face ?? kind).descriptor;
  const ofKind = { group, version, kind: kindName };
  const resource = { group, version, resource: plural };
  return {
    kind: ofKind,
    resource,
    subResource: subresource,
    requestKind: ofKind,
    requestResource: resource,
    requestSubResource: subresource,
    name,
    namespace,
    operation,
    dryRun,
    userInfo: {
      username: user.name,
      groups: user.groups,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      ...(user.extra === undefined ? {} : { extra: user.extra }),
    },
  };
}

/** Whether all conditions hold. One that does not decides even where others fail; else the first failure is thrown. */
export function meetsConditions(conditions: readonly MatchCondition[], scope: Scope): boolean {
  let failure: unknown;
  for (const { expression } of conditions)
    try {
      if (evaluate(expression, scope) !== true) return false;
    } catch (error) {
      failure ??= error;
    }
  if (failure !== undefined) throw failure;
  return true;
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
