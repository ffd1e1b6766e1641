import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '../../../../generated/admissionregistration/v1/types.ts';
import {
  ApiError,
  forbidden,
  jsonPatch,
  type KubeObject,
  mergeApplied,
} from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { evaluate, fromCel, withoutTypes } from '../../expressions/index.ts';
import { about } from '../../kind.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { type Matched, matched } from './matched.ts';
import type { Params } from './params.ts';
import { meetsConditions, scopeOf, textOf } from './scope.ts';

type Policy = MutatingAdmissionPolicy & KubeObject & { spec: object };
type Binding = MutatingAdmissionPolicyBinding & KubeObject & { spec: object };

const RESOURCES = {
  policies: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  bindings: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
};

/** MutatingAdmissionPolicies in force: each changes the object by a merge or a patch, in the order of names. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  mutate(attributes, core) {
    if (attributes.operation === 'DELETE' || attributes.kind.version) return attributes.object;
    let current = attributes;
    for (const each of matched<Policy, Binding>(RESOURCES, attributes, core)) {
      const object = applied(each, current, core);
      if (object !== current.object) current = { ...current, object };
    }
    return current.object;
  },
};

/** The object as one policy leaves it; where the policy fails and may, as it was. */
function applied(
  { policy, binding, params, problem }: Matched<Policy, Binding>,
  attributes: AdmissionAttributes,
  core: Core,
): KubeObject {
  try {
    if (problem !== undefined) throw new Error(problem);
    let current = attributes;
    for (const each of params)
      current = { ...current, object: changed(policy, each, current, core) };
    return current.object;
  } catch (error) {
    if (policy.spec.failurePolicy === 'Ignore') return attributes.object;
    const names = `'${policy.metadata.name}' with binding '${binding.metadata.name}'`;
    const why = `policy ${names} denied request: ${textOf(error)}`;
    const { status } = forbidden(about(attributes.kind, attributes.name), why);
    const details = { ...status.details, causes: [{ message: why }] };
    throw new ApiError({ ...status, reason: 'Invalid', code: 422, details });
  }
}

function changed(
  { spec }: Policy,
  params: Params,
  attributes: AdmissionAttributes,
  core: Core,
): KubeObject {
  const { mutations = [], matchConditions = [], variables = [] } = spec;
  const scope = scopeOf(attributes, params, variables, core);
  if (!meetsConditions(matchConditions, scope)) return attributes.object;
  let { object } = attributes;
  for (const mutation of mutations) {
    const now = scopeOf({ ...attributes, object }, params, variables, core);
    const written = expressionOf(mutation);
    const value = fromCel(evaluate(withoutTypes(written), now, written));
    object = mutation.jsonPatch
      ? (jsonPatch(object, value) as KubeObject)
      : merged(object, value, attributes);
  }
  return object;
}

const expressionOf = ({ jsonPatch: patch, applyConfiguration: apply }: Mutation): string =>
  (patch ?? apply)?.expression ?? '';

/** As server-side apply merges: lists by their keys, other lists and values whole. */
function merged(object: KubeObject, value: unknown, { kind }: AdmissionAttributes): KubeObject {
  const { schema, resolve } = kind.ownershipSchema;
  return mergeApplied(object, value, { schema, resolve }) as KubeObject;
}
