import { DaemonSet } from 'slipway/apps/v1';
import { Behaviour } from 'slipway/cluster/v1';
import { Namespace, refTo, ServiceAccount } from 'slipway/core/v1';
import { ClusterRole, ClusterRoleBinding } from 'slipway/rbac/v1';

/** What runs the machines, apart from what runs on them: it may look at its host. */
export const operations = new Namespace({
  metadata: {
    name: 'operations',
    labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
  },
});

const labels = { 'app.kubernetes.io/name': 'log-agent' };
const metadata = { name: 'log-agent', namespace: operations.name, labels };

export const agentAccount = new ServiceAccount({ metadata });

export const readsPods = new ClusterRole({
  metadata: { name: 'log-agent' },
  rules: [{ apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['get', 'list', 'watch'] }],
});

export const agentReadsPods = new ClusterRoleBinding({
  metadata: { name: 'log-agent' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', ...refTo(readsPods) },
  subjects: [{ kind: 'ServiceAccount', namespace: operations.name, ...refTo(agentAccount) }],
});

/** Collects the logs of every node, whatever the node is kept for. */
export const logAgent = new DaemonSet({
  metadata,
  spec: {
    selector: { matchLabels: labels },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%' } },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: refTo(agentAccount).name,
        priorityClassName: 'system-node-critical',
        tolerations: [{ operator: 'Exists' }],
        containers: [
          {
            name: 'agent',
            image: 'registry.example/shop/log-agent:1.9.0',
            resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
            volumeMounts: [{ name: 'logs', mountPath: '/var/log', readOnly: true }],
          },
        ],
        volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }],
      },
    },
  },
});

export const logAgentBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: labels },
    usage: { cpu: '20m', memory: '48Mi' },
    logs: [{ every: '1m', line: 'sent 300 lines' }],
  },
});
