import type { PolicyRule, Subject } from '../../../../generated/rbac/v1/types.ts';
import { EVENTS, READ, rule } from './role.ts';
import { account, user } from './subject.ts';

const SYSTEM = 'kube-system';
const LEASES = 'coordination.k8s.io';

/** A role in a namespace, and who gets it by a binding. */
export interface NamespaceRole {
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** Name of the binding, where it is not the role's. */
  readonly bindingName?: string;
  readonly subjects: readonly Subject[];
}

const leader = (component: string, ...more: readonly Subject[]): NamespaceRole => ({
  namespace: SYSTEM,
  name: `system::leader-locking-${component}`,
  rules: [
    rule('create get list update watch', LEASES, 'leases'),
    rule('create get list update watch', LEASES, 'leasecandidates'),
  ],
  subjects: [user(`system:${component}`), account(component), ...more],
});

const ofController = (
  controller: string,
  rules: readonly PolicyRule[],
  namespace = SYSTEM,
): NamespaceRole => ({
  namespace,
  name: `system:controller:${controller}`,
  rules,
  subjects: [account(controller)],
});

/** Roles that hold in one of the system's namespaces only. */
export const NAMESPACE_ROLES: readonly NamespaceRole[] = [
  {
    namespace: SYSTEM,
    name: 'extension-apiserver-authentication-reader',
    rules: [rule(READ, 'core', 'configmaps', 'extension-apiserver-authentication')],
    bindingName: 'system::extension-apiserver-authentication-reader',
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler')],
  },
  leader('kube-controller-manager', account('leader-election-controller')),
  leader('kube-scheduler'),
  ofController('bootstrap-signer', [rule(READ, 'core', 'secrets')]),
  ofController('cloud-provider', [rule('create get list watch', 'core', 'configmaps')]),
  ofController('token-cleaner', [rule(`delete ${READ}`, 'core', 'secrets'), EVENTS]),
  ofController(
    'bootstrap-signer',
    [
      rule(READ, 'core', 'configmaps'),
      rule('update', 'core', 'configmaps', 'cluster-info'),
      EVENTS,
    ],
    'kube-public',
  ),
];
