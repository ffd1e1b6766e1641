import type {
  FlowSchema,
  LimitedPriorityLevelConfiguration,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  ResourcePolicyRule,
} from '../../../generated/flowcontrol/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { forbidden, invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** Name of the schema and the level that are for requests without limits, and of nothing else. */
const EXEMPT = 'exempt';
const PRECEDENCE_MAX = 10_000;
const PERCENT_MAX = 100;

/** FlowSchemas: rules that can match something, and a place in their order. */
export const flowSchemas: Strategy<FlowSchema & KubeObject> = {
  validate({ metadata, spec }) {
    if (!spec) return [];
    const { matchingPrecedence = 0, rules = [] } = spec;
    return [
      ...precedenceProblems(matchingPrecedence, metadata.name === EXEMPT),
      ...rules.flatMap((rule, at) => ruleProblems(rule, `spec.rules[${at}]`)),
    ];
  },
};

function precedenceProblems(precedence: number, isExempt: boolean): Problem[] {
  const say = (wrong: string): Problem[] => [invalid('spec.matchingPrecedence', precedence, wrong)];
  if (precedence <= 0) return say('must be a positive value');
  if (precedence > PRECEDENCE_MAX) return say(`must not be greater than ${PRECEDENCE_MAX}`);
  if (precedence === 1 && !isExempt)
    return say("only the schema named 'exempt' may have matchingPrecedence 1");
  return [];
}

function ruleProblems(rule: PolicyRulesWithSubjects, path: string): Problem[] {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  const problems: Problem[] = [];
  if (subjects.length === 0)
    problems.push(required(`${path}.subjects`, 'subjects must contain at least one value'));
  subjects.forEach((subject, at) => {
    const field = FIELD_OF[subject.kind];
    if (field && !subject[field])
      problems.push(
        required(
          `${path}.subjects[${at}].${field}`,
          `${field} is required when subject kind is '${subject.kind}'`,
        ),
      );
  });
  if (resourceRules.length + nonResourceRules.length === 0)
    problems.push(
      required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'),
    );
  resourceRules.forEach((each, at) => {
    problems.push(...resourceProblems(each, `${path}.resourceRules[${at}]`));
  });
  nonResourceRules.forEach(({ verbs, nonResourceURLs }, at) => {
    const here = `${path}.nonResourceRules[${at}]`;
    if (verbs.length === 0) problems.push(required(`${here}.verbs`, ONE_VERB));
    if (nonResourceURLs.length === 0)
      problems.push(
        required(`${here}.nonResourceURLs`, 'nonResourceURLs must contain at least one value'),
      );
  });
  return problems;
}

const FIELD_OF: Readonly<Record<string, 'group' | 'serviceAccount' | 'user'>> = {
  Group: 'group',
  ServiceAccount: 'serviceAccount',
  User: 'user',
};
const ONE_VERB = 'verbs must contain at least one value';

function resourceProblems(rule: ResourcePolicyRule, path: string): Problem[] {
  const { verbs, apiGroups, resources, clusterScope = false, namespaces = [] } = rule;
  const problems: Problem[] = [];
  if (verbs.length === 0) problems.push(required(`${path}.verbs`, ONE_VERB));
  if (apiGroups.length === 0)
    problems.push(
      required(`${path}.apiGroups`, 'resource rules must supply at least one api group'),
    );
  if (resources.length === 0)
    problems.push(
      required(`${path}.resources`, 'resource rules must supply at least one resource'),
    );
  if (namespaces.length === 0 && !clusterScope)
    problems.push(
      required(
        `${path}.namespaces`,
        'resource rules that are not cluster scoped must supply at least one namespace',
      ),
    );
  return problems;
}

/** PriorityLevelConfigurations: what their type calls for, and amounts that make sense. */
export const priorityLevels: Strategy<PriorityLevelConfiguration & KubeObject> = {
  validate({ metadata, spec }) {
    if (!spec) return [];
    const { type, limited, exempt } = spec;
    const problems: Problem[] = [];
    if ((type === 'Exempt') !== (metadata.name === EXEMPT))
      problems.push(
        invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"),
      );
    if (type === 'Exempt' && limited)
      problems.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
    if (type === 'Limited' && exempt)
      problems.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
    if (type === 'Limited' && !limited)
      problems.push(required('spec.limited', 'must not be empty when type is Limited'));
    if (exempt) problems.push(...shareProblems(exempt, 'spec.exempt'));
    if (limited) problems.push(...limitProblems(limited, 'spec.limited'));
    return problems;
  },
};

function shareProblems(
  {
    nominalConcurrencyShares = 0,
    lendablePercent = 0,
  }: { readonly nominalConcurrencyShares?: number; readonly lendablePercent?: number },
  path: string,
): Problem[] {
  const problems: Problem[] = [];
  if (nominalConcurrencyShares < 0)
    problems.push(
      invalid(
        `${path}.nominalConcurrencyShares`,
        nominalConcurrencyShares,
        'must be a non-negative integer',
      ),
    );
  if (lendablePercent < 0 || lendablePercent > PERCENT_MAX)
    problems.push(
      invalid(`${path}.lendablePercent`, lendablePercent, 'must be between 0 and 100, inclusive'),
    );
  return problems;
}

function limitProblems(limited: LimitedPriorityLevelConfiguration, path: string): Problem[] {
  const { borrowingLimitPercent = 0, limitResponse } = limited;
  const problems = shareProblems(limited, path);
  if (borrowingLimitPercent < 0)
    problems.push(
      invalid(
        `${path}.borrowingLimitPercent`,
        borrowingLimitPercent,
        'if specified, must be a non-negative integer',
      ),
    );
  const { type, queuing } = limitResponse ?? {};
  const here = `${path}.limitResponse.queuing`;
  if (type === 'Reject' && queuing)
    problems.push(forbidden(here, 'must be nil if limited.limitResponse.type is not Limited'));
  if (type === 'Queue' && !queuing)
    problems.push(required(here, 'must not be empty if limited.limitResponse.type is Limited'));
  if (!queuing) return problems;
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  for (const [name, value] of Object.entries({ queueLengthLimit, queues, handSize }))
    if (value <= 0) problems.push(invalid(`${here}.${name}`, value, 'must be positive'));
  if (handSize > queues)
    problems.push(
      invalid(`${here}.handSize`, handSize, `should not be greater than queues (${queues})`),
    );
  return problems;
}
