/**
 * resourcequota-controller: keeps the status of quotas, which says what they limit and what is used of it.
 *
 * Invariant: usage is counted anew from the objects of the namespace, by the same measure (runtime/meta) by which admission charges
 * it. Counting is due when a quota is new or its limits change, when something that counts is deleted or comes to use less, and every
 * five minutes; what is created admission has charged already. A count is a sum over what the namespace has of the resources that
 * the quota limits; what one object uses is remembered by its identity.
 *
 * For runtime/cluster. Left out: refusing anything, which is admission's (runtime/apiserver).
 */
export { createResourceQuotaController, type ResourceQuotaConfig } from './controller.ts';
