import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SubjectAccessReview,
  SubjectAccessReviewSpec,
} from '../../../../generated/authorization/v1/types.ts';
import { badRequest, type KubeObject, type ObjectMeta, type User } from '../../../meta/index.ts';
import type { Access, Authorizer } from '../../authorization/index.ts';
import { invalid, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';

type Spec = SubjectAccessReviewSpec;
type Attributes = Pick<Spec, 'resourceAttributes' | 'nonResourceAttributes'>;

/** Whether somebody may do something. */
export const subjectAccessReviews: Strategy<SubjectAccessReview & KubeObject> = {
  validate: ({ metadata, spec }) => [...specProblems(spec), ...emptyMetadata(metadata)],
  answer: (review, { authorizer }) => decided(review, userOf(review.spec), authorizer),
};

/** Whether the asker may do something. */
export const selfSubjectAccessReviews: Strategy<SelfSubjectAccessReview & KubeObject> = {
  validate: ({ metadata, spec }) => [...attributeProblems(spec), ...emptyMetadata(metadata)],
  answer: (review, { authorizer, user }) => decided(review, user, authorizer),
};

/** Whether somebody may do something in one namespace. */
export const localSubjectAccessReviews: Strategy<LocalSubjectAccessReview & KubeObject> = {
  validate({ metadata, spec }) {
    const { namespace, ...rest } = metadata;
    const { resourceAttributes, nonResourceAttributes } = spec;
    const asked = resourceAttributes?.namespace ?? '';
    return [
      ...specProblems(spec),
      ...emptyMetadata(rest, 'must be empty except for namespace'),
      ...(resourceAttributes && asked !== namespace
        ? [invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')]
        : []),
      ...(nonResourceAttributes
        ? [
            invalid(
              'spec.nonResourceAttributes',
              nonResourceAttributes,
              'disallowed on this kind of request',
            ),
          ]
        : []),
    ];
  },
  answer: (review, { authorizer }) => decided(review, userOf(review.spec), authorizer),
};

function emptyMetadata(metadata: ObjectMeta, wrong = 'must be empty'): Problem[] {
  const { managedFields: _, ...rest } = metadata;
  return Object.keys(rest).length > 0 ? [invalid('metadata', metadata, wrong)] : [];
}

function specProblems(spec: Spec): Problem[] {
  const isNobody = !spec.user && !spec.groups?.length;
  return [
    ...attributeProblems(spec),
    ...(isNobody
      ? [invalid('spec.user', '', 'at least one of user or group must be specified')]
      : []),
  ];
}

const EXACTLY_ONE = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
const NOT_BOTH = 'cannot be specified in combination with resourceAttributes';

function attributeProblems({ resourceAttributes, nonResourceAttributes }: Attributes): Problem[] {
  if (resourceAttributes && nonResourceAttributes)
    return [invalid('spec.nonResourceAttributes', nonResourceAttributes, NOT_BOTH)];
  if (resourceAttributes || nonResourceAttributes) return [];
  return [invalid('spec.resourceAttributes', null, EXACTLY_ONE)];
}

const userOf = ({ user = '', groups = [], uid, extra }: Spec): User => ({
  name: user,
  groups,
  ...(uid ? { uid } : {}),
  ...(extra ? { extra } : {}),
});

function decided<T extends { readonly spec: Attributes }>(
  review: T,
  user: User,
  authorizer: Authorizer,
): T {
  const { allowed, reason } = authorizer.decide(user, accessOf(review.spec));
  return { ...review, status: { allowed, ...(reason ? { reason } : {}) } };
}

/** A selector is as good as any: RBAC does not look at it. */
function accessOf({ resourceAttributes, nonResourceAttributes }: Attributes): Access {
  if (nonResourceAttributes) {
    const { path = '', verb = '' } = nonResourceAttributes;
    return { path, verb };
  }
  if (!resourceAttributes) throw badRequest(EXACTLY_ONE);
  const { verb = '', group = '', resource = '' } = resourceAttributes;
  const { subresource, namespace, name } = resourceAttributes;
  return { verb, group, resource, subresource, namespace, name };
}
