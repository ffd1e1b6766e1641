import type {
  MutatingAdmissionPolicy,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicy,
} from '../../../generated/admissionregistration/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { expressionProblem, withoutTypes } from '../expressions/index.ts';
import { invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** Index of policies by what their rules name: `pods`, `pods/status`, `*`. */
export const BY_RESOURCE = 'resource';
/** Index of bindings by the policy that they name. */
export const BY_POLICY = 'policy';

interface Policy {
  readonly spec?: {
    readonly matchConstraints?: { readonly resourceRules?: readonly NamedRuleWithOperations[] };
  };
}

const indexes = {
  [BY_RESOURCE]: ({ spec }: Policy): readonly string[] => [
    ...new Set(spec?.matchConstraints?.resourceRules?.flatMap(({ resources = [] }) => resources)),
  ],
};

/** An expression of a policy, and where it stands. */
type Place = readonly [path: string, expression: string | undefined];

function problemsOf(places: readonly Place[]): Problem[] {
  return places.flatMap(([path, expression]) => {
    if (expression === undefined) return [];
    if (expression.trim() === '') return [required(path, '')];
    const problem = expressionProblem(withoutTypes(expression));
    return problem === undefined
      ? []
      : [invalid(path, expression, `compilation failed: ${problem}`)];
  });
}

type Named = readonly { readonly expression: string }[] | undefined;

const listed = (field: string, list: Named = []): Place[] =>
  list.map(({ expression }, at) => [`spec.${field}[${at}].expression`, expression]);

function constraintProblems({ spec }: Policy): Problem[] {
  if (!spec?.matchConstraints) return [required('spec.matchConstraints', '')];
  if (spec.matchConstraints.resourceRules?.length) return [];
  return [required('spec.matchConstraints.resourceRules', '')];
}

/** ValidatingAdmissionPolicies: expressions that can be read, and something to check. */
export const validatingPolicies: Strategy<ValidatingAdmissionPolicy & KubeObject> = {
  indexes,
  validate(policy) {
    const { validations = [], auditAnnotations = [], ...spec } = policy.spec ?? {};
    const missing = 'validations or auditAnnotations must be non-empty';
    const places: Place[] = [
      ...listed('matchConditions', spec.matchConditions),
      ...listed('variables', spec.variables),
      ...listed('validations', validations),
      ...validations.map(
        ({ messageExpression }, at): Place => [
          `spec.validations[${at}].messageExpression`,
          messageExpression,
        ],
      ),
    ];
    const isEmpty = validations.length + auditAnnotations.length === 0;
    return [
      ...constraintProblems(policy),
      ...(isEmpty ? [required('spec.validations', missing)] : []),
      ...problemsOf(places),
    ];
  },
};

/** MutatingAdmissionPolicies: expressions that can be read. */
export const mutatingPolicies: Strategy<MutatingAdmissionPolicy & KubeObject> = {
  indexes,
  validate(policy) {
    const { mutations = [], matchConditions, variables } = policy.spec ?? {};
    const changes = mutations.flatMap(({ applyConfiguration, jsonPatch }, at): Place[] => [
      [`spec.mutations[${at}].applyConfiguration.expression`, applyConfiguration?.expression],
      [`spec.mutations[${at}].jsonPatch.expression`, jsonPatch?.expression],
    ]);
    return [
      ...constraintProblems(policy),
      ...(mutations.length === 0 ? [required('spec.mutations', '')] : []),
      ...problemsOf([
        ...listed('matchConditions', matchConditions),
        ...listed('variables', variables),
        ...changes,
      ]),
    ];
  },
};

interface Binding extends KubeObject {
  readonly spec?: { readonly policyName?: string };
}

/** Bindings are found by their policy. */
export const policyBindings: Strategy<Binding> = {
  indexes: { [BY_POLICY]: ({ spec }) => (spec?.policyName ? [spec.policyName] : []) },
};
