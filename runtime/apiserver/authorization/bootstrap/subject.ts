import type { Subject } from '../../../../generated/rbac/v1/types.ts';

export const RBAC = 'rbac.authorization.k8s.io';

export const user = (name: string): Subject => ({ kind: 'User', apiGroup: RBAC, name });
export const group = (name: string): Subject => ({ kind: 'Group', apiGroup: RBAC, name });

/** A service account of the system. */
export const account = (name: string): Subject => ({
  kind: 'ServiceAccount',
  name,
  namespace: 'kube-system',
});
