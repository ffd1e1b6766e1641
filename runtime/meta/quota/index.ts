/**
 * What quotas and limit ranges count by: names of resources, how much of each an object uses, and which objects a quota is about.
 *
 * Invariant: usage is a pure function of one object, so that what admission charges and what the quota controller counts is the
 * same. Amounts are exact; `count/<resource>` counts stored objects, `pods` and compute only those that have not ended.
 *
 * Used by the API server's admission and strategies, and by the quota controller. Left out: where quotas are kept, and who is
 * refused.
 */
export {
  isCountedWhole,
  isExtendedResource,
  isOvercommitable,
  isQuotaResource,
  isScopeFor,
  QUOTA_SCOPES,
} from './names.ts';
export { type Amounts, containerAmounts, podAmounts } from './pod-amounts.ts';
export { quotaCovers, scopesOf } from './scopes.ts';
export { freesQuota, isCharged, missingAmounts, quotaUsage, resourcesFor } from './usage.ts';
