/**
 * The bootstrap policy: the roles and bindings that Kubernetes creates in every cluster, as data.
 *
 * `user-roles` are what people and everybody get, `component-roles` what scheduler, nodes and the like need, `controller-roles` one
 * role a controller, `namespace-roles` those of the system's namespaces; `bindings` says who gets what from the start. Rules are
 * interface: tools and people look them up by name. Invariant: every object carries the label of the bootstrap policy; admin,
 * edit and view have no rules of their own, the aggregation controller fills them.
 */
import type { PolicyRule } from '../../../../generated/rbac/v1/types.ts';
import { CLUSTER_BINDINGS } from './bindings.ts';
import { COMPONENT_ROLES, NODE_RULES } from './component-roles.ts';
import { CONTROLLER_ROLES } from './controller-roles.ts';
import { NAMESPACE_ROLES } from './namespace-roles.ts';
import type { BootstrapRole } from './role.ts';
import { RBAC } from './subject.ts';
import { USER_ROLES } from './user-roles.ts';

/** One object to create, and where. */
interface PolicyObject {
  /** `clusterroles.rbac.authorization.k8s.io` */
  readonly id: string;
  readonly namespace?: string;
  readonly body: object;
}

const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const BOOTSTRAPPING = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

const metadata = (name: string, labels?: Readonly<Record<string, string>>) => ({
  name,
  labels: { ...BOOTSTRAPPING, ...labels },
  annotations,
});

const clusterRole = ({ name, rules, labels, aggregationRule }: BootstrapRole): PolicyObject => ({
  id: `clusterroles.${RBAC}`,
  body: {
    metadata: metadata(name, labels),
    ...(aggregationRule ? { aggregationRule } : {}),
    ...(rules.length > 0 ? { rules } : {}),
  },
});

const roleRef = (kind: string, name: string) => ({ apiGroup: RBAC, kind, name });

let made: readonly PolicyObject[] | undefined;

/** Every object of the policy, roles first. The same objects each time, so that clusters of one process share them. */
export function bootstrapPolicy(): readonly PolicyObject[] {
  made ??= [
    ...[...USER_ROLES, ...COMPONENT_ROLES, ...CONTROLLER_ROLES].map(clusterRole),
    ...Object.entries(CLUSTER_BINDINGS).map(([name, subjects]) => ({
      id: `clusterrolebindings.${RBAC}`,
      body: {
        metadata: metadata(name),
        roleRef: roleRef('ClusterRole', name),
        ...(subjects.length > 0 ? { subjects } : {}),
      },
    })),
    ...NAMESPACE_ROLES.map(({ namespace, name, rules }) => ({
      id: `roles.${RBAC}`,
      namespace,
      body: { metadata: metadata(name), rules },
    })),
    ...NAMESPACE_ROLES.map(({ namespace, name, bindingName = name, subjects }) => ({
      id: `rolebindings.${RBAC}`,
      namespace,
      body: { metadata: metadata(bindingName), roleRef: roleRef('Role', name), subjects },
    })),
  ];
  return made;
}

/** What the role of kubelets allows, which none is bound to. */
export function nodeRules(): readonly PolicyRule[] {
  return NODE_RULES;
}
