import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '../../../../generated/admissionregistration/v1/types.ts';
import { ApiError, forbidden, type KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { evaluate, type Scope } from '../../expressions/index.ts';
import { about } from '../../kind.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { type Matched, matched } from './matched.ts';
import type { Params } from './params.ts';
import { meetsConditions, scopeOf, textOf } from './scope.ts';

type Policy = ValidatingAdmissionPolicy & KubeObject & { spec: object };
type Binding = ValidatingAdmissionPolicyBinding & KubeObject & { spec: object };

const RESOURCES = {
  policies: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  bindings: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
};

/** What one evaluation says against a request. */
interface Violation {
  readonly policy: string;
  readonly binding: string;
  readonly message: string;
  readonly reason: string;
  readonly actions: readonly string[];
}

const CODES: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
};
const INVALID = 422;
/** Characters of a computed message; a longer one gives way to the fixed one. */
const MESSAGE_LENGTH_MAX = 5 * 1024;

/** ValidatingAdmissionPolicies in force: conditions in CEL that refuse a request, warn of it, or are noted. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(attributes, core) {
    const denied = violations(attributes, core).find(({ actions }) => actions.includes('Deny'));
    if (!denied) return;
    const { policy, binding, reason } = denied;
    const message = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${denied.message}`;
    const { status } = forbidden(about(attributes.kind, attributes.name), message);
    const details = { ...status.details, causes: [{ message }] };
    throw new ApiError({ ...status, reason, code: CODES[reason] ?? INVALID, details });
  },
  warnings(attributes, core) {
    return violations(attributes, core)
      .filter(({ actions }) => actions.includes('Warn'))
      .map(
        ({ policy, binding, message }) =>
          `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${message}`,
      );
  },
};

function violations(attributes: AdmissionAttributes, core: Core): readonly Violation[] {
  const found = matched<Policy, Binding>(RESOURCES, attributes, core);
  return found.length === 0 ? [] : found.flatMap((each) => violationsOf(each, attributes, core));
}

function violationsOf(
  { policy, binding, params, problem }: Matched<Policy, Binding>,
  attributes: AdmissionAttributes,
  core: Core,
): readonly Violation[] {
  const names = { policy: policy.metadata.name ?? '', binding: binding.metadata.name ?? '' };
  const fails = policy.spec.failurePolicy !== 'Ignore';
  if (problem !== undefined)
    return fails ? [{ ...names, message: problem, reason: 'Invalid', actions: ['Deny'] }] : [];
  const actions = binding.spec.validationActions ?? [];
  return params.flatMap((each) =>
    judge(policy, each, attributes, core)
      .filter(({ isFailure }) => fails || !isFailure)
      .map(({ message, reason }) => ({ ...names, message, reason, actions })),
  );
}

interface Judgement {
  readonly message: string;
  readonly reason: string;
  /** Whether it is not the request that is wrong, but the policy that cannot be evaluated. */
  readonly isFailure: boolean;
}

function judge(
  { spec }: Policy,
  params: Params,
  attributes: AdmissionAttributes,
  core: Core,
): readonly Judgement[] {
  const scope = scopeOf(attributes, params, spec.variables ?? [], core);
  try {
    if (!meetsConditions(spec.matchConditions ?? [], scope)) return [];
  } catch (error) {
    return [failure(error)];
  }
  return (spec.validations ?? []).flatMap((validation) => {
    try {
      if (evaluate(validation.expression, scope) === true) return [];
    } catch (error) {
      return [failure(error)];
    }
    const { reason = 'Invalid' } = validation;
    return [{ message: messageOf(validation, scope), reason, isFailure: false }];
  });
}

const failure = (error: unknown): Judgement => ({
  message: textOf(error),
  reason: 'Invalid',
  isFailure: true,
});

/** The computed message where it is one line of a sensible length, else the fixed one, else the expression. */
function messageOf({ expression, message, messageExpression }: Validation, scope: Scope): string {
  const fixed = message?.trim() || `failed expression: ${expression.trim()}`;
  if (!messageExpression) return fixed;
  try {
    const value = evaluate(messageExpression, scope);
    const text = typeof value === 'string' ? value.trim() : '';
    const isUsable = text !== '' && text.length <= MESSAGE_LENGTH_MAX && !text.includes('\n');
    return isUsable ? text : fixed;
  } catch {
    return fixed;
  }
}
