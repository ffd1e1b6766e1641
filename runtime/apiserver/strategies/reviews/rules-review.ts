import type {
  NonResourceRule,
  ResourceRule,
  SelfSubjectRulesReview,
} from '../../../../generated/authorization/v1/types.ts';
import type { PolicyRule } from '../../../../generated/rbac/v1/types.ts';
import { badRequest, type KubeObject } from '../../../meta/index.ts';
import type { Strategy } from '../strategy.ts';

/** All that the asker may do in a namespace, as his bindings grant it. */
export const selfSubjectRulesReviews: Strategy<SelfSubjectRulesReview & KubeObject> = {
  answer(review, { user, authorizer }) {
    const { namespace } = review.spec;
    if (!namespace) throw badRequest('no namespace on request');
    const missing: string[] = [];
    const rules = [...authorizer.grants(user, namespace, missing)].flatMap((grant) => grant.rules);
    const status = {
      resourceRules: rules.filter(({ nonResourceURLs }) => !nonResourceURLs?.length).map(resource),
      nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs?.length).map(path),
      incomplete: missing.length > 0,
      ...(missing.length > 0 ? { evaluationError: missing.join(', ') } : {}),
    };
    return { ...review, status };
  },
};

const resource = ({ verbs, apiGroups, resources, resourceNames }: PolicyRule): ResourceRule => ({
  verbs,
  ...(apiGroups ? { apiGroups } : {}),
  ...(resources ? { resources } : {}),
  ...(resourceNames ? { resourceNames } : {}),
});

const path = ({ verbs, nonResourceURLs = [] }: PolicyRule): NonResourceRule => ({
  verbs,
  nonResourceURLs,
});
