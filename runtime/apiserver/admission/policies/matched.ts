import type {
  MatchResources,
  ParamKind,
  ParamRef,
} from '../../../../generated/admissionregistration/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { BY_POLICY, BY_RESOURCE } from '../../strategies/index.ts';
import type { AdmissionAttributes } from '../plugin.ts';
import { isExempt, matches, namesOf } from './matching.ts';
import { type Params, paramsOf } from './params.ts';
import { textOf } from './scope.ts';

export interface Policy extends KubeObject {
  readonly spec: {
    readonly matchConstraints?: MatchResources;
    readonly paramKind?: ParamKind;
    readonly failurePolicy?: string;
  };
}

export interface Binding extends KubeObject {
  readonly spec: { readonly matchResources?: MatchResources; readonly paramRef?: ParamRef };
}

/** A policy in force for a request: with its parameters, or with why they cannot be had. */
export interface Matched<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding: B;
  readonly params: readonly Params[];
  readonly problem?: string;
}

/** Policies of a resource that are in force for a request, in the order of names. Costs nothing while there are no policies. */
export function matched<P extends Policy, B extends Binding>(
  resource: { readonly policies: string; readonly bindings: string },
  attributes: AdmissionAttributes,
  core: Core,
): readonly Matched<P, B>[] {
  if (!core.kindById(resource.bindings)?.cache.size || isExempt(attributes)) return NONE;
  const policies = new Map<string, P>();
  for (const name of namesOf(attributes))
    for (const each of core.byIndex(resource.policies, BY_RESOURCE, name))
      policies.set(each.metadata.name ?? '', each as P);
  if (policies.size === 0) return NONE;
  return [...policies.keys()].sort().flatMap((name) => {
    const policy = policies.get(name)!;
    if (!matches(policy.spec.matchConstraints, attributes, core)) return [];
    return core.byIndex(resource.bindings, BY_POLICY, name).flatMap((each) => {
      const binding = each as B;
      if (!matches(binding.spec.matchResources, attributes, core)) return [];
      return [withParams(policy, binding, attributes, core)];
    });
  });
}

const NONE: readonly never[] = [];

function withParams<P extends Policy, B extends Binding>(
  policy: P,
  binding: B,
  { namespace }: AdmissionAttributes,
  core: Core,
): Matched<P, B> {
  try {
    const { paramKind } = policy.spec;
    const params = paramsOf(paramKind, binding.spec.paramRef, namespace, core);
    return { policy, binding, params };
  } catch (error) {
    const problem = `failed to configure binding: ${textOf(error)}`;
    return { policy, binding, params: [], problem };
  }
}
