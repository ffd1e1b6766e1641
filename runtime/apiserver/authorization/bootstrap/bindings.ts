import type { Subject } from '../../../../generated/rbac/v1/types.ts';
import { CONTROLLERS, controllerRole } from './controller-roles.ts';
import { account, group, user } from './subject.ts';

const AUTHENTICATED = group('system:authenticated');
const ANYBODY = [AUTHENTICATED, group('system:unauthenticated')];

/** Who gets which cluster role from the start: the binding has the role's name. */
export const CLUSTER_BINDINGS: Readonly<Record<string, readonly Subject[]>> = {
  'cluster-admin': [group('system:masters')],
  'system:monitoring': [group('system:monitoring')],
  'system:discovery': [AUTHENTICATED],
  'system:basic-user': [AUTHENTICATED],
  'system:public-info-viewer': ANYBODY,
  'system:node-proxier': [user('system:kube-proxy')],
  'system:kube-controller-manager': [user('system:kube-controller-manager')],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [user('system:kube-scheduler')],
  'system:volume-scheduler': [user('system:kube-scheduler')],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
  // Nodes get their rights by the Node authorizer where there is one.
  'system:node': [],
  ...Object.fromEntries(CONTROLLERS.map((name) => [controllerRole(name), [account(name)]])),
};
