/**
 * The kinds that are asked and not stored: who somebody is (authentication.k8s.io) and what he may do (authorization.k8s.io).
 * They are answered by the deciders that every request goes through.
 */
export {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  subjectAccessReviews,
} from './access-reviews.ts';
export { selfSubjectReviews, tokenReviews } from './identity-reviews.ts';
export { selfSubjectRulesReviews } from './rules-review.ts';
